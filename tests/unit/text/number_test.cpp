#include "core/text/number.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <limits>
#include <optional>

namespace edgebatch::text {
namespace {

constexpr std::uint64_t u64_max = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("parse_decimal: digits → their number") {
  CHECK(parse_decimal("0") == 0U);
  CHECK(parse_decimal("7") == 7U);
  CHECK(parse_decimal("0042") == 42U);
  CHECK(parse_decimal("18446744073709551614") == u64_max - 1);
  CHECK(parse_decimal("18446744073709551615") == u64_max);
}

TEST_CASE("parse_decimal: overflow → nothing") {
  CHECK(parse_decimal("18446744073709551616") == std::nullopt);
  CHECK(parse_decimal("99999999999999999999999999") == std::nullopt);
}

TEST_CASE("parse_decimal: anything but digits → nothing") {
  for (const View text : {"", " ", "-1", "+1", "1 ", " 1", "1.0", "1e3", "0x1", "a", "1a", "١"}) {
    CAPTURE(text);
    CHECK(parse_decimal(text) == std::nullopt);
  }
  CHECK(parse_decimal(View("1\0", 2)) == std::nullopt);
}

TEST_CASE("parse_decimal_up_to: numbers around the limit → at most the limit") {
  CHECK(parse_decimal_up_to("9", 10) == 9U);
  CHECK(parse_decimal_up_to("10", 10) == 10U);
  CHECK(parse_decimal_up_to("11", 10) == 10U);
  CHECK(parse_decimal_up_to("18446744073709551616", u64_max) == u64_max);
  CHECK(parse_decimal_up_to(Bytes(1000, '9'), 10) == 10U);
  CHECK(parse_decimal_up_to("000", 10) == 0U);
}

TEST_CASE("parse_decimal_up_to: anything but digits → nothing") {
  for (const View text : {"", "-1", "1.5", "99999999999999999999x"}) {
    CAPTURE(text);
    CHECK(parse_decimal_up_to(text, 10) == std::nullopt);
  }
}

TEST_CASE("decimal: the ends of the range → all digits, no padding") {
  CHECK(decimal(0) == "0");
  CHECK(decimal(1'234'567) == "1234567");
  CHECK(decimal(u64_max) == "18446744073709551615");
}

TEST_CASE("hex: a number → that many digits, high ones cut off") {
  CHECK(hex(0, 4) == "0000");
  CHECK(hex(0xAB, 4) == "00ab");
  CHECK(hex(0x1'23AB, 4) == "23ab");
  CHECK(hex(u64_max, 16) == "ffffffffffffffff");
  CHECK(hex(u64_max, 18) == "00ffffffffffffffff");
  CHECK(hex(7, 0).empty());
}

TEST_CASE("hex: bytes → two digits each") {
  CHECK(hex(View("\x00\x7F\x80\xFF\x0A", 5)) == "007f80ff0a");
  CHECK(hex(View()).empty());
}

}  // namespace edgebatch::text
