// How messages call values, sizes and types.
#pragma once

#include <cstdint>

#include "core/json/tape.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

/// `"12,50"`, `7`, `null`, `an array`, `an object`: bounded, whatever the value.
Bytes value_in_words(const json::Tape& tape, json::Tape::Index value);
/// … and what it is: `"12,50" (a string)`
Bytes kind_in_words(const json::Tape& tape, json::Tape::Index value);

/// `a string`, `a number or null`, of a set of types.
Bytes types_in_words(std::uint8_t types);

/// `1 element`, `3 elements`; `unit` in the singular.
Bytes count_in_words(std::uint64_t count, View unit);

/// In quotes, bounded.
Bytes quoted(View text);

}  // namespace edgebatch::schema
