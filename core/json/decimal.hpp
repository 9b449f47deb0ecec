// Numbers as JSON writes them, exact: no conversion, so that 0.1 is a tenth and 1e400 isn't
// infinite.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Beyond this, an exponent counts as this: such numbers are merely very large or very small.
constexpr std::int64_t decimal_exponent_max = 1'000'000'000'000'000;

constexpr std::size_t divisor_digits_count_max = 18;  // Without zeros at both ends.

/// Looks at the text that it was made from.
class Decimal {
 public:
  Decimal() = default;  // 0
  /// A number that the grammar has accepted.
  explicit Decimal(View number);

  bool zero() const { return size() == 0; }
  bool negative() const { return negative_; }  // -0 isn't.
  bool integer() const { return zero() || last_place() >= 0; }

  /// Digits without zeros at both ends. The value is 0.DIGITS times ten to the `magnitude`.
  std::size_t size() const { return front_.size() + back_.size(); }
  View front() const { return front_; }  // Those before …
  View back() const { return back_; }    // … and behind the point, if both have any.
  std::int64_t magnitude() const { return magnitude_; }
  /// The power of ten that the last digit counts.
  std::int64_t last_place() const { return magnitude_ - static_cast<std::int64_t>(size()); }

  /// Of an integer that isn't negative; the largest there is for every one above it.
  std::optional<std::uint64_t> count() const;

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

 private:
  unsigned digit(std::size_t index) const {
    const char byte = index < front_.size() ? front_[index] : back_[index - front_.size()];
    return static_cast<unsigned>(byte - '0');
  }
  friend class Divisor;

  View front_;
  View back_;
  std::int64_t magnitude_ = 0;
  bool negative_ = false;
};

/// What multiples are asked for.
class Divisor {
 public:
  /// Nothing if it isn't above zero, or has more digits than we divide by.
  static std::optional<Divisor> of(const Decimal& value);

  /// Takes time linear in the number's digits, whatever its exponent.
  bool divides(const Decimal& value) const;

 private:
  std::uint64_t times_mod(std::uint64_t a, std::uint64_t b) const;
  std::uint64_t power_of_ten_mod(std::uint64_t exponent) const;

  std::uint64_t digits_ = 1;
  std::int64_t last_place_ = 0;
};

}  // namespace edgebatch::json
