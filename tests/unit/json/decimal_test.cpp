#include "core/json/decimal.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/text/bytes.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::Decimal;
using edgebatch::json::Divisor;

namespace {

bool multiple(View value, View of) {
  const auto divisor = Divisor::of(Decimal(of));
  CHECK(divisor.has_value());
  return divisor && divisor->divides(Decimal(value));
}

}  // namespace

TEST_CASE("decimal: numbers in ascending order → compared as what they are") {
  constexpr auto ascending = std::to_array<View>({"-1e999999999999",
                                                  "-1e400",
                                                  "-100.5",
                                                  "-100",
                                                  "-99.999",
                                                  "-1",
                                                  "-0.1",
                                                  "-1e-400",
                                                  "0",
                                                  "1e-999999999999",
                                                  "1e-400",
                                                  "0.09999999999999999999999",
                                                  "0.1",
                                                  "0.5",
                                                  "1",
                                                  "1.00000000000000000000001",
                                                  "9",
                                                  "10",
                                                  "12345678901234567890",
                                                  "12345678901234567891",
                                                  "1e400",
                                                  "2e400",
                                                  "1e401",
                                                  "1e999999999999"});
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CAPTURE(ascending[i], ascending[j]);
      CHECK((Decimal(ascending[i]) <=> Decimal(ascending[j])) == (i <=> j));
    }
}

TEST_CASE("decimal: a number written in several ways → the same") {
  for (const View one : {"1", "1.0", "1e0", "1E+0", "10e-1", "0.1e1", "0.00100e3", "1000e-3"})
    CHECK(Decimal(one) == Decimal("1"));
  for (const View zero : {"0", "-0", "0.000", "0e999999999999999999999", "-0.0e-5"}) {
    CHECK(Decimal(zero) == Decimal());
    CHECK_FALSE(Decimal(zero).negative());
  }
  CHECK(Decimal("100") == Decimal("1e2"));
  CHECK(Decimal("-0.25") == Decimal("-25e-2"));
}

TEST_CASE("decimal: integers, however written → told from others") {
  for (const View integer : {"0", "-3", "1.0", "1e3", "1.5e1", "1e400", "120e-1", "0e-7"})
    CHECK(Decimal(integer).integer());
  for (const View other : {"0.5", "1.5", "1e-1", "15e-1", "1e-400", "12.5e0"})
    CHECK_FALSE(Decimal(other).integer());
}

TEST_CASE("decimal: counts → integers from 0 on, as large as they can be") {
  constexpr auto max = std::numeric_limits<std::uint64_t>::max();
  CHECK(Decimal("0").count() == 0U);
  CHECK(Decimal("20.0").count() == 20U);
  CHECK(Decimal("5e3").count() == 5'000U);
  CHECK(Decimal("1234567890123456789").count() == 1'234'567'890'123'456'789U);
  CHECK(Decimal("99999999999999999999").count() == max);
  CHECK(Decimal("1e999999999999").count() == max);
  CHECK(Decimal("-1").count() == std::nullopt);
  CHECK(Decimal("0.5").count() == std::nullopt);
}

TEST_CASE("decimal: multiples of decimals → exact") {
  CHECK(multiple("0.3", "0.1"));
  CHECK(multiple("1.1", "0.1"));
  CHECK(multiple("0.0075", "0.0001"));
  CHECK_FALSE(multiple("0.00751", "0.0001"));
  CHECK(multiple("12.50", "0.01"));
  CHECK_FALSE(multiple("12.505", "0.01"));
  CHECK(multiple("-9", "3"));
  CHECK_FALSE(multiple("-10", "3"));
  CHECK(multiple("0", "7"));
  CHECK(multiple("300", "1e2"));
  CHECK_FALSE(multiple("350", "1e2"));
  CHECK(multiple("1e308", "0.5"));
  CHECK_FALSE(multiple("1e308", "0.123456789"));
}

TEST_CASE("decimal: multiples of or among enormous numbers → exact, and quick") {
  CHECK(multiple("111111111111111111111111111111", "3"));
  CHECK_FALSE(multiple("111111111111111111111111111112", "3"));
  CHECK(multiple("999999999999999999", "999999999999999999"));
  CHECK(multiple("999999999999999999999999999999999999", "999999999999999999"));
  CHECK_FALSE(multiple("1e999999999999", "7"));
  CHECK(multiple("7e999999999999", "7"));
  CHECK_FALSE(multiple("1e-999999999999", "7"));
  CHECK(multiple("1", "1e-999999999999"));
  CHECK(multiple(Bytes(1'000'000, '3'), "3"));
}

TEST_CASE("decimal: divisors at and beyond their digits, or not above zero → taken, or not") {
  CHECK(Divisor::of(Decimal("0.123456789012345678")));
  CHECK(Divisor::of(Decimal("123456789012345678000")));
  CHECK_FALSE(Divisor::of(Decimal("1234567890123456789")));
  CHECK_FALSE(Divisor::of(Decimal("0.0")));
  CHECK_FALSE(Divisor::of(Decimal("-1")));
}
