// What the sandbox answers where a schema is to be fitted: an instance of simple schemas.
#pragma once

#include <cstddef>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

constexpr std::size_t instance_values_count_max = 1'000;
constexpr std::size_t instance_string_bytes_max = 10'000;  // That `minLength` may ask for.

/// Looks at type, enum, const, properties, required, items, prefixItems, minItems, the bounds of
/// numbers, multipleOf, minLength and maxLength; a schema that asks for more, or for more than the
/// limits, is not fitted. `text` stands wherever a string may; of texts that are too long only
/// `label`, as much of it as there is room for.
Bytes sandbox_instance(const json::Value& schema, View text, View label);

}  // namespace edgebatch::dialects
