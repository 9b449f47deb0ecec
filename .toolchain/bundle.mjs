// Bundles the TypeScript of the workerd host: the Worker with the core beside it, and the local
// programs that run in Node.
import { copyFileSync, mkdirSync } from "node:fs";

import { at } from "./paths.mjs";

const shared = {
  bundle: true,
  format: "esm",
  target: "es2022",
  sourcemap: true,
  logLevel: "warning",
};

/** Writes build/worker/ (worker.js, edgebatch.wasm) and build/local/*.mjs. */
export async function bundle() {
  const { build } = await import("esbuild"); // Not before the set-up has installed it.
  const host = (...path) => at("bindings/workerd", ...path);
  const programs = ["start", "batch"].map((name) => host("local", `${name}.ts`));

  mkdirSync(at("build/worker"), { recursive: true });
  copyFileSync(at("build/wasi/edgebatch.wasm"), at("build/worker/edgebatch.wasm"));
  await Promise.all([
    build({
      ...shared,
      entryPoints: [host("worker.ts")],
      outfile: at("build/worker/worker.js"),
      conditions: ["workerd", "worker"],
      external: ["cloudflare:*", "node:*", "./edgebatch.wasm"],
    }),
    build({
      ...shared,
      entryPoints: programs,
      outdir: at("build/local"),
      outExtension: { ".js": ".mjs" },
      platform: "node",
      packages: "external",
    }),
  ]);
}
