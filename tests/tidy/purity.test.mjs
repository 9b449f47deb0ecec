import assert from "node:assert/strict";
import { test } from "node:test";

import { file } from "./files.mjs";
import { purity } from "./purity.mjs";

test("purity: a clock, randomness, I/O or an exception in the core → a message", () => {
  for (const line of [
    "#include <random>",
    "#include <cstdio>",
    "auto now = std::chrono::system_clock::now();",
    "auto now = std::time(nullptr);",
    "if (bad) throw Problem{};",
  ]) {
    assert.equal(purity([file("handlers/runner/claim.cpp", line)]).length, 1, line);
  }
});

test("purity: comments, texts, longer names, and tests → nothing to say", () => {
  for (const line of ["int retry = 3;  // try again", 'const auto text = "try again";', "int entry();"]) {
    assert.deepEqual(purity([file("core/text/a.cpp", line)]), [], line);
  }
  assert.deepEqual(purity([file("tests/unit/a_test.cpp", "#include <random>")]), []);
});
