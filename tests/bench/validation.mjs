// Validation of a batch's input in wasm, in Node and in workerd, in turn with a JSON.parse loop over the
// same bytes, and with copying them.
import { build } from "../../.toolchain/build.mjs";
import { run } from "../../.toolchain/command.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { inWorkerd } from "./in_workerd.mjs";
import { compare, inTurn, line } from "./measure.mjs";
import { corpora, corpus } from "./scan/corpora.mjs";

const bytes = 16_000_000; // Of each corpus, but for those whose items are smaller.
const turns = 9;
const passes = 3; // In a request to workerd.

async function inNode(wasm) {
  const args = [at("tests/bench/scan/in_node.mjs"), wasm, String(bytes), String(turns)];
  return JSON.parse(await run(process.execPath, args, { log: "bench.log" }));
}

async function askAll(origin) {
  const result = {};
  for (const name of corpora) {
    const input = corpus(name, bytes);
    await (await fetch(origin, { method: "PUT", body: input })).text();
    const rate = (method) => async () => {
      const start = performance.now();
      const response = await fetch(`${origin}/${method}?times=${passes}`, { method: "POST" });
      const items = Number(await response.text());
      if (!response.ok || !items) throw new Error(`${method}: nothing found in ${name}`);
      return (passes * input.length) / 1e3 / (performance.now() - start);
    };
    const methods = ["scan", "parse", "copy"].map(rate);
    await inTurn(1, ...methods); // To be compiled well.
    result[name] = await inTurn(turns, ...methods);
  }
  return result;
}

export async function validation() {
  await build("wasi", "edgebatch_scan");
  const wasm = at("build/wasi/edgebatch_scan.wasm");
  const worker = {
    folder: at("tests/bench/scan"),
    modules: ["methods.mjs"],
    wasm: ["edgebatch_scan.wasm", wasm],
  };
  const lines = [];
  for (const [engine, results] of [
    ["Node", await inNode(wasm)],
    ["workerd", await inWorkerd(worker, askAll)],
  ]) {
    for (const name of corpora) {
      const loop = compare(results[name], (rate) => rate);
      const copy = compare(results[name], (rate) => rate, 2);
      const rates = `${loop.first.toFixed(0)} ÷ ${loop.second.toFixed(0)} MB/s`;
      lines.push(
        line(`validation in ${engine}, ${name}: rate ÷ JSON.parse loop`, loop.ratio, "×", {
          budget: { min: 4 },
          detail: `${rates}; ${copy.ratio.toFixed(2)} of a copy's ${copy.second.toFixed(0)} MB/s`,
        }),
      );
    }
  }
  return lines;
}
