// The core as it is shipped: its size, and how long a first instance takes, in Node's engine.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

import { run } from "../../.toolchain/command.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { line, median } from "./measure.mjs";

const starts = 9;

export async function wasm() {
  const path = at("build/worker/edgebatch.wasm");
  const bytes = readFileSync(path);
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  const compressed = brotliCompressSync(bytes, best).length;

  const times = [];
  for (let start = 0; start < starts; ++start) {
    const said = await run(process.execPath, [at("tests/bench/cold_start.mjs"), path], { log: "bench.log" });
    times.push(JSON.parse(said));
  }
  const [compile, instantiate] = [0, 1].map((index) => median(times.map((time) => time[index])));
  return [
    line("wasm: size by brotli", compressed / 1_000, "kB", {
      budget: { max: 120 },
      detail: `${Math.round(bytes.length / 1_000)} kB uncompressed`,
    }),
    line("wasm: compile and instantiate", compile + instantiate, "ms", {
      budget: { max: 5 },
      detail: `${compile.toFixed(1)} + ${instantiate.toFixed(1)} ms, medians of ${starts} processes of Node`,
    }),
  ];
}
