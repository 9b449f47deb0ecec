#include "core/problem/excerpt.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::problem::excerpt;
using edgebatch::problem::quoted_list;

Bytes repeated(View text, std::size_t times) {
  Bytes out;
  for (std::size_t i = 0; i < times; ++i) out.append(text);
  return out;
}

}  // namespace

TEST_CASE("excerpt: texts below, at and above the limit → only the last is cut, and says so") {
  for (const View character : {"a", "é", "€", "😀"}) {
    CHECK(excerpt(repeated(character, 4), 5) == repeated(character, 4));
    CHECK(excerpt(repeated(character, 5), 5) == repeated(character, 5));
    CHECK(excerpt(repeated(character, 6), 5) == repeated(character, 5) + "…");
    CHECK(excerpt(repeated(character, 500), 5) == repeated(character, 5) + "…");
  }
  CHECK(excerpt("", 5).empty());
  CHECK(excerpt("abc", 0) == "…");
}

TEST_CASE("excerpt: bytes that aren't UTF-8 → replaced, and never torn") {
  CHECK(excerpt("a\xFFz", 5) == "a\xEF\xBF\xBDz");
  CHECK(excerpt("a\xF0\x9F\x98", 5) == "a\xEF\xBF\xBD");
  CHECK(excerpt("\xFF\xFF\xFF\xFF", 2) == "\xEF\xBF\xBD\xEF\xBF\xBD…");
}

TEST_CASE("excerpt: a list of values → quoted, with commas from three on") {
  CHECK(quoted_list({}).empty());
  CHECK(quoted_list({"a"}) == "'a'");
  CHECK(quoted_list({"a", "b"}) == "'a' and 'b'");
  CHECK(quoted_list({"a", "b", "c"}) == "'a', 'b', and 'c'");
}
