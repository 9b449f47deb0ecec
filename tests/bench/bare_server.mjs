// Serves the bare worker as bindings/workerd/local/serve.ts serves edgebatch: the same runtime with the same
// settings. Data: the folder EDGEBATCH_DATA.
import { join } from "node:path";

import { Miniflare } from "miniflare";

import { at } from "../../.toolchain/paths.mjs";

const folder = process.env.EDGEBATCH_DATA;
const worker = at("build/bench/bare");

const miniflare = new Miniflare({
  compatibilityDate: "2026-04-01",
  durableObjects: { HOP: { className: "Hop", useSQLite: true } },
  r2Buckets: { BUCKET: "bare" },
  host: "127.0.0.1",
  port: 0,
  modulesRoot: worker,
  modules: [{ type: "ESModule", path: join(worker, "worker.js") }],
  durableObjectsPersist: join(folder, "do"),
  r2Persist: join(folder, "r2"),
  cf: false,
  stripCfConnectingIp: false,
});
const url = await miniflare.ready;
process.on("SIGINT", () => void miniflare.dispose().then(() => process.exit(0)));
console.log(`the bare worker is ready on ${url.origin}`);
