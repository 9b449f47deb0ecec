// The servers that are measured, each a process of its own, and batches through them.
import { ended, item, textOf } from "../e2e/batches.mjs";
import { Program, key, newFolder, serve, sleep, until, upstreams } from "../e2e/harness.mjs";

export const lanes = 32; // Requests at a time: of a batch, and of the bare loop.
const batch_ms_max = 600_000;

/** edgebatch as it is served; `counted`: with counters around it, which takes a little longer. */
export const startEdgebatch = (providerUrl, { counted = false } = {}) =>
  serve({
    env: upstreams({ url: providerUrl, concurrency: lanes }),
    ...(counted && { folder: "build/bench/counted/local" }),
  });

/** The bare worker: { url, workerd, stop }. */
export async function startBare() {
  const env = { EDGEBATCH_DATA: newFolder() };
  const program = new Program("bare_server", [], { env, folder: "tests/bench" });
  const ready = /ready on (\S+)/;
  await until("the bare worker", () => ready.test(program.stdout) || !program.running, 60_000);
  const [, url] = ready.exec(program.stdout) ?? [];
  if (!url) throw new Error(`the bare worker didn't start:\n${program.stdout}${program.stderr}`);
  const stop = () => {
    program.signal("SIGINT");
    return program.ended;
  };
  return { url, workerd: program.workerd, stop };
}

/** Runs `work` with servers that end afterwards, however it goes. */
export async function using(servers, work) {
  const running = [];
  try {
    for (const server of servers) running.push(await server());
    return await work(...running);
  } finally {
    for (const server of running.reverse()) await server.stop();
  }
}

// ---- Work for them

const prompt = "In one sentence: what did the customer with this ticket want? ".repeat(4);
const lineOf = (index) => item(`ticket-${index}`, prompt);

/** The body of one item's request. */
export const oneBody = JSON.stringify(JSON.parse(lineOf(0)).body);

/** Uploads `count` items; gives the id of the file. */
export async function uploadItems(server, count) {
  const form = new FormData();
  form.set("purpose", "batch");
  const text = textOf(Array.from({ length: count }, (_, index) => lineOf(index)));
  form.set("file", new File([text], "in.jsonl"));
  return (await answerOf(await server.fetch("/files", { method: "POST", body: form }))).id;
}

async function answerOf(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
  return body;
}

const look_ms_min = 25;
const look_ms_max = 1_000;

/** From create to the end. Every item has to succeed. Looking costs the server, too: the nearer the end, the more. */
export async function runBatch(server, fileId) {
  const create = { input_file_id: fileId, endpoint: "/v1/chat/completions", completion_window: "24h" };
  const { id } = await answerOf(
    await server.fetch("/batches", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(create),
    }),
  );
  const start = performance.now();
  for (let look_ms = look_ms_min; ; ) {
    await sleep(look_ms);
    const batch = await answerOf(await server.fetch(`/batches/${id}`));
    const { completed, total } = batch.request_counts;
    if (batch.status === "completed" && completed === total) return batch;
    const took = performance.now() - start;
    if (took > batch_ms_max || ended.includes(batch.status))
      throw new Error(`a batch: ${JSON.stringify(batch)}`);
    const left_ms = completed > 0 ? (took * (total - completed)) / completed : took;
    look_ms = Math.min(look_ms_max, Math.max(look_ms_min, left_ms / 2));
  }
}

/** The same requests from the bare loop: in the worker, or ("object-loop") in a Durable Object. */
export async function runLoop(bare, providerUrl, count, path = "loop") {
  const url = `${providerUrl}/chat/completions`;
  const query = new URLSearchParams({ url, count, lanes });
  const response = await fetch(`${bare.url}/${path}?${query}`, { method: "POST", body: oneBody });
  if (!response.ok) throw new Error(`the bare loop: ${response.status} ${await response.text()}`);
  await response.text();
}

export const authorization = `Bearer ${key}`;
