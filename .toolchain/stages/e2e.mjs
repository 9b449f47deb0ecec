// Real workerd, the real SDK, a real provider's server, a real browser: tests/e2e/*.test.mjs.
import { build, buildToServe } from "../build.mjs";
import { nodeTests } from "../node_tests.mjs";

export async function e2e() {
  await buildToServe();
  await build("browser", "edgebatch_validator");
  for (const preset of ["asan", "wasi"]) await build(preset, "edgebatch_cli");
  return nodeTests("tests/e2e");
}
