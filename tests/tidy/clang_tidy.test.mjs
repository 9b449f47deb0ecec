import assert from "node:assert/strict";
import { test } from "node:test";

import { attempt } from "../../.toolchain/command.mjs";
import { unitsFor } from "./clang_tidy.mjs";

const all = ["core/a.cpp", "core/b.cpp", "tests/a_test.cpp"].map((path) => ({ path }));
const texts = { "core/a.cpp": '#include "core/a.hpp"', "core/b.cpp": '#include "core/only.hpp"' };
const chosen = (...paths) =>
  unitsFor(paths, all, (path) => texts[path] ?? "").map(({ path }) => path);

test("clang-tidy: a changed source is checked itself, a header by its source or an includer", () => {
  assert.deepEqual(chosen("core/b.cpp"), ["core/b.cpp"]);
  assert.deepEqual(chosen("core/a.hpp"), ["core/a.cpp"]);
  assert.deepEqual(chosen("core/only.hpp", "core/b.cpp"), ["core/b.cpp"]);
  assert.deepEqual(chosen("core/gone.cpp"), []);
});

test("clang-tidy: its settings refuse a wrong name and a coroutine's reference", async () => {
  const { output } = await attempt("clang-tidy-19", ["--verify-config"]);
  assert.match(output, /No config errors detected/);
  const { output: list } = await attempt("clang-tidy-19", ["--list-checks"]);
  for (const check of ["readability-identifier-naming", "misc-include-cleaner",
    "cppcoreguidelines-avoid-reference-coroutine-parameters"]) {
    assert.ok(list.includes(check), check);
  }
});
