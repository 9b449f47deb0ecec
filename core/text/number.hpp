// Decimal and hexadecimal numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

/// Digits only, the whole text, no overflow; else nothing.
std::optional<std::uint64_t> parse_decimal(View text);

/// Digits only, the whole text, else nothing; `max` for every number above it, however long.
std::optional<std::uint64_t> parse_decimal_up_to(View text, std::uint64_t max);

Bytes decimal(std::uint64_t value);

/// Lower-case hexadecimal, padded with zeros to `digits`; higher digits are cut off.
Bytes hex(std::uint64_t value, unsigned digits);
Bytes hex(View bytes);

}  // namespace edgebatch::text
