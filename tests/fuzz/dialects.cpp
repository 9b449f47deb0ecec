#include <memory>
#include <variant>

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/line.hpp"
#include "core/json/grammar.hpp"
#include "core/json/outline.hpp"
#include "core/ndjson/compact.hpp"
#include "core/text/bytes.hpp"

#include "tests/fuzz/targets.hpp"
#include "tests/support/exact.hpp"

namespace edgebatch::fuzz {

namespace {

void check_creates(View text) {
  const auto openai = dialects::openai::parse_create(text, {.windows = {"24h"}});
  const auto impala = dialects::openai::parse_create(text, {.windows = {"24h"}, .strict = true});
  if (std::holds_alternative<dialects::openai::CreateBatch>(impala))
    expect(std::holds_alternative<dialects::openai::CreateBatch>(openai),
           "what the strict take, all take");

  const dialects::datagrid::Allowed allowed{.accepts = [](View) { return true; }};
  const auto datagrid = dialects::datagrid::parse_create(text, allowed, {1, 2});
  if (const auto* creation = std::get_if<dialects::datagrid::Creation>(&datagrid)) {
    expect(json::valid(creation->canonical), "the canonical form is JSON");
    expect(creation->inspection.verdict.valid(), "items are written as they are read");
    const auto again = dialects::datagrid::parse_create(creation->canonical, allowed, {3, 4});
    const auto* same = std::get_if<dialects::datagrid::Creation>(&again);
    expect(same != nullptr && same->canonical == creation->canonical, "canonical once is for ever");
  }
}

void check_compact(View text) {
  Bytes compact;
  const bool taken = ndjson::append_compact(compact, text);
  expect(taken == json::valid(text), "compact: what is JSON");
  if (!taken) return expect(compact.empty(), "compact: nothing half-done");
  expect(json::valid(compact), "compact: JSON again");
  expect(compact.find('\n') == Bytes::npos, "compact: one line");
  Bytes again;
  ndjson::append_compact(again, compact);
  expect(again == compact, "compact once is for ever");
}

}  // namespace

void dialects(View input) {
  const support::Exact exact(input);
  const View text = exact.view();
  check_creates(text);
  check_compact(text);
  edgebatch::dialects::openai::line_format()->read(text, 0);
}

}  // namespace edgebatch::fuzz
