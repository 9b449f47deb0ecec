// npm run fuzz [-- TARGET...] [--seconds N]: libFuzzer on each target of tests/fuzz, or on those named. What
// is found stays in build/fuzz-corpus/<target>; an input that fails, in build/fuzz-findings.
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";

import { build } from "./build.mjs";
import { Stop, attempt, script } from "./command.mjs";
import { at } from "./paths.mjs";
import { ensure } from "./setup.mjs";

/** The names, and the longest input that makes sense. */
export const targets = { grammar: 4096, pieces: 1500, blocks: 2048, multipart: 2048, dialects: 4096, patterns: 512, schemas: 2048 };

/** Fuzzes one target for so long; passed is 1 if nothing was found. */
export async function fuzz(target, seconds) {
  await build("fuzz", `fuzz_${target}`, { tests: true });
  const corpus = at("build/fuzz-corpus", target);
  const findings = at("build/fuzz-findings");
  for (const folder of [corpus, findings]) mkdirSync(folder, { recursive: true });
  const limits = [`-max_total_time=${seconds}`, `-max_len=${targets[target]}`];
  const args = [...limits, `-artifact_prefix=${findings}/${target}-`, corpus, at("tests/fuzz/seeds", target)];
  const { code, output } = await attempt(at(`build/fuzz/fuzz_${target}`), args);
  const runs = output.match(/^Done (\d+) runs/m)?.[1] ?? "no";
  const line = `${target}: ${runs} runs in ${seconds} s${code === 0 ? "" : `; failed, see ${findings}`}`;
  if (code !== 0) console.log(output.split("\n").slice(-40).join("\n"));
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, line };
}

if (process.argv[1] === at(".toolchain/fuzz.mjs")) {
  script(async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { seconds: { type: "string", default: "60" } },
    });
    const unknown = positionals.find((name) => !(name in targets));
    if (unknown) throw new Stop(`no target "${unknown}"; there are: ${Object.keys(targets).join(", ")}`);
    const seconds = Number(values.seconds);
    if (!Number.isInteger(seconds) || seconds < 1) throw new Stop("--seconds: a number from 1 on");
    await ensure({ tests: true });
    const results = [];
    for (const name of positionals.length ? positionals : Object.keys(targets)) {
      results.push(await fuzz(name, seconds));
      console.log(results.at(-1).line);
    }
    if (results.some(({ failed }) => failed)) throw new Stop("something was found");
  });
}
