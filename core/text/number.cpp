#include "core/text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>

#include "core/text/bytes.hpp"

namespace edgebatch::text {
namespace {

constexpr View hex_digits = "0123456789abcdef";

bool all_digits(View text) {
  return !text.empty() && text.find_first_not_of("0123456789") == View::npos;
}

}  // namespace

std::optional<std::uint64_t> parse_decimal(View text) {
  if (!all_digits(text)) return std::nullopt;
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_decimal_up_to(View text, std::uint64_t max) {
  if (!all_digits(text)) return std::nullopt;
  return std::min(parse_decimal(text).value_or(max), max);
}

Bytes decimal(std::uint64_t value) {
  std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), result.ptr};
}

Bytes hex(std::uint64_t value, unsigned digits) {
  Bytes out(digits, '0');
  for (auto at = out.rbegin(); at != out.rend() && value != 0; ++at, value >>= 4) {
    *at = hex_digits[value & 0xF];
  }
  return out;
}

Bytes hex(View bytes) {
  Bytes out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto octet = static_cast<unsigned char>(byte);
    out.push_back(hex_digits[octet >> 4]);
    out.push_back(hex_digits[octet & 0xF]);
  }
  return out;
}

}  // namespace edgebatch::text
