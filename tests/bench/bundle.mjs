// Bundles what the bench runs: the bare worker, and edgebatch with counters around it. What is measured
// otherwise is build/worker and build/local, as they are served.
import { copyFileSync, mkdirSync } from "node:fs";

import { at } from "../../.toolchain/paths.mjs";

const shared = { bundle: true, format: "esm", target: "es2022", logLevel: "warning" };
const inWorker = {
  ...shared,
  conditions: ["workerd", "worker"],
  external: ["cloudflare:*", "node:*", "./edgebatch.wasm"],
};

const bench = (...path) => at("build/bench", ...path);

/** Who imports the host's ports gets the counted ones, except those themselves. */
const countedPorts = {
  name: "counted ports",
  setup({ onResolve }) {
    const counted = at("tests/bench/counted_ports.ts");
    onResolve({ filter: /\/ports\.ts$/ }, ({ importer }) =>
      importer === counted ? undefined : { path: counted },
    );
  },
};

/** Writes build/bench/: bare/worker.js, and counted/ with the folders `worker` and `local` of build. */
export async function bundleBench() {
  const { build } = await import("esbuild");
  mkdirSync(bench("counted/worker"), { recursive: true });
  copyFileSync(at("build/worker/edgebatch.wasm"), bench("counted/worker/edgebatch.wasm"));
  await Promise.all([
    build({
      ...inWorker,
      entryPoints: [at("tests/bench/bare_worker.ts")],
      outfile: bench("bare/worker.js"),
    }),
    build({
      ...inWorker,
      entryPoints: [at("tests/bench/counted_worker.ts")],
      outfile: bench("counted/worker/worker.js"),
      plugins: [countedPorts],
    }),
    build({
      ...shared,
      entryPoints: [at("bindings/workerd/local/start.ts")],
      outfile: bench("counted/local/start.mjs"), // It serves the worker beside it.
      platform: "node",
      packages: "external",
    }),
  ]);
}
