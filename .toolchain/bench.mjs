// npm run bench [-- PART...] [--items 1000,10000]: every budget as a ratio within one run. It fails if
// something doesn't work, never because of a number.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";

import { buildToServe } from "./build.mjs";
import { Stop, script, seconds } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

const parts = ["validation", "engine", "operations", "upload", "download", "lookup", "schema", "patterns", "wasm"];

function optionsOf(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { items: { type: "string", default: "1000,10000,50000" } },
    });
    const items_counts = values.items.split(",").map(Number);
    const unknown = positionals.find((name) => !parts.includes(name));
    if (unknown) throw new Error(`no part "${unknown}"`);
    const sensible = (count) => Number.isInteger(count) && count >= 1 && count <= 50_000;
    if (!items_counts.every(sensible)) throw new Error("--items: numbers from 1 to 50000");
    return { items_counts, wanted: parts.filter((name) => !positionals.length || positionals.includes(name)) };
  } catch ({ message }) {
    throw new Stop(`${message}\nusage: npm run bench [-- ${parts.join("|")} …] [--items 1000,10000]`);
  }
}

/** What the figures depend on besides the code. */
const machine = () => ({ cpu: cpus()[0]?.model ?? "", cores: cpus().length, load: loadavg()[0] });

script(async () => {
  const { items_counts, wanted } = optionsOf(process.argv.slice(2));
  await ensure();
  await buildToServe();
  const { bundleBench } = await import(at("tests/bench/bundle.mjs")); // Its packages are there now.
  await bundleBench();

  const before = machine();
  const lines = [];
  for (const name of wanted) {
    const start = performance.now();
    const part = await import(at("tests/bench", `${name}.mjs`));
    for (const line of await part[name]({ items_counts })) lines.push({ part: name, ...line });
    console.log(`${name}: measured (${seconds(start)})`);
  }

  const { table } = await import(at("tests/bench/table.mjs"));
  const after = machine();
  console.log(`\n${table(lines)}\n`);
  const load = `load ${before.load.toFixed(1)} before, ${after.load.toFixed(1)} after`;
  console.log(`${before.cores} × ${before.cpu}; ${load}; also in build/bench.json`);
  const result = { at: new Date().toISOString(), node: process.version, before, after, lines };
  writeFileSync(at("build/bench.json"), `${JSON.stringify(result, null, 2)}\n`);
});
