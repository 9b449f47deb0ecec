#include "core/text/ascii.hpp"

#include <catch_amalgamated.hpp>

namespace edgebatch::text {

TEST_CASE("lower: every byte → only A to Z change") {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool capital = byte >= 'A' && byte <= 'Z';
    CHECK(lower(c) == (capital ? static_cast<char>(byte + 32) : c));
  }
}

TEST_CASE("lowered: letters, signs and other scripts → only ASCII letters change") {
  CHECK(lowered("Content-TYPE [@Z`] ÄÖ") == "content-type [@z`] ÄÖ");
  CHECK(lowered("").empty());
}

TEST_CASE("equal_ignoring_case: letters of either case → equal; anything else → not") {
  CHECK(equal_ignoring_case("Retry-After", "rETRY-aFTER"));
  CHECK(equal_ignoring_case("", ""));
  CHECK_FALSE(equal_ignoring_case("a", ""));
  CHECK_FALSE(equal_ignoring_case("", "a"));
  CHECK_FALSE(equal_ignoring_case("abc", "abcd"));
  CHECK_FALSE(equal_ignoring_case("@[", "`{"));  // 32 apart, as letters are.
  CHECK_FALSE(equal_ignoring_case("Ä", "ä"));
}

TEST_CASE("trimmed: blanks at both ends → gone; inside and other whitespace → kept") {
  CHECK(trimmed(" \t a \t b\t ") == "a \t b");
  CHECK(trimmed("a") == "a");
  CHECK(trimmed("").empty());
  CHECK(trimmed(" \t ").empty());
  CHECK(trimmed("\r\na\v") == "\r\na\v");
}

}  // namespace edgebatch::text
