#include "core/schema/glance.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <random>

#include "core/schema/compiler.hpp"
#include "core/schema/program.hpp"
#include "core/schema/run.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::schema;
using edgebatch::support::Exact;
using edgebatch::text::decimal;

// A schema, asked in both ways.
struct Both {
  explicit Both(View schema) : program({1, 2}) {
    program.text = schema;
    INFO(schema);
    CHECK(Compiler(program).run().empty());
  }

  bool at_a_glance(View answer) { return Glance(program).fits(Exact(answer).view()); }
  bool by_tape(View answer) { return Run(program).validate(Exact(answer).view()).empty(); }

  Program program;
};

bool seen(View schema, View answer) {
  Both both(schema);
  INFO(schema << " and " << answer);
  const bool is_seen = both.at_a_glance(answer);
  if (is_seen) CHECK(both.by_tape(answer));
  return is_seen;
}

// A schema that an answer of its own fits mostly, but not always.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }

  Bytes schema(unsigned levels) {
    Bytes out = "{";
    const auto say = [&out](const Bytes& member) {
      out.append(out == "{" ? "" : ",").append(member);
    };
    if (below(3) == 0)
      say(R"("type":)" + one_of({R"("object")", R"("array")", R"("string")", R"("number")",
                                 R"("integer")", R"("null")", R"(["integer","string","object"])"}));
    if (below(8) == 0) say(R"("enum":["a","b",1,2.5,true,null])");
    if (below(12) == 0) say(R"("const":)" + one_of({"1", "\"a\"", "true", "[1]"}));
    if (below(4) == 0) say(R"("minimum":1)");
    if (below(8) == 0) say(R"("multipleOf":0.5)");
    if (below(6) == 0) say(R"("maxLength":)" + decimal(below(3)));
    if (below(10) == 0) say(R"("pattern":"a|é")");
    if (levels == 0) return out + "}";
    if (below(2) == 0) say(R"("properties":{)" + schemas_by_name(levels - 1) + "}");
    if (below(3) == 0) say(R"("required":[)" + one_of({"", R"("a")", R"("b","a")"}) + "]");
    if (below(4) == 0) say(R"("additionalProperties":)" + inner(levels));
    if (below(8) == 0) say(R"("propertyNames":)" + inner(0));
    if (below(8) == 0) say(R"("minProperties":1)");
    if (below(8) == 0) say(R"("maxProperties":2)");
    if (below(3) == 0) say(R"("items":)" + inner(levels));
    if (below(8) == 0) say(R"("prefixItems":[)" + inner(levels) + "]");
    if (below(8) == 0) say(R"("maxItems":2)");
    if (below(8) == 0) say(R"("uniqueItems":true)");
    if (below(3) == 0) {
      say(R"("if":)" + inner(levels));
      if (below(4) != 0) say(R"("then":)" + inner(levels));
      if (below(4) != 0) say(R"("else":)" + inner(levels));
    }
    return out + "}";
  }

  Bytes answer(unsigned levels) {
    if (levels == 0 || below(3) == 0)
      return one_of({"1", "2.5", "1.0", "0", "\"a\"", "\"\\u0061\"", "\"\"", "\"é\"", "true",
                     "false", "null", "[]", "{}", "[1]"});
    Bytes out;
    const bool object = below(3) != 0;
    for (std::size_t left = below(5); left > 0; --left) {
      if (!out.empty()) out += one_of({",", " ,\n"});
      if (object)
        out += one_of({"\"a\"", "\"b\"", "\"c\"", "\"\\u0061\"", "\"é\""}) + one_of({":", " : "});
      out += answer(levels - 1);
    }
    return object ? "{" + out + "}" : "[" + out + "]";
  }

 private:
  Bytes one_of(std::initializer_list<View> all) { return Bytes(all.begin()[below(all.size())]); }

  Bytes inner(unsigned levels) {
    return below(6) == 0 ? one_of({"true", "false"}) : schema(levels == 0 ? 0 : levels - 1);
  }
  Bytes schemas_by_name(unsigned levels) {
    Bytes out = "\"a\":" + schema(levels);
    if (below(2) == 0) out += ",\"b\":" + schema(levels);
    if (below(2) == 0) out += ",\"é\":" + inner(levels);
    return out;
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("schema glance: what people extract with → seen in one pass") {
  constexpr View schema = R"({"type":"object","properties":{
      "id":{"type":"integer","minimum":1},"name":{"type":"string","minLength":1,"maxLength":5},
      "kind":{"enum":["a","b",null]},"price":{"type":"number","multipleOf":0.01},
      "day":{"type":["string","null"],"pattern":"^\\d{4}$"},"paid":{"type":"boolean"},
      "tags":{"type":"array","items":{"type":"string"},"uniqueItems":true,"maxItems":3},
      "pair":{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false},
      "more":{"propertyNames":{"maxLength":3},"additionalProperties":{"type":"integer"}}},
      "required":["id","name"],"additionalProperties":false,"minProperties":2,
      "if":{"properties":{"kind":{"const":"a"}},"required":["kind"]},
      "then":{"required":["price"]}})";
  CHECK(seen(schema, R"({"id":1,"name":"é","kind":"b","price":1.25,"day":null,"paid":true,
      "tags":["x","y"],"pair":[1,"x"],"more":{"a":1,"b":2}})"));
  CHECK(seen(schema, R"( { "name" : "a\nb" , "id" : 1e0 } )"));
  CHECK(seen(schema, R"({"kind":"a","price":0.1,"id":1,"name":"x"})"));
  for (const View wrong :
       {R"({"id":0,"name":"x"})", R"({"id":1.5,"name":"x"})", R"({"id":1,"name":""})",
        R"({"id":1,"name":"abcdef"})", R"({"id":1})", R"({"id":1,"name":"x","kind":"c"})",
        R"({"id":1,"name":"x","price":0.001})", R"({"id":1,"name":"x","day":"1"})",
        R"({"id":1,"name":"x","paid":1})", R"({"id":1,"name":"x","tags":["a","a"]})",
        R"({"id":1,"name":"x","tags":["a","b","c","d"]})", R"({"id":1,"name":"x","pair":["x"]})",
        R"({"id":1,"name":"x","pair":[1,"x",2]})", R"({"id":1,"name":"x","more":{"abcd":1}})",
        R"({"id":1,"name":"x","more":{"a":"b"}})", R"({"id":1,"name":"x","other":1})",
        R"({"id":1,"name":"x","kind":"a"})", R"([])", R"("x")"})
    CHECK_FALSE(seen(schema, wrong));
}

