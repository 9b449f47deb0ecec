#include "core/json/tape.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

#include "tests/support/exact.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::Kind;
using edgebatch::json::Tape;
using edgebatch::support::Exact;

namespace {

using Reading = Tape::Reading;

Reading reading(View text, unsigned levels_max = edgebatch::json::nesting_max) {
  Tape tape({1, 2});
  return tape.read(Exact(text).view(), levels_max);
}

// `name=value` of each member of the outermost object that counts.
std::vector<Bytes> members(View text) {
  Tape tape({1, 2});
  const Exact exact(text);
  CHECK(tape.read(exact.view()) == Reading::whole);
  std::vector<Bytes> found;
  Bytes scratch;
  tape.each_member(0, [&](Tape::Index name, Tape::Index value) {
    found.push_back(Bytes(tape.string(tape[name], scratch)) + "=" +
                    Bytes(tape.inside(tape[value])));
  });
  CHECK(found.size() == tape[0].size);
  return found;
}

}  // namespace

TEST_CASE("tape: a text → its values in order, each with its kind, place and end") {
  Tape tape({1, 2});
  const Exact text(R"( {"a": [1, -2.5e3, "xé"], "b\u0041": {}, "c": null, "d": false} )");
  REQUIRE(tape.read(text.view()) == Reading::whole);
  CHECK(tape.size() == 12);
  CHECK(tape[0].kind == Kind::object);
  CHECK(tape[0].size == 4);
  CHECK(tape[0].end == 12);
  CHECK(tape[2].kind == Kind::array);
  CHECK(tape[2].size == 3);
  CHECK(tape[2].end == 6);
  CHECK(tape.inside(tape[4]) == "-2.5e3");
  CHECK(tape.inside(tape[5]) == "xé");
  CHECK_FALSE(tape[5].ascii);
  CHECK(tape[1].ascii);
  CHECK(tape[6].escaped);
  Bytes scratch;
  CHECK(tape.string(tape[6], scratch) == "bA");
  CHECK(tape[7].size == 0);
  CHECK_FALSE(tape.truth(tape[11]));
}

TEST_CASE("tape: values and names anywhere → their pointers") {
  Tape tape({1, 2});
  const Bytes text = R"({"a/b":[1,[true],{"~":2}],"c":{"d":{"":[{}]}}})";
  REQUIRE(tape.read(text) == Reading::whole);
  const std::vector<Bytes> pointers{
      "",           "/a~1b", "/a~1b", "/a~1b/0", "/a~1b/1", "/a~1b/1/0", "/a~1b/2", "/a~1b/2/~0",
      "/a~1b/2/~0", "/c",    "/c",    "/c/d",    "/c/d",    "/c/d/",     "/c/d/",   "/c/d//0"};
  REQUIRE(tape.size() == pointers.size());
  for (Tape::Index i = 0; i < tape.size(); ++i) CHECK(tape.pointer(i) == pointers[i]);
}

TEST_CASE("tape: texts of any length and shape → whole exactly where the grammar says so") {
  for (const View text : {"",           " ",
                          "1",          "-",
                          "-1",         "01",
                          "1.",         "1e",
                          "1e5",        "tru",
                          "true",       "truex",
                          "nul",        "\"",
                          "\"\\",       "\"a\"",
                          "\"a\\u12\"", "\"\\u0041\"",
                          "\"\\x\"",    "\"\n\"",
                          "\"\xFF\"",   "\"\xC3\xA9\"",
                          "[",          "]",
                          "[]",         "[1",
                          "[1,",        "[1,]",
                          "[,1]",       "[1 2]",
                          "[1]]",       "{",
                          "}",          "{}",
                          "{1:2}",      "{\"a\"}",
                          "{\"a\":}",   "{\"a\":1",
                          "{\"a\":1,}", "{\"a\" : 1}",
                          "{\"a\":1]",  "[1}",
                          "1 2",        "\xEF\xBB\xBF[]",
                          "// 1",       "NaN",
                          "```json"}) {
    for (const std::size_t padding : {0U, 1U, 15U, 31U, 32U, 33U, 64U, 100U}) {
      const Bytes spaces(padding, ' ');
      CAPTURE(text, padding);
      for (const Bytes& padded : {spaces + Bytes(text), Bytes(text) + spaces})
        CHECK((reading(padded) == Reading::whole) == edgebatch::json::valid(padded));
      const Bytes inside = "[\"" + Bytes(padding, 'x') + "\"," + Bytes(text) + "]";
      CHECK((reading(inside) == Reading::whole) == edgebatch::json::valid(inside));
    }
  }
}

TEST_CASE("tape: a text that goes wrong → where") {
  Tape tape({1, 2});
  const Bytes wrong = R"({"a": 1, "b": tru})" + Bytes(100, ' ');
  CHECK(tape.read(wrong) == Reading::not_json);
  CHECK(tape.stopped_at() == 14);
  CHECK(tape.read("[1,2") == Reading::not_json);
  CHECK(tape.stopped_at() == 4);
}

TEST_CASE("tape: as deep as allowed, and deeper → read, and not") {
  const auto nested = [](std::size_t levels) { return Bytes(levels, '[') + Bytes(levels, ']'); };
  CHECK(reading(nested(3), 3) == Reading::whole);
  CHECK(reading(nested(4), 3) == Reading::too_deep);
  CHECK(reading(nested(512)) == Reading::whole);
  CHECK(reading(nested(513)) == Reading::too_deep);
}

TEST_CASE("tape: more values than are followed → too large") {
  const auto zeros = [](std::size_t count) {
    Bytes text = "[0";
    for (std::size_t i = 1; i < count; ++i) text += ",0";
    return text + "]";
  };
  CHECK(reading(zeros(edgebatch::json::tape_nodes_count_max - 1)) == Reading::whole);
  CHECK(reading(zeros(edgebatch::json::tape_nodes_count_max)) == Reading::too_large);
}

TEST_CASE("tape: a name twice, few names or many, written differently → only the last counts") {
  CHECK(members(R"({"a":1,"b":2,"a":3})") == std::vector<Bytes>{"b=2", "a=3"});
  CHECK(members(R"({"a":1,"\u0061":2,"a":3,"b":4})") == std::vector<Bytes>{"a=3", "b=4"});
  CHECK(members(R"({"":1,"":2})") == std::vector<Bytes>{"=2"});
  Bytes text = "{";
  for (int i = 0; i < 100; ++i)
    text += "\"" + edgebatch::text::decimal(static_cast<unsigned>(i % 40)) +
            "\":" + edgebatch::text::decimal(static_cast<unsigned>(i)) + ",";
  const auto found = members(text + R"("\u0030":100})");
  CHECK(found.size() == 40);
  CHECK(found.front() == "20=60");
  CHECK(found.back() == "0=100");
}
