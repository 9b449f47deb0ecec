#include "core/json/value.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/json_maker.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::Kind;
using edgebatch::json::Value;
using edgebatch::support::Exact;
using edgebatch::support::JsonMaker;

namespace {

std::optional<Value> parse(View text) { return Value::parse(Exact(text).view()); }

Bytes canonical(View text) {
  const auto value = parse(text);
  return value ? value->canonical() : "nothing";
}

Bytes nested(std::size_t levels, View open, View close) {
  Bytes text;
  for (std::size_t i = 0; i < levels; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < levels; ++i) text += close;
  return text;
}

}  // namespace

TEST_CASE("value: each kind → told, in words too, and read by its accessor alone") {
  struct Case {
    View text;
    Kind kind;
    View words;
  };
  constexpr auto cases = std::to_array<Case>({
      {"null", Kind::null, "null"},
      {"true", Kind::boolean, "a boolean"},
      {"-7", Kind::number, "an integer"},
      {"18446744073709551615", Kind::number, "an integer"},
      {"1.0", Kind::number, "a decimal number"},
      {"1e2", Kind::number, "a decimal number"},
      {"\"x\"", Kind::string, "a string"},
      {"[1]", Kind::array, "an array"},
      {"{\"a\":1}", Kind::object, "an object"},
  });
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto value = parse(one.text);
    REQUIRE(value);
    CHECK(value->kind() == one.kind);
    CHECK(value->kind_in_words() == one.words);
    CHECK(value->is_null() == (one.kind == Kind::null));
    CHECK(value->boolean().has_value() == (one.kind == Kind::boolean));
    CHECK(value->integer().has_value() == (one.text == "-7"));
    CHECK(value->string().has_value() == (one.kind == Kind::string));
    CHECK(value->elements().empty() == (one.kind != Kind::array));
    CHECK(value->members().empty() == (one.kind != Kind::object));
    CHECK(value->member("a").has_value() == (one.kind == Kind::object));
  }
}

TEST_CASE("value: integers → exact, and nothing beyond 64 bits") {
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  constexpr auto min = std::numeric_limits<std::int64_t>::min();
  CHECK(parse("0")->integer() == 0);
  CHECK(parse("-0")->integer() == 0);
  CHECK(parse("9223372036854775807")->integer() == max);
  CHECK(parse("-9223372036854775808")->integer() == min);
  CHECK(parse("9223372036854775808")->integer() == std::nullopt);
  CHECK(parse("-9223372036854775809")->integer() == std::nullopt);
  CHECK(parse("1.0")->integer() == std::nullopt);
  CHECK(parse("1e0")->integer() == std::nullopt);
  CHECK(parse("\"1\"")->integer() == std::nullopt);
}

TEST_CASE("value: strings and booleans → decoded") {
  CHECK(parse(R"("a\n\u00e9\ud83d\ude00")")->string() == "a\n\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(parse(R"("\u0000")")->string() == View("\0", 1));
  CHECK(parse("true")->boolean() == true);
  CHECK(parse("false")->boolean() == false);
}

TEST_CASE("value: an object → members by name and in the text's order, the last of a name counts") {
  const auto value = parse(R"({"z":1,"a":{"b":[true]},"z":2,"m":3,"a":4})");
  REQUIRE(value);
  CHECK(value->member("z")->integer() == 2);
  CHECK(value->member("a")->integer() == 4);
  CHECK_FALSE(value->member("b"));
  Bytes names;
  for (const auto& [name, member] : value->members()) {
    names += name + "=" + member.canonical() + " ";
  }
  CHECK(names == "z=2 m=3 a=4 ");
}

TEST_CASE("value: inner values → outlive the value they were taken from") {
  std::optional<Value> inner;
  {
    const auto value = parse(R"({"a":[{"b":"a text longer than any small string"}]})");
    inner = value->member("a")->elements().at(0).member("b");
  }
  REQUIRE(inner);
  CHECK(inner->string() == "a text longer than any small string");
}

TEST_CASE("value: depth at the limit → parsed; above → nothing, however deep") {
  using edgebatch::json::depth_max;
  CHECK(parse(nested(depth_max - 1, "[", "]")));
  CHECK(parse(nested(depth_max, "[", "]")));
  CHECK(canonical(nested(depth_max, "{\"a\":", "}")) == nested(depth_max, "{\"a\":", "}"));
  CHECK_FALSE(parse(nested(depth_max + 1, "[", "]")));
  CHECK_FALSE(parse(nested(depth_max + 1, "{\"a\":", "}")));
  CHECK_FALSE(parse(nested(1'000'000, "[", "]")));
  CHECK_FALSE(parse(Bytes(1'000'000, '[')));
}

TEST_CASE("value: what isn't one JSON value in UTF-8 → nothing") {
  for (const View text : {"", " ", "{", "[1,]", "{\"a\":1}x", "1 2", "nul", "\"\xFF\"",
                          "\xEF\xBB\xBF{}", "'a'", "01", "/**/1", "\"a", "NaN"}) {
    CAPTURE(text);
    CHECK_FALSE(parse(text));
  }
  CHECK_FALSE(parse(View("1\0", 2)));
}

TEST_CASE("value: JSON that has no value → nothing") {
  CHECK_FALSE(parse(R"("\ud800")"));
  CHECK_FALSE(parse(R"({"\udc00":1})"));
  CHECK_FALSE(parse("1e999"));
  CHECK(parse("1e-999"));
}

TEST_CASE("value: canonical text → sorted at every level, compact, the same for equal values") {
  CHECK(canonical(R"( {"b" : [ 1 , {"d":null,"c":true} ] , "a":"x"} )") ==
        R"({"a":"x","b":[1,{"c":true,"d":null}]})");
  CHECK(canonical(R"({"a":1,"a":2})") == R"({"a":2})");
  CHECK(canonical("[]") == "[]");
  CHECK(canonical("{}") == "{}");
  CHECK(canonical("[1,-2,18446744073709551615,1.0,1e2,0.1]") ==
        "[1,-2,18446744073709551615,1.0,100.0,0.1]");
  CHECK(canonical("1E+2") == canonical("100.0"));
  CHECK(canonical("1") != canonical("2"));
  CHECK(canonical(R"("\u0041\n")") == R"("A\n")");
}

TEST_CASE("value: canonical text → is its own canonical text") {
  std::size_t parsed = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Bytes text = JsonMaker(seed).text();
    const auto value = parse(text);
    if (!value) continue;  // A lone surrogate.
    ++parsed;
    CAPTURE(text);
    CHECK(canonical(value->canonical()) == value->canonical());
  }
  CHECK(parsed > 250);
}

TEST_CASE("value: an object of many members, names repeated → not quadratic") {
  Bytes text = "{";
  for (int i = 0; i < 100'000; ++i) {
    text += "\"name_" + std::to_string(i % 60'000) + "\":" + std::to_string(i) + ",";
  }
  text.back() = '}';
  const auto value = parse(text);
  REQUIRE(value);
  CHECK(value->members().size() == 60'000);
  CHECK(value->member("name_39999")->integer() == 99'999);
  CHECK(value->member("name_40000")->integer() == 40'000);
}
