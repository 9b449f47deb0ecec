import assert from "node:assert/strict";
import { test } from "node:test";

import { file } from "./files.mjs";
import { sizes } from "./sizes.mjs";

test("sizes: 500 lines pass, 501 don't", () => {
  const long = (count) => sizes([file("core/text/a.cpp", "int a;\n".repeat(count))]);
  assert.deepEqual(long(500), []);
  assert.deepEqual(long(501), ["core/text/a.cpp: 501 lines; more than 500"]);
});
