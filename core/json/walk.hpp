// The tokens of a text that is at hand as a whole.
#pragma once

#include <cstddef>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Calls `see(token, at, level)` for each token on levels up to `levels_max`. `at`: of its byte; of
/// a `scalar_end` the byte behind the scalar, also where the text ends with it. False if the text
/// isn't one valid value, or as soon as `see` says false.
template <class See>
bool walk(View text, unsigned levels_max, See&& see) {
  Grammar grammar(levels_max);
  std::size_t at = 0;
  for (;;) {
    const Token token = grammar.next(text, at);
    if (token == Token::none) break;
    if (token == Token::error) return false;
    if (!see(token, token == Token::scalar_end ? at : at - 1, grammar.level())) return false;
  }
  if (!grammar.complete()) return false;
  return !grammar.in_number() || see(Token::scalar_end, text.size(), 0U);
}

}  // namespace edgebatch::json
