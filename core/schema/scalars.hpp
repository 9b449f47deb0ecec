// What a schema says of strings, numbers and literals: asked of texts, wherever they were read.
#pragma once

#include <cstdint>

#include "core/json/decimal.hpp"
#include "core/json/literal_string.hpp"
#include "core/json/value.hpp"
#include "core/schema/program.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

/// So many bytes of a text take as long to look at as a subschema: a step.
constexpr std::uint64_t step_bytes = 16;

/// Of a number as it is written: 1.0 and 1e2 are integers, too.
bool is_integer(View number);

/// Whether it keeps all of the bounds.
bool in_bounds(const NumberRules& rules, const json::Decimal& number);

/// Whether a scalar is among the values, written as one of them is. `text`: what a string stands
/// for, others as they are written.
bool is_listed(const Program& program, const Choice& choice, json::Kind kind, View text);

/// Nothing is said of its length.
inline bool any_length(const StringRules& rules) {
  return rules.length_min == 0 && rules.length_max == unbounded;
}

}  // namespace edgebatch::schema
