#include "core/json/outline.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/json_maker.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::Outline;
using edgebatch::support::Exact;

bool readable(View text, unsigned levels_max = 4) {
  Outline outline;
  return outline.read(Exact(text).view(), levels_max);
}

using Inside = std::vector<std::pair<Bytes, Bytes>>;  // Name and value.

Inside inside(const Outline& outline, const Outline::Node& of) {
  Inside found;
  outline.each(of, [&](const Outline::Node& node) { found.emplace_back(node.name, node.value); });
  return found;
}

Inside inside(View text) {
  const Exact exact(text);
  Outline outline;
  REQUIRE(outline.read(exact.view(), 4));
  return inside(outline, outline.root());
}

}  // namespace

TEST_CASE("outline: an object → its members, as they stand in the text") {
  CHECK(inside(R"( { "a" : 1.0e2 ,"b":"x\n", "c":[1, {"d":2}],"e":null} )") ==
        Inside{{"a", "1.0e2"}, {"b", "\"x\\n\""}, {"c", "[1, {\"d\":2}]"}, {"e", "null"}});
  CHECK(inside("{}").empty());
  CHECK(inside(R"({"a\u0062":1,"\"":2})") == Inside{{"ab", "1"}, {"\"", "2"}});
}

TEST_CASE("outline: an array → its elements, without names") {
  CHECK(inside(R"([1 , "a",{"b":[2]},[ ],true])") ==
        Inside{{"", "1"}, {"", "\"a\""}, {"", "{\"b\":[2]}"}, {"", "[ ]"}, {"", "true"}});
  CHECK(inside("[]").empty());
}

TEST_CASE("outline: a text without inner values → itself") {
  for (const View text : {"1", " -0.5 ", "\"a\"", "true", "null"}) {
    CAPTURE(text);
    CHECK(inside(text).empty());
  }
  const Exact exact(" 12 ");
  Outline outline;
  REQUIRE(outline.read(exact.view(), 0));
  CHECK(outline.root().value == "12");
}

TEST_CASE("outline: members with the same name → the last one only") {
  CHECK(inside(R"({"a":1,"b":2,"\u0061":[3]})") == Inside{{"b", "2"}, {"a", "[3]"}});
}

TEST_CASE("outline: members by name → on their own level, wherever they are") {
  const Exact exact(R"({"a":{"x":1,"b":{"x":2}},"x":{"y":3},"x":{"y":4}})");
  Outline outline;
  REQUIRE(outline.read(exact.view(), 4));
  const auto value = [&](const Outline::Node* node, View name) {
    return outline.member(*node, name)->value;
  };
  const Outline::Node* const a = outline.member(outline.root(), "a");
  REQUIRE(a != nullptr);
  CHECK(value(a, "x") == "1");
  CHECK(value(outline.member(*a, "b"), "x") == "2");
  CHECK(value(outline.member(outline.root(), "x"), "y") == "4");
  CHECK(outline.member(outline.root(), "y") == nullptr);
  CHECK(outline.member(*a, "c") == nullptr);
}

TEST_CASE("outline: what lies deeper than asked → inside of its value, and not told") {
  const Exact exact(R"({"a":{"b":{"c":1,"c":2}},"d":[[3,[4]],5]})");
  for (const unsigned levels : {0U, 1U, 2U, 3U, 4U}) {
    Outline outline;
    REQUIRE(outline.read(exact.view(), levels));
    CHECK(outline.root().value == exact.view());
    CHECK(inside(outline, outline.root()).size() == (levels > 0 ? 2 : 0));
    if (levels == 0) continue;
    const Outline::Node& d = *outline.member(outline.root(), "d");
    CHECK(d.value == "[[3,[4]],5]");
    CHECK(inside(outline, d) == (levels > 1 ? Inside{{"", "[3,[4]]"}, {"", "5"}} : Inside{}));
  }
}

TEST_CASE("outline: something that isn't one JSON value → false") {
  for (const View text : {"", " ", "{", "[1", "{\"a\":}", "1 2", "\"\xFF\"", "{\"a\":1}}", "tru"}) {
    CAPTURE(text);
    CHECK_FALSE(readable(text));
  }
  CHECK(readable(Bytes(512, '[') + Bytes(512, ']')));
  CHECK_FALSE(readable(Bytes(513, '[') + Bytes(513, ']')));
}

TEST_CASE("outline: as many members and nodes as are followed → read; one more → false") {
  const auto members = [](std::size_t count) {
    Bytes text = "{";
    for (std::size_t i = 0; i < count; ++i) text += "\"m\":1,";
    return text + "\"m\":1}";
  };
  using namespace edgebatch::json;
  CHECK(readable(members(outline_members_count_max - 1)));
  CHECK_FALSE(readable(members(outline_members_count_max)));
  // Of one object: its neighbours begin anew, and below the levels nobody counts.
  CHECK(readable("[" + members(127) + "," + members(127) + "]"));
  CHECK(readable("[" + members(1'000) + "]", 1));

  const auto elements = [](std::size_t count) {
    Bytes text = "[1";
    for (std::size_t i = 1; i < count; ++i) text += ",1";
    return text + "]";
  };
  CHECK(readable(elements(outline_nodes_count_max - 1)));
  CHECK_FALSE(readable(elements(outline_nodes_count_max)));
  CHECK(readable(elements(outline_nodes_count_max), 0));
}

TEST_CASE("outline: read again → nothing is left of the text before") {
  const Exact first(R"({"\u0061":1,"b":{"c":2}})");
  const Exact second(R"({"\u0062":3})");
  Outline outline;
  REQUIRE(outline.read(first.view(), 4));
  REQUIRE(outline.read(second.view(), 4));
  CHECK(inside(outline, outline.root()) == Inside{{"b", "3"}});
}

TEST_CASE("outline: any text → what find_member says") {
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    const Bytes text = edgebatch::support::JsonMaker(seed).text();
    CAPTURE(seed, text);
    const Exact exact(text);
    Outline outline;
    REQUIRE(outline.read(exact.view(), 4));
    outline.each(outline.root(), [&](const Outline::Node& node) {
      CHECK(node.is_member == outline.root().value.starts_with('{'));
      if (node.is_member)
        CHECK(edgebatch::json::find_member(exact.view(), node.name) == node.value);
    });
  }
}
