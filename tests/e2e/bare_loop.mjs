// A worker that asks a provider for as many items as it is told, with so many lanes, and nothing else: what this
// machine makes of that provider.
import { workerData } from "node:worker_threads";

const { url, bodies, lanes } = workerData;

async function lane() {
  for (let body; (body = bodies.pop()); ) {
    const response = await fetch(`${url}/chat/completions`, { method: "POST", body });
    await response.text();
  }
}

await Promise.all(Array.from({ length: lanes }, lane));
