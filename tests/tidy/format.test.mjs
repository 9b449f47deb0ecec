import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { at } from "../../.toolchain/paths.mjs";
import { format } from "./format.mjs";

test("format: a badly formatted file → a message with its line; a good one → none", async () => {
  const folder = mkdtempSync(join(at("build"), "format-"));
  const [good, bad] = ["good.cpp", "bad.cpp"].map((name) => join(folder, name));
  writeFileSync(good, "int a;\n");
  writeFileSync(bad, "int a;\nint  *b ;\n");
  try {
    assert.deepEqual(await format([good]), []);
    const messages = await format([good, bad]);
    assert.equal(messages.length, 1);
    assert.match(messages[0], /bad\.cpp:2: run clang-format-19 -i/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
