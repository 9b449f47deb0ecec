// Evil patterns held against ever longer strings, in wasm in Node: the time grows as the string does, whatever the
// pattern; beside it what a backtracking engine makes of a very short one.
import { build } from "../../.toolchain/build.mjs";
import { run } from "../../.toolchain/command.mjs";
import { at } from "../../.toolchain/paths.mjs";
import { count, line } from "./measure.mjs";

const turns = 9;
const shown_count_max = 40; // Characters of a pattern.

const shown = (pattern) => (pattern.length <= shown_count_max ? pattern : `${pattern.slice(0, shown_count_max)}…`);

export async function patterns() {
  await build("wasi", "edgebatch_schema");
  const args = [at("tests/bench/schema/evil_in_node.mjs"), at("build/wasi/edgebatch_schema.wasm"), String(turns)];
  const results = JSON.parse(await run(process.execPath, args, { log: "bench.log" }));

  const lines = [];
  let slowest = { ratio: 0 };
  for (const [name, { pattern, sizes, ns, benign_ns, backtracking }] of Object.entries(results)) {
    const perByte = ns.map((time, index) => time / sizes[index]);
    const [first, , last] = perByte;
    const ratio = ns.at(-1) / benign_ns;
    if (ratio > slowest.ratio) slowest = { ratio, name, ns: last, benign_ns: benign_ns / sizes.at(-1) };
    const despair = backtracking && `; RegExp: ${count(backtracking.ms)} ms for ${backtracking.characters} characters`;
    lines.push(
      line(`patterns, ${name}: time of 256 kB ÷ 4 × that of 64 kB`, last / first, "×", {
        budget: { max: 1.3 },
        detail: `${perByte.map((time) => time.toFixed(1)).join(", ")} ns a byte${despair ?? ""}; ${shown(pattern)}`,
      }),
    );
  }
  lines.push(
    line("patterns: the slowest one's time ÷ a benign one's", slowest.ratio, "×", {
      detail: `${slowest.name}: ${slowest.ns.toFixed(1)} ÷ ${slowest.benign_ns.toFixed(1)} ns a byte`,
    }),
  );
  return lines;
}
