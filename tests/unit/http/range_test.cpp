#include "core/http/range.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::http {
namespace {

constexpr std::uint64_t u64_max = std::numeric_limits<std::uint64_t>::max();

// `whole`, `none`, or `offset+length`.
Bytes range(View header, std::uint64_t size) {
  const auto parsed = parse_range(Exact(header).view(), size);
  if (std::holds_alternative<WholeBody>(parsed)) return "whole";
  if (std::holds_alternative<Unsatisfiable>(parsed)) return "none";
  const auto& bytes = std::get<ByteRange>(parsed);
  return text::decimal(bytes.offset) + '+' + text::decimal(bytes.length);
}

using Sections = std::vector<Section>;

}  // namespace

TEST_CASE("parse_range: first and last byte → that range, cut at the end") {
  CHECK(range("bytes=5-9", 100) == "5+5");
  CHECK(range("bytes=0-0", 100) == "0+1");
  CHECK(range("bytes=0-98", 100) == "0+99");
  CHECK(range("bytes=0-99", 100) == "0+100");
  CHECK(range("bytes=0-100", 100) == "0+100");
  CHECK(range("bytes=99-99", 100) == "99+1");
}

TEST_CASE("parse_range: only the first byte → the rest") {
  CHECK(range("bytes=0-", 100) == "0+100");
  CHECK(range("bytes=5-", 100) == "5+95");
  CHECK(range("bytes=99-", 100) == "99+1");
}

TEST_CASE("parse_range: only a count → that many last bytes") {
  CHECK(range("bytes=-1", 100) == "99+1");
  CHECK(range("bytes=-99", 100) == "1+99");
  CHECK(range("bytes=-100", 100) == "0+100");
  CHECK(range("bytes=-101", 100) == "0+100");
}

TEST_CASE("parse_range: a start at or beyond the end, or no last bytes → unsatisfiable") {
  CHECK(range("bytes=100-", 100) == "none");
  CHECK(range("bytes=100-200", 100) == "none");
  CHECK(range("bytes=101-", 100) == "none");
  CHECK(range("bytes=-0", 100) == "none");
}

TEST_CASE("parse_range: an empty body → nothing to start at; its last bytes are the whole") {
  CHECK(range("bytes=0-", 0) == "none");
  CHECK(range("bytes=0-0", 0) == "none");
  CHECK(range("bytes=-0", 0) == "none");
  CHECK(range("bytes=-5", 0) == "whole");
}

TEST_CASE("parse_range: numbers around 2^64 → no overflow") {
  CHECK(range("bytes=0-18446744073709551615", 100) == "0+100");
  CHECK(range("bytes=0-18446744073709551616", 100) == "0+100");
  CHECK(range("bytes=5-99999999999999999999999", 100) == "5+95");
  CHECK(range("bytes=99999999999999999999999-", 100) == "none");
  CHECK(range("bytes=-99999999999999999999999", 100) == "0+100");
  CHECK(range("bytes=0-18446744073709551615", u64_max) == "0+18446744073709551615");
  CHECK(range("bytes=18446744073709551614-", u64_max) == "18446744073709551614+1");
  CHECK(range("bytes=18446744073709551615-", u64_max) == "none");
}

TEST_CASE("parse_range: the unit in any case, blanks around the range → read") {
  CHECK(range("Bytes=5-9", 100) == "5+5");
  CHECK(range("bytes= 5-9\t", 100) == "5+5");
}

TEST_CASE("parse_range: no header, other units, several ranges, wrong syntax → the whole body") {
  CHECK(std::holds_alternative<WholeBody>(parse_range(std::nullopt, 100)));
  for (const View header :
       {"",           "bytes",      "bytes=",          "bytes=-",     "bytes=5",     "bytes=9-5",
        "bytes=5--9", "bytes=5-9-", "bytes=5-9,20-29", "bytes=5-9,",  "bytes=,5-9",  "bytes=a-9",
        "bytes=5-b",  "bytes=-b",   "bytes=+5-9",      "bytes=5 - 9", "bytes=0x5-9", "bytes =5-9",
        " bytes=5-9", "items=5-9",  "byte=5-9",        "bytess=5-9",  "5-9"}) {
    CAPTURE(header);
    CHECK(range(header, 100) == "whole");
  }
}

TEST_CASE("total_length: sections → the sum of their lengths") {
  CHECK(total_length({}) == 0);
  CHECK(total_length({{"a", 7, 5}, {"b", 0, 0}, {"c", 0, 6}}) == 11);
}

TEST_CASE("slice: every range of a row of sections → those bytes, and no empty section") {
  const Sections sections{{"a", 10, 3}, {"empty", 5, 0}, {"b", 0, 1}, {"c", 7, 4}};
  const auto spelled = [](const Sections& row) {  // Each byte as its object and place.
    Bytes out;
    for (const Section& section : row) {
      for (std::uint64_t i = 0; i < section.length; ++i) {
        out += section.key + text::hex(section.offset + i, 2);
      }
    }
    return out;
  };
  const Bytes whole = spelled(sections);
  REQUIRE(whole == "a0aa0ba0cb00c07c08c09c0a");
  for (std::uint64_t offset = 0; offset <= 10; ++offset) {
    for (std::uint64_t length = 0; length <= 10; ++length) {
      const Sections part = slice(sections, offset, length);
      const Bytes expected = offset >= 8 ? Bytes()
                                         : whole.substr(static_cast<std::size_t>(offset) * 3,
                                                        static_cast<std::size_t>(length) * 3);
      CAPTURE(offset, length);
      CHECK(spelled(part) == expected);
      for (const Section& section : part) CHECK(section.length > 0);
    }
  }
}

TEST_CASE("slice: absurd offsets and lengths → what there is, no overflow") {
  const Sections sections{{"a", 0, 3}, {"b", 0, 3}};
  CHECK(slice(sections, 0, u64_max) == sections);
  CHECK(slice(sections, 2, u64_max) == Sections{{"a", 2, 1}, {"b", 0, 3}});
  CHECK(slice(sections, u64_max, u64_max).empty());
  CHECK(slice({}, 0, 5).empty());
}

}  // namespace edgebatch::http
