#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/schema/compiler.hpp"
#include "core/schema/glance.hpp"
#include "core/schema/program.hpp"
#include "core/schema/run.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

#include "tests/fuzz/targets.hpp"
#include "tests/support/exact.hpp"

namespace edgebatch::fuzz {

namespace {

// Subschemas and names are no more than the schema's bytes, values no more than the answer's.
void check_steps(const schema::Schema& schema, View text, View answer) {
  const std::uint64_t both = (text.size() + 8) * (answer.size() + 8);
  expect(schema.steps_count() <= 4 * both, "schema: no more steps than schema times answer");
}

void check_answer(schema::Schema& schema, View text, View answer) {
  const auto failures = schema.validate(answer);
  check_steps(schema, text, answer);
  expect(failures.size() <= schema::failures_count_max, "schema: as many failures as are listed");
  expect(schema.validate(answer) == failures, "schema: the same answer, the same failures");
  if (!json::valid(answer))
    expect(failures.size() == 1 && failures.front().keyword.empty(),
           "schema: no JSON is a failure");
}

void check_glance(View text, View answer) {
  schema::Program program({3, 4});
  program.text = text;
  if (!schema::Compiler(program).run().empty() || !schema::Glance(program).fits(answer)) return;
  expect(schema::Run(program).validate(answer).empty(), "schema: what is seen to fit does");
}

void check_tape(View text) {
  json::Tape tape({1, 2});
  const bool whole = tape.read(text) == json::Tape::Reading::whole;
  expect(whole == json::valid(text), "tape: reads what is JSON");
  if (!whole) return;
  Bytes scratch;
  for (json::Tape::Index i = 0; i < tape.size(); ++i) {
    tape.pointer(i);
    if (tape[i].kind != json::Kind::string) continue;
    const View text_of = tape.string(tape[i], scratch);
    expect(tape.length(tape[i]) == text::utf8_length(text_of), "tape: one length of a string");
  }
}

}  // namespace

// A schema, and behind its line an answer.
void schemas(View input) {
  const std::size_t end = input.find('\n');
  const support::Exact text(input.substr(0, end));
  const support::Exact answer(end == View::npos ? View() : input.substr(end + 1));
  check_tape(text.view());
  check_tape(answer.view());
  auto compiled = schema::Schema::compile(text.view(), {3, 4});
  if (auto* const right = std::get_if<schema::Schema>(&compiled)) {
    check_answer(*right, text.view(), answer.view());
    check_answer(*right, text.view(), text.view());
    check_glance(text.view(), answer.view());
  } else {
    const auto& flaws = std::get<std::vector<schema::Flaw>>(compiled);
    expect(!flaws.empty(), "schema: refused for a reason");
  }
}

}  // namespace edgebatch::fuzz
