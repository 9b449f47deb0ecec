// Validation in Node's engine: prints { corpus: [[scan, parse, copy] in MB/s, a turn each] } as JSON.
import { readFileSync } from "node:fs";

import { corpora, corpus } from "./corpora.mjs";
import { methodsOf } from "./methods.mjs";

const [path, bytes, turns] = process.argv.slice(2);
const { scan, parse, copy } = methodsOf(new WebAssembly.Module(readFileSync(path)));

function rate(method, input) {
  const start = performance.now();
  if (method(input) === 0) throw new Error("nothing found");
  return input.length / 1e3 / (performance.now() - start);
}

const result = {};
for (const name of corpora) {
  const input = corpus(name, Number(bytes));
  for (let warm = 0; warm < 3; ++warm) for (const method of [scan, parse, copy]) method(input);
  result[name] = Array.from({ length: Number(turns) }, () => [scan, parse, copy].map((method) => rate(method, input)));
}
console.log(JSON.stringify(result));
