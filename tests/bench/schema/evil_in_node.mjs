// Evil patterns in Node's engine: prints { NAME: { pattern, sizes, ns: [of each size], benign_ns, backtracking? } },
// times the least of all turns; `benign_ns` is of the greatest size.
import { readFileSync } from "node:fs";

import { benign, evil } from "./evil_patterns.mjs";
import { core } from "./methods.mjs";

const [path, turns] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(path));

const size = 64 << 10;
const sizes = [size, 2 * size, 4 * size];
const measured_ms = 4; // At least.

/** ns for one, as a mean of some. */
function time(work) {
  const start = performance.now();
  let count = 0;
  do {
    work();
    ++count;
  } while (performance.now() - start < measured_ms);
  return ((performance.now() - start) * 1e6) / count;
}

/** For each size, what validates a string of it. */
function worksOf({ pattern, text }) {
  const validator = core(module);
  const flaws = validator.compile(JSON.stringify({ type: "string", pattern }));
  if (flaws.length) throw new Error(`${pattern}: ${flaws}`);
  return sizes.map((bytes) => {
    const answer = new TextEncoder().encode(JSON.stringify(text(bytes)));
    return () => validator.fits(answer);
  });
}

function backtracking_ms({ pattern, text, explodes }) {
  const regexp = new RegExp(pattern, "u");
  const start = performance.now();
  regexp.test(text(explodes));
  return performance.now() - start;
}

const benignWork = worksOf(benign).at(-1);
const result = {};
for (const [name, one] of Object.entries(evil)) {
  const works = [...worksOf(one), benignWork];
  for (const work of works) work(); // To be compiled, and its states learnt.
  const least = works.map(() => Infinity);
  for (let turn = 0; turn < Number(turns); ++turn)
    works.forEach((work, index) => (least[index] = Math.min(least[index], time(work))));
  const benign_ns = least.pop();
  result[name] = { pattern: one.pattern, sizes, ns: least, benign_ns };
  if (one.explodes) result[name].backtracking = { characters: one.explodes, ms: backtracking_ms(one) };
}
console.log(JSON.stringify(result));
