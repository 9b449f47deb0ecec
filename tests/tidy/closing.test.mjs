// What npm test reports is only as true as its reading of the runners' closing lines.
import assert from "node:assert/strict";
import { test } from "node:test";

import { closing as ofNode } from "../../.toolchain/node_tests.mjs";
import { closing as ofCatch2 } from "../../.toolchain/stages/catch2.mjs";

const counts = ({ passed, failed }) => [passed, failed];

test("closing: Catch2's lines → its counts; skipped counts as failed; no line → null", () => {
  for (const [line, expected] of [
    ["All tests passed (770137 assertions in 41 test cases)", [41, 0]],
    ["All tests passed (1 assertion in 1 test case)", [1, 0]],
    ["test cases: 4 | 3 passed | 1 failed", [3, 1]],
    ["test cases:  14 |  13 passed | 1 skipped", [13, 1]],
    ["test cases: 1 | 1 failed", [0, 1]],
  ]) {
    assert.deepEqual(counts(ofCatch2(`before\n${line}\nassertions: 2 | 2 passed\n`)), expected);
  }
  assert.equal(ofCatch2("No tests ran\n"), null);
  assert.equal(ofCatch2("wasm trap: unreachable\n"), null);
});

test("closing: Node's lines → its counts; cancelled, skipped and todo count as failed", () => {
  const lines = (pass, fail, cancelled, skipped, todo) =>
    `ℹ tests 9\nℹ pass ${pass}\nℹ fail ${fail}\nℹ cancelled ${cancelled}\n` +
    `ℹ skipped ${skipped}\nℹ todo ${todo}\n`;
  assert.deepEqual(counts(ofNode(lines(9, 0, 0, 0, 0))), [9, 0]);
  assert.deepEqual(counts(ofNode(lines(5, 1, 1, 1, 1))), [5, 4]);
  assert.deepEqual(counts(ofNode("")), [0, 0]);
});
