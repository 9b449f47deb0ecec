// Schemas in Node's engine: prints { schema: { count, bytes, turns: [[core, ajv, parse] in validations/s, …] } }.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { methodsOf } from "./methods.mjs";
import { answers, names, schemas } from "./schemas.mjs";

const [path, validators, turns] = process.argv.slice(2);
const { default: compiled } = await import(pathToFileURL(validators).href);
const methods = methodsOf(new WebAssembly.Module(readFileSync(path)), compiled, schemas, answers);

const passes_ms = 100; // A turn, at least.

function rate(work, count) {
  const start = performance.now();
  let passes = 0;
  do {
    if (work() !== count) throw new Error("an answer doesn't fit");
    ++passes;
  } while (performance.now() - start < passes_ms);
  return (passes * count * 1e3) / (performance.now() - start);
}

const result = {};
for (const name of names) {
  const { count, bytes, core, ajv, parse } = methods(name);
  const works = [core, ajv, parse];
  for (let warm = 0; warm < 5; ++warm) for (const work of works) rate(work, count);
  result[name] = { count, bytes, turns: Array.from({ length: Number(turns) }, () => works.map((work) => rate(work, count))) };
}
console.log(JSON.stringify(result));
