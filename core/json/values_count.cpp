#include "core/json/values_count.hpp"

#include <cstddef>
#include <cstdint>

#include "core/json/grammar.hpp"
#include "core/json/walk.hpp"
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
  walk(text, nesting_max, [&count](Token token, std::size_t, unsigned) {
    if (begins_value(token)) ++count;
    return true;
  });
  return count;
}

}  // namespace edgebatch::json
