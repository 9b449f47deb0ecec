// Answers held against schemas in wasm, in Node and in workerd, in turn with JSON.parse and ajv's compiled
// validators on the same answers.
import { mkdirSync } from "node:fs";

import { build } from "../../.toolchain/build.mjs";
import { run } from "../../.toolchain/command.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { inWorkerd } from "./in_workerd.mjs";
import { compare, count, inTurn, line } from "./measure.mjs";
import { names } from "./schema/schemas.mjs";
import { writeValidators } from "./schema/validators.mjs";

const turns = 9;
const turn_ms = 150; // Of one method, in workerd.

async function inNode(wasm, validators) {
  const args = [at("tests/bench/schema/in_node.mjs"), wasm, validators, String(turns)];
  return JSON.parse(await run(process.execPath, args, { log: "bench.log" }));
}

async function askAll(origin) {
  const result = {};
  for (const name of names) {
    const ask = async (method, times) => {
      const query = new URLSearchParams({ schema: name, method, times: String(times) });
      const start = performance.now();
      const response = await fetch(`${origin}/?${query}`, { method: "POST" });
      const answer = await response.json();
      if (!response.ok || answer.fitting !== times * answer.count) throw new Error(`${method}: ${name} doesn't fit`);
      return { ...answer, ms: performance.now() - start };
    };
    const methods = ["core", "ajv", "parse"];
    const times = {};
    for (const method of methods) {
      await ask(method, 20); // To be compiled well.
      const { ms } = await ask(method, 20);
      times[method] = Math.max(20, Math.ceil((20 * turn_ms) / ms));
      await ask(method, times[method]);
    }
    const rate = (method) => async () => {
      const { fitting, ms } = await ask(method, times[method]);
      return (fitting * 1e3) / ms;
    };
    const { count: answers, bytes } = await ask("core", 1);
    result[name] = { count: answers, bytes, turns: await inTurn(turns, ...methods.map(rate)) };
  }
  return result;
}

export async function schema() {
  await build("wasi", "edgebatch_schema");
  const wasm = at("build/wasi/edgebatch_schema.wasm");
  const validators = at("build/bench/validators.mjs");
  mkdirSync(at("build/bench"), { recursive: true });
  await writeValidators(validators);
  const worker = {
    folder: at("tests/bench/schema"),
    modules: ["methods.mjs", "schemas.mjs", ["validators.mjs", validators]],
    wasm: ["edgebatch_schema.wasm", wasm],
  };
  const lines = [];
  for (const [engine, results] of [
    ["Node", await inNode(wasm, validators)],
    ["workerd", await inWorkerd(worker, askAll)],
  ]) {
    for (const name of names) {
      const { count: answers, bytes, turns: rates } = results[name];
      const ajv = compare(rates, (rate) => rate);
      const parse = compare(rates, (rate) => rate, 2);
      const size = `${count(bytes / answers)} bytes each`;
      lines.push(
        line(`schema in ${engine}, ${name}: rate ÷ JSON.parse and ajv`, ajv.ratio, "×", {
          budget: { min: 1 },
          detail: `${count(ajv.first)} ÷ ${count(ajv.second)} answers/s, ${size}; ${parse.ratio.toFixed(2)} × JSON.parse alone`,
        }),
      );
    }
  }
  return lines;
}