TEST_CASE("schema glance: no JSON, or something behind it → not seen") {
  for (const View wrong :
       {"",           " ",        "{",         "{}}",   "[1,]", "[,1]", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{a:1}",    "{\"a\" 1}", "[1 2]", "nul",  "01",   "1.",      "-",
        "\"",         "\"\x01\"", "\"\xff\"",  "1 1",   "[}",   "{]",   "\"\\x\""})
    CHECK_FALSE(seen("true", wrong));
  for (const View right :
       {"{}", "[]", " [1 , 2]\n", "{\"a\":{\"b\":[null,true,\"\\u00e9\"]}}", "-0.5e9"})
    CHECK(seen("true", right));
}

TEST_CASE("schema glance: a name twice → left to the tape if it says something") {
  CHECK_FALSE(seen(R"({"properties":{"a":true}})", R"({"a":1,"a":2})"));
  CHECK(seen(R"({"properties":{"a":true}})", R"({"b":1,"b":2})"));
  CHECK(seen(R"({"additionalProperties":{"type":"integer"}})", R"({"b":1,"b":2})"));
  CHECK_FALSE(seen(R"({"minProperties":2})", R"({"b":1,"b":2})"));
  CHECK_FALSE(seen(R"({"maxProperties":1})", R"({"b":1,"b":2})"));
  CHECK(seen(R"({"minProperties":1})", R"({"b":1,"b":2})"));
  // The first doesn't fit, but doesn't count either: so the condition holds.
  CHECK_FALSE(
      seen(R"({"if":{"additionalProperties":{"const":1}},"then":false})", R"({"b":2,"b":1})"));
  CHECK_FALSE(seen(R"({"if":{"properties":{"b":{"const":1}}},"then":false})", R"({"b":2,"b":1})"));
}

TEST_CASE("schema glance: names that can't be compared in quotes → found as well") {
  constexpr View schema = R"({"properties":{"a name that is longer than two blocks":{"const":1},
      "\"":{"const":2},"é":{"const":3}},"additionalProperties":false})";
  CHECK(seen(schema, R"({"a name that is longer than two blocks":1,"é":3})"));
  CHECK_FALSE(seen(schema, R"({"a name that is longer than two blocks":2})"));
  CHECK_FALSE(seen(schema, R"({"\"":2})"));  // Escapes are left to the tape.
  CHECK_FALSE(seen(schema, R"({""":2})"));
  CHECK(seen(R"({"properties":{"":{"const":1}},"additionalProperties":false})", R"({"":1})"));
}

