// Whether a schema may be sent with `"strict": true`, as structured outputs know it: a provider
// refuses a request whose schema goes beyond that. Where documentations differ, the smaller set
// counts, since answers to what isn't sent as strict are validated all the same. The limits are
// those of OpenAI's guide "Structured Outputs" ("Supported schemas") until 2025, and of Microsoft's
// "How to use structured outputs with Azure OpenAI"; OpenAI bears 5,000 properties, 10 levels,
// 120,000 characters and 1,000 values by now, other providers may not. The keywords are those that
// remain with Microsoft, and with OpenAI for fine-tuned models: none that bounds strings, numbers
// or arrays (`pattern`, `format`, `minimum`, `minItems`, …).
#pragma once

#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

constexpr std::size_t strict_properties_count_max = 100;
constexpr unsigned strict_levels_count_max = 5;  // Of objects and arrays; theirs are of "nesting".
constexpr std::size_t strict_text_bytes_max =
    15'000;  // Names of properties, and values of enum and const. (Theirs are characters.)
constexpr std::size_t strict_enum_values_count_max = 500;
constexpr std::size_t strict_long_enum_count_min = 251;    // The values of an enum with so many …
constexpr std::size_t strict_long_enum_bytes_max = 7'500;  // … have so many bytes at most.
static_assert(strict_long_enum_count_min <= strict_enum_values_count_max);
static_assert(strict_long_enum_bytes_max <= strict_text_bytes_max);

/// The root is an object; every object requires all of its properties, and allows no others; every
/// schema has a type; there are no other keywords than those that are supported everywhere.
bool allows_strict_mode(View output_schema);

}  // namespace edgebatch::dialects::datagrid
