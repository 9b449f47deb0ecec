// The C++ tests: natively under the sanitizers, and the same ones as WebAssembly in wasmtime.
import { build } from "../build.mjs";
import { Stop, attempt } from "../command.mjs";
import { at } from "../paths.mjs";
import { wasmtime } from "../wasmtime.mjs";
import { writeJsonSchemaSuite } from "./json_schema_suite.mjs";
import { writeJsonTestSuite } from "./json_test_suite.mjs";

/** Reads Catch2's closing line; null if there is none. A test that was skipped did not pass. */
export function closing(output) {
  const all = output.match(/^All tests passed \((\d+) assertions? in (\d+) test cases?\)$/m);
  if (all) return { passed: Number(all[2]), failed: 0, line: all[0] };
  const some = output.match(/^test cases: +(\d+) \|.*$/m);
  if (!some) return null;
  const passed = Number(some[0].match(/(\d+) passed/)?.[1] ?? 0);
  return { passed, failed: Number(some[1]) - passed, line: some[0].replaceAll(/ +/g, " ") };
}

async function catch2(command, args) {
  await writeJsonTestSuite();
  writeJsonSchemaSuite();
  const options = ["--colour-mode", "none", ...args];
  const [program, ...rest] = [...command, ...options];
  const { code, output } = await attempt(program, rest, { show: true });
  const result = closing(output);
  if (!result) throw new Stop(`the tests ended with exit code ${code} and without a closing line`);
  if (code !== 0 && result.failed === 0) throw new Stop(`exit code ${code} after: ${result.line}`);
  return result;
}

/** `args`: more of Catch2's options. */
export async function unit(args = []) {
  await build("asan", "edgebatch_tests", { tests: true });
  return catch2([at("build/asan/edgebatch_tests")], args);
}

export async function wasm(args = []) {
  await build("wasi", "all", { tests: true });
  return catch2([...wasmtime(), at("build/wasi/edgebatch_tests.wasm")], args);
}

/** Both builds must run the same number of test cases. */
export function same(native, wasi) {
  const count = (result) => (result ? result.passed + result.failed : "no");
  const line = `${count(native)} test cases natively, ${count(wasi)} in wasmtime`;
  const equal = native && wasi && count(native) === count(wasi);
  return { passed: equal ? 1 : 0, failed: equal ? 0 : 1, line };
}
