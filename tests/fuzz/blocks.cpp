#include <cstddef>
#include <cstdint>

#include "core/json/grammar.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

#include "tests/fuzz/targets.hpp"
#include "tests/support/exact.hpp"

namespace edgebatch::fuzz {

namespace {

// What a string is to the grammar that begins here: behind its closing quote, or null.
const char* behind_string(View text, std::uint64_t& continuations) {
  json::Grammar grammar;
  std::size_t at = 0;
  grammar.next("\"", at);
  at = 0;
  const json::Token token = grammar.next(text, at);
  continuations = grammar.continuations();
  return token == json::Token::string_end ? text.data() + at : nullptr;
}

}  // namespace

void blocks(View input) {
  const support::Exact exact(input);
  const View text = exact.view();
  for (std::size_t at = 0; at + text::block_bytes <= text.size(); ++at) {
    const text::Block vector(text.data() + at);
    const text::BlockOfBytes bytes(text.data() + at);
    expect(vector.specials() == bytes.specials(), "specials");
    expect(vector.highs() == bytes.highs(), "highs");
    expect(vector.integers() == bytes.integers(), "integers");
  }
  expect(text::utf8_characters(text) == text::utf8_characters_by_bytes(text), "characters");

  std::uint64_t passed = 0;
  const char* const behind = json::pass_string(text.data(), text.data() + text.size(), passed);
  if (behind == nullptr) return;
  std::uint64_t expected = 0;
  expect(behind == behind_string(text, expected), "a whole string ends where it ends");
  expect(passed == expected, "continuations");
}

}  // namespace edgebatch::fuzz
