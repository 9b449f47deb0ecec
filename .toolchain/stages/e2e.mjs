// Real workerd, the real SDK, a real provider's server: tests/e2e/*.test.mjs.
import { buildToServe } from "../build.mjs";
import { nodeTests } from "../node_tests.mjs";

export async function e2e() {
  await buildToServe();
  return nodeTests("tests/e2e");
}
