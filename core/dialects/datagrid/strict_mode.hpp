// Whether a schema may be sent with `"strict": true`, as OpenAI's structured outputs know it
// (platform.openai.com/docs/guides/structured-outputs, "Supported schemas"): a provider refuses a
// request whose schema goes beyond that.
#pragma once

#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

constexpr std::size_t strict_properties_count_max = 5'000;
constexpr unsigned strict_levels_count_max = 10;  // Of objects and arrays.
constexpr std::size_t strict_text_bytes_max =
    120'000;  // Names of properties, and strings of enum and const. (Theirs are characters.)
constexpr std::size_t strict_enum_values_count_max = 1'000;
constexpr std::size_t strict_long_enum_count_min = 251;     // The strings of an enum with so many …
constexpr std::size_t strict_long_enum_bytes_max = 15'000;  // … have so many bytes at most.

/// The root is an object; every object requires all of its properties, and allows no others; every
/// schema has a type; there are no other keywords than those that are supported everywhere.
bool allows_strict_mode(View output_schema);

}  // namespace edgebatch::dialects::datagrid