TEST_CASE("schema glance: a condition that doesn't hold → what lies behind it is read, too") {
  constexpr View schema = R"({"if":{"properties":{"a":{"items":{"type":"integer"}}},
      "required":["b"]},"then":{"required":["t"]},"else":{"required":["e"]}})";
  CHECK(seen(schema, R"({"a":["x",[{"y":1}]],"b":2,"e":3})"));
  CHECK_FALSE(seen(schema, R"({"a":["x"],"b":2,"t":3})"));
  CHECK(seen(schema, R"({"a":[1],"b":2,"t":3})"));
  CHECK(seen(schema, R"({"a":[1],"e":3})"));
  // Of 1.0 it isn't seen whether it is among them.
  CHECK_FALSE(seen(R"({"if":{"const":1},"then":false})", "1.0"));
  CHECK_FALSE(seen(R"({"if":{"enum":[{}]},"then":false})", "{}"));
  for (const View never : {"false", R"({"type":"null"})", R"({"enum":[1]})"})
    for (const View value : {R"({"a":[1]})", "[[2]]", "\"a\""})
      CHECK(seen(Bytes(R"({"if":)").append(never).append(R"(,"then":false})"), value));
}

TEST_CASE("schema glance: a condition that takes too long to look at → not seen, whichever way") {
  const Bytes long_string = "\"" + Bytes(4 * edgebatch::json::tape_nodes_count_max, 's') + "\"";
  Both both(R"({"if":{"pattern":"s$"},"then":false})");
  CHECK_FALSE(both.at_a_glance(long_string));
  CHECK_FALSE(both.by_tape(long_string));
}

TEST_CASE("schema glance: values inside of each other → as deep as is looked, and no deeper") {
  const auto nested = [](std::size_t levels) { return Bytes(levels, '[') + Bytes(levels, ']'); };
  CHECK(seen("true", nested(128)));
  CHECK_FALSE(seen("true", nested(129)));
}

TEST_CASE("schema glance: as many values as the tape takes, and one more → seen, not seen") {
  const auto zeros = [](std::size_t count) {
    Bytes out = "[0";
    for (std::size_t i = 1; i < count; ++i) out += ",0";
    return out + "]";
  };
  Both both("true");
  CHECK(both.at_a_glance(zeros(edgebatch::json::tape_nodes_count_max - 1)));
  CHECK_FALSE(both.at_a_glance(zeros(edgebatch::json::tape_nodes_count_max)));
}

TEST_CASE("schema glance: made-up schemas and answers → what is seen to fit does") {
  Maker maker(5);
  std::size_t seen_count = 0;
  std::size_t fitting_count = 0;
  for (int i = 0; i < 3'000; ++i) {
    const Bytes schema = maker.schema(3);
    Both both(schema);
    for (int j = 0; j < 10; ++j) {
      const Bytes answer = maker.answer(3);
      const bool is_seen = both.at_a_glance(answer);
      const bool fits = both.by_tape(answer);
      if (is_seen && !fits) FAIL(schema << " and " << answer);
      seen_count += is_seen ? 1 : 0;
      fitting_count += fits ? 1 : 0;
    }
  }
  CHECK(fitting_count > 5'000);
  CHECK(seen_count > fitting_count / 2);
}
