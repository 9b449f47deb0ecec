// Node's own test runner over one folder's *.test.mjs.
import { existsSync, readdirSync } from "node:fs";

import { Stop, attempt } from "./command.mjs";
import { at } from "./paths.mjs";

const test_ms_max = 600_000;
const files_side_by_side = 2; // Most of them wait for time to pass, for most of theirs.

/** Reads the runner's closing lines; a test that was cancelled or skipped did not pass. */
export function closing(output) {
  const count = (what) => Number(new RegExp(`^\\S+ ${what} (\\d+)$`, "m").exec(output)?.[1] ?? 0);
  const passed = count("pass");
  const failed = count("fail") + count("cancelled") + count("skipped") + count("todo");
  return { passed, failed, line: `${passed} tests passed, ${failed} failed` };
}

export async function nodeTests(folder) {
  const names = existsSync(at(folder)) ? readdirSync(at(folder)) : [];
  const files = names.filter((name) => name.endsWith(".test.mjs")).sort();
  if (files.length === 0) throw new Stop(`no *.test.mjs in ${folder}`);
  const limits = [`--test-concurrency=${files_side_by_side}`, `--test-timeout=${test_ms_max}`];
  const options = ["--test", "--test-reporter=spec", ...limits];
  const paths = files.map((name) => `${folder}/${name}`);
  const { code, output } = await attempt(process.execPath, [...options, ...paths], { show: true });
  const result = closing(output);
  if (result.passed + result.failed === 0) throw new Stop(`no test ran in ${folder}`);
  if (code !== 0 && result.failed === 0) throw new Stop(`exit code ${code} after: ${result.line}`);
  return result;
}
