// Decimal numbers.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

/// Digits only, the whole text, no overflow; else nothing.
std::optional<std::uint64_t> parse_decimal(View text);

Bytes decimal(std::uint64_t value);

/// Lower-case hexadecimal, padded with zeros to `digits`; higher digits are cut off.
Bytes hex(std::uint64_t value, unsigned digits);
Bytes hex(View bytes);

}  // namespace edgebatch::text
