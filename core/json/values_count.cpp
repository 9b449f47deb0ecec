#include "core/json/values_count.hpp"

#include <cstddef>
#include <cstdint>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

namespace {

bool begins_value(Token token) {
  return token == Token::object_begin || token == Token::array_begin ||
         token == Token::string_begin || token == Token::scalar_begin;
}

}  // namespace

std::uint64_t values_count(View text) {
  std::uint64_t count = 0;
  Grammar grammar;
  for (std::size_t at = 0; at < text.size(); ++at) {
    at += grammar.plain(text.substr(at));
    if (at == text.size()) break;
    const Token token = grammar.step(text[at]);
    if (token == Token::error) break;
    if (begins_value(token)) ++count;
  }
  return count;
}

}  // namespace edgebatch::json
