// What a test run came to: a line per stage, and a last line that programs can read.
import { Stop, seconds } from "./command.mjs";

const results = [];

/**
 * Runs one stage. `check` gives { passed, failed, line }; something that stops it is one failure.
 * Gives what `check` gave, or null.
 */
export async function stage(name, check) {
  const start = performance.now();
  console.log(`\n== ${name}`);
  let result = null;
  try {
    result = await check();
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
  }
  const { passed, failed, line } = result ?? { passed: 0, failed: 1, line: "did not run to its end" };
  results.push({ name, passed, failed, line, time: seconds(start) });
  console.log(`${name}: ${line} (${seconds(start)})`);
  return result;
}

/** Prints the summary, and sets the exit code. */
export function conclude() {
  console.log("\n== summary");
  for (const { name, failed, line, time } of results) {
    console.log(`${failed ? "FAILED" : "ok    "} ${name.padEnd(8)} ${line} (${time})`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 || results.length === 0 ? 1 : 0;
}
