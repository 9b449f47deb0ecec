import assert from "node:assert/strict";
import { test } from "node:test";

import { file } from "./files.mjs";
import { includes } from "./includes.mjs";

const of = (path, ...targets) =>
  includes([file(path, targets.map((target) => `#include ${target}\n`).join(""))]);

test("includes: the directions of the design → nothing to say", () => {
  for (const [path, target] of [
    ["core/json/value.cpp", '"core/text/utf8.hpp"'],
    ["core/json/value.cpp", "<nlohmann/json.hpp>"],
    ["core/pattern/parser.cpp", '"core/text/utf8.hpp"'],
    ["core/dialects/openai/batch.cpp", '"core/dialects/dialect.hpp"'],
    ["core/dialects/openai/batch.cpp", '"core/ledger/ledger.hpp"'],
    ["core/dialects/openai/batch.cpp", '"core/dialects/openai/line.hpp"'],
    ["core/dialects/dialect.cpp", '"core/dialects/openai/batch.hpp"'],
    ["handlers/actors/batch/cancel.cpp", '"core/dialects/openai/batch.hpp"'],
    ["handlers/actors/batch/cancel.cpp", '"handlers/ports/table.hpp"'],
    ["bindings/abi/abi.cpp", '"handlers/gateway/routes.hpp"'],
    ["bindings/browser/validator.cpp", '"core/dialects/openai/input.hpp"'],
    ["bindings/wasi/report.cpp", '"core/dialects/openai/line_error.hpp"'],
    ["tests/unit/wasi/report_test.cpp", '"bindings/wasi/report.hpp"'],
    ["tests/unit/json/value_test.cpp", "<nlohmann/json.hpp>"],
    ["tests/protocol/crash_test.cpp", '"tests/support/script.hpp"'],
  ]) {
    assert.deepEqual(of(path, target), [], `${path} includes ${target}`);
  }
});

test("includes: against a direction → a message with file and line", () => {
  for (const [path, target] of [
    ["core/text/utf8.cpp", '"core/json/value.hpp"'],
    ["core/json/value.cpp", '"core/dialects/dialect.hpp"'],
    ["core/lifecycle/lifecycle.hpp", '"core/ledger/span.hpp"'],
    ["core/ledger/ledger.hpp", '"core/dialects/dialect.hpp"'],
    ["core/pattern/parser.cpp", '"core/json/value.hpp"'],
    ["core/http/message.hpp", '"handlers/ports/table.hpp"'],
    ["core/dialects/dialect.hpp", '"core/dialects/openai/batch.hpp"'],
    ["core/dialects/datagrid/batch.hpp", '"core/dialects/openai/batch.hpp"'],
    ["handlers/ports/table.hpp", '"handlers/gateway/routes.hpp"'],
    ["handlers/gateway/routes.cpp", '"bindings/abi/abi.hpp"'],
    ["bindings/browser/validator.cpp", '"handlers/config.hpp"'],
    ["handlers/gateway/routes.cpp", "<nlohmann/json.hpp>"],
    ["bindings/wasi/main.cpp", '"handlers/ports/table.hpp"'],
    ["core/text/utf8.cpp", '"bindings/wasi/cells.hpp"'],
    ["core/text/utf8.cpp", '"nlohmann/json.hpp"'],
    ["tests/unit/text/utf8_test.cpp", "<nlohmann/json.hpp>"],
    ["core/text/utf8.cpp", '"utf8.hpp"'],
    ["core/text/utf8.cpp", '"catch_amalgamated.hpp"'],
  ]) {
    const messages = of(path, "<vector>", target);
    assert.equal(messages.length, 1, `${path} includes ${target}`);
    assert.match(messages[0], new RegExp(`^${path}:2: `));
  }
});

test("includes: two folders of the core include each other → a message names both", () => {
  const ring = [
    file("core/json/a.hpp", '#include "core/ndjson/b.hpp"\n'),
    file("core/ndjson/b.hpp", '#include "core/json/a.hpp"\n'),
  ];
  assert.deepEqual(includes(ring), ["core/json, core/ndjson: include each other in a ring"]);
});
