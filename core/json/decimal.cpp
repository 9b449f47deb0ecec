#include "core/json/decimal.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

namespace {

View without_leading_zeros(View digits) {
  while (digits.starts_with('0')) digits.remove_prefix(1);
  return digits;
}

View without_trailing_zeros(View digits) {
  while (digits.ends_with('0')) digits.remove_suffix(1);
  return digits;
}

// Of the text behind the `e`.
std::int64_t exponent_of(View text) {
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char digit : text) {
    value = value * 10 + (digit - '0');
    if (value > decimal_exponent_max) {
      value = decimal_exponent_max;
      break;
    }
  }
  return negative ? -value : value;
}

std::size_t digits_end(View text) {
  std::size_t size = 0;
  while (size < text.size() && text[size] >= '0' && text[size] <= '9') ++size;
  return size;
}

}  // namespace

Decimal::Decimal(View number) : negative_(number.front() == '-') {
  if (negative_) number.remove_prefix(1);
  front_ = number.substr(0, digits_end(number));
  number.remove_prefix(front_.size());
  if (number.starts_with('.')) {
    number.remove_prefix(1);
    back_ = number.substr(0, digits_end(number));
    number.remove_prefix(back_.size());
    back_ = without_trailing_zeros(back_);
  }
  front_ = without_leading_zeros(front_);
  magnitude_ = static_cast<std::int64_t>(front_.size());
  if (back_.empty()) front_ = without_trailing_zeros(front_);
  if (front_.empty()) {
    const std::size_t size = back_.size();
    back_ = without_leading_zeros(back_);
    magnitude_ = -static_cast<std::int64_t>(size - back_.size());
  }
  if (zero()) {
    negative_ = false;
    magnitude_ = 0;
  } else if (!number.empty()) {
    magnitude_ += exponent_of(number.substr(1));
  }
}

std::optional<std::uint64_t> Decimal::count() const {
  if (negative_ || !integer()) return std::nullopt;
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  if (magnitude_ > std::numeric_limits<std::uint64_t>::digits10) return max;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(magnitude_); ++i)
    value = value * 10 + (i < size() ? digit(i) : 0);
  return value;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.negative_ != b.negative_) return b.negative_ <=> a.negative_;
  if (a.zero() || b.zero()) {
    const auto order = !a.zero() <=> !b.zero();
    return a.negative_ || b.negative_ ? 0 <=> order : order;
  }
  auto order = a.magnitude_ <=> b.magnitude_;
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common && order == 0; ++i) order = a.digit(i) <=> b.digit(i);
  if (order == 0) order = a.size() <=> b.size();
  return a.negative_ ? 0 <=> order : order;
}

std::optional<Divisor> Divisor::of(const Decimal& value) {
  if (value.negative() || value.zero() || value.size() > divisor_digits_count_max)
    return std::nullopt;
  Divisor divisor;
  divisor.digits_ = 0;
  for (std::size_t i = 0; i < value.size(); ++i)
    divisor.digits_ = divisor.digits_ * 10 + value.digit(i);
  divisor.last_place_ = value.last_place();
  return divisor;
}

bool Divisor::divides(const Decimal& value) const {
  if (value.zero()) return true;
  // The last digit isn't 0, so no power of ten divides what stands before.
  if (value.last_place() < last_place_) return false;
  std::uint64_t rest = 0;  // A digit more fits: 10 times 18 digits are below 2^64.
  for (std::size_t i = 0; i < value.size(); ++i) rest = (rest * 10 + value.digit(i)) % digits_;
  const auto shift = static_cast<std::uint64_t>(value.last_place() - last_place_);
  return times_mod(rest, power_of_ten_mod(shift)) == 0;
}

// By doubling: no wider type is needed.
std::uint64_t Divisor::times_mod(std::uint64_t a, std::uint64_t b) const {
  std::uint64_t product = 0;
  for (; b != 0; b >>= 1) {
    if ((b & 1) != 0) product = (product + a) % digits_;
    a = (a + a) % digits_;
  }
  return product;
}

std::uint64_t Divisor::power_of_ten_mod(std::uint64_t exponent) const {
  std::uint64_t power = 1 % digits_;
  std::uint64_t base = 10 % digits_;
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) power = times_mod(power, base);
    base = times_mod(base, base);
  }
  return power;
}

}  // namespace edgebatch::json
