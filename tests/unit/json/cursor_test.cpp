#include "core/json/cursor.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/json/literal_string.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::json;
using edgebatch::support::Exact;

// Tokens of each kind that end so many bytes before the text does.
Bytes with_spaces(std::size_t count) { return R"( "aé\n" , -1.5e3 true)" + Bytes(count, ' '); }

}  // namespace

TEST_CASE("json cursor: far from the end, close to it and at it → the same tokens") {
  for (const std::size_t spaces : {0U, 1U, 27U, 28U, 47U, 48U, 49U, 200U}) {
    CAPTURE(spaces);
    const Exact text(with_spaces(spaces));
    Bytes tail;
    Cursor cursor(text.view(), tail);
    REQUIRE(cursor.skip_space());
    CHECK(cursor.offset() == 1);
    LiteralString string;
    REQUIRE(cursor.string(string));
    CHECK(string.inside == R"(aé\n)");
    CHECK(string.escaped);
    CHECK_FALSE(string.ascii);
    CHECK(cursor.offset_of(string.inside) == 2);
    REQUIRE(cursor.skip_space());
    CHECK_FALSE(cursor.pass(':'));
    REQUIRE(cursor.pass(','));
    REQUIRE(cursor.skip_space());
    CHECK(cursor.number() == "-1.5e3");
    REQUIRE(cursor.skip_space());
    CHECK(cursor.literal() == "true");
    CHECK_FALSE(cursor.skip_space());
    CHECK(cursor.offset() == text.view().size());
    CHECK_FALSE(cursor.skip_space());
  }
}

TEST_CASE("json cursor: a copy → comes back, also from behind where the tail began") {
  const Exact text("[12,\"" + Bytes(60, 'x') + "\"]");
  Bytes tail;
  Cursor cursor(text.view(), tail);
  REQUIRE(cursor.skip_space());
  REQUIRE(cursor.pass('['));
  for (int round = 0; round < 3; ++round) {
    const Cursor start = cursor;
    REQUIRE(cursor.skip_space());
    CHECK(cursor.number() == "12");
    REQUIRE(cursor.pass(','));
    REQUIRE(cursor.skip_space());
    LiteralString string;
    REQUIRE(cursor.string(string));
    CHECK(string.inside == Bytes(60, 'x'));
    REQUIRE(cursor.skip_space());
    CHECK(cursor.byte() == ']');
    cursor = start;
    CHECK(cursor.offset() == 1);
  }
}

TEST_CASE("json cursor: no whole token → none, and it stays") {
  for (const View wrong :
       {"\"", "\"abc", "\"\\x\"", "\"\xff\"", "tru", "nul", "-", "1.", "01e", "x"}) {
    CAPTURE(wrong);
    const Exact text(wrong);
    Bytes tail;
    Cursor cursor(text.view(), tail);
    REQUIRE(cursor.skip_space());
    LiteralString string;
    if (wrong.front() == '"') CHECK_FALSE(cursor.string(string));
    if (wrong != "01e") CHECK(cursor.number().empty());
    CHECK(cursor.literal().empty());
    CHECK(cursor.offset() == 0);
  }
  Bytes tail;
  CHECK_FALSE(Cursor("", tail).skip_space());
}
