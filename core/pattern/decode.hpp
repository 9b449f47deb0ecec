// Characters of well-formed UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

struct Decoded {
  char32_t point;
  std::size_t size;  // In bytes, at least 1.
};

/// The first character; there has to be one. Of bytes that aren't UTF-8 something is made, but
/// nothing is read behind their end.
inline Decoded decode(const char* at, const char* end) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(at[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const auto left = static_cast<std::size_t>(end - at);
  const std::size_t size = wanted < left ? wanted : left;
  char32_t point = lead & (0x7FU >> wanted);
  for (std::size_t i = 1; i < size; ++i) point = point << 6 | (byte(i) & 0x3FU);
  return {point < 0x11'0000 ? point : 0xFFFD, size};
}

}  // namespace edgebatch::pattern
