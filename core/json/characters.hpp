// What the grammar calls its characters.
#pragma once

#include <cstdint>
#include <string_view>

namespace edgebatch::json {

/// Space, tab, LF and CR: what may stand between tokens.
constexpr bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/// Behind a backslash; `u` with its digits isn't among them.
constexpr bool is_short_escape(char byte) {
  // A bit a character: a jump for each would be foretold wrongly as often as not.
  constexpr auto bits = [](std::string_view characters, unsigned first) {
    std::uint64_t set = 0;
    for (const char each : characters)
      set |= std::uint64_t{1} << (static_cast<unsigned>(each) - first);
    return set;
  };
  constexpr std::uint64_t below_64 = bits("\"/", 0);
  constexpr std::uint64_t below_128 = bits("\\bfnrt", 64);
  const unsigned code = static_cast<unsigned char>(byte);
  return code < 128 && ((code < 64 ? below_64 : below_128) >> (code % 64) & 1) != 0;
}

}  // namespace edgebatch::json
