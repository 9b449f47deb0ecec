#include "core/schema/scalars.hpp"

#include <algorithm>
#include <cstdint>

#include "core/json/decimal.hpp"
#include "core/json/value.hpp"
#include "core/schema/program.hpp"
#include "core/schema/signature.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

bool is_integer(View number) {
  const bool plain = std::ranges::none_of(
      number, [](char byte) { return byte == '.' || byte == 'e' || byte == 'E'; });
  return plain || json::Decimal(number).integer();
}

bool in_bounds(const NumberRules& rules, const json::Decimal& number) {
  return (!rules.minimum || number >= rules.minimum->value) &&
         (!rules.maximum || number <= rules.maximum->value) &&
         (!rules.exclusive_minimum || number > rules.exclusive_minimum->value) &&
         (!rules.exclusive_maximum || number < rules.exclusive_maximum->value) &&
         (!rules.multiple_of || rules.multiple_of->divides(number));
}

bool is_listed(const Program& program, const Choice& choice, json::Kind kind, View text) {
  const std::uint64_t looked_for = signature(text);
  for (Index i = choice.values.begin; i < choice.values.end; ++i)
    if (program.signatures[i] == looked_for && program.literals[i] == text &&
        program.tape[program.values[i]].kind == kind)
      return true;
  return false;
}

}  // namespace edgebatch::schema
