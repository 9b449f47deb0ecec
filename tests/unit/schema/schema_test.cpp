// What the test suite doesn't ask.
#include "core/schema/schema.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <utility>

#include "core/text/bytes.hpp"

#include "tests/unit/schema/compiling.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::schema;

}  // namespace

TEST_CASE("schema: a member twice → only the last is looked at") {
  constexpr View schema = R"({"properties":{"a":{"type":"string"}},"required":["a"]})";
  CHECK(fits(schema, R"({"a":1,"a":"x"})"));
  CHECK_FALSE(fits(schema, R"({"a":"x","a":1})"));
  CHECK(fits(R"({"maxProperties":1,"additionalProperties":{"const":2}})", R"({"b":1,"b":2})"));
}

TEST_CASE("schema: names and values written with escapes → what they stand for") {
  CHECK(fits(R"({"properties":{"\u00e9":{"const":"\ud83d\ude00"}},"required":["é"]})",
             R"({"\u00E9":"😀"})"));
  CHECK_FALSE(fits(R"({"properties":{"é":{"const":"a"}}})", R"({"\u00e9":"b"})"));
  CHECK(fits(R"({"minLength":1,"maxLength":1})", R"("\ud83d\ude00")"));
  CHECK(fits(R"({"minLength":2,"maxLength":2})", R"("é\n")"));
  CHECK(fits(R"({"pattern":"^a\\nb$"})", R"("a\nb")"));
}

TEST_CASE("schema: numbers beyond doubles → exact") {
  CHECK(fits(R"({"const":12345678901234567890123})", "12345678901234567890123"));
  CHECK_FALSE(fits(R"({"const":12345678901234567890123})", "12345678901234567890124"));
  CHECK(fits(R"({"type":"integer","minimum":1e400})", "2e400"));
  CHECK_FALSE(fits(R"({"maximum":0})", "1e-999999999999"));
  CHECK(fits(R"({"multipleOf":0.01})", "19.99"));
  CHECK(fits(R"({"enum":[1e0]})", "1.00"));
  CHECK_FALSE(fits(R"({"uniqueItems":true})", "[1, 1.0]"));
}

TEST_CASE("schema: members in any order, some known, some not → each finds its schema") {
  constexpr View schema = R"({"properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},
                              "additionalProperties":{"const":0}})";
  CHECK(fits(schema, R"({"c":3,"x":0,"a":1,"y":0,"b":2})"));
  for (const View wrong : {R"({"c":0})", R"({"x":1})", R"({"b":1,"a":2})", R"({"a":1,"c":2})"})
    CHECK_FALSE(fits(schema, wrong));
}

TEST_CASE("schema: enums of strings, few and many, and of anything → found") {
  Bytes values;
  for (int i = 0; i < 40; ++i) values += (i == 0 ? "\"v" : ",\"v") + std::to_string(i) + "\"";
  for (const Bytes& schema : {R"({"enum":[)" + values + "]}", R"({"enum":["v0","v39"]})" + Bytes(),
                              R"({"enum":["v0",7,"v39"]})" + Bytes()}) {
    CHECK(fits(schema, R"("v39")"));
    CHECK(fits(schema, R"("v\u0030")"));
    CHECK_FALSE(fits(schema, R"("v40")"));
    CHECK_FALSE(fits(schema, "[]"));
    CHECK_FALSE(fits(schema, "0"));
  }
  CHECK(fits(R"({"enum":[[1,{"a":[]}]]})", R"([1.0,{"a":[]}])"));
  CHECK_FALSE(fits(R"({"enum":[]})", "1"));
}

TEST_CASE("schema: enum and const, in either order → both count") {
  CHECK_FALSE(fits(R"({"enum":[1,2],"const":3})", "3"));
  CHECK_FALSE(fits(R"({"const":3,"enum":[1,2]})", "1"));
  CHECK(fits(R"({"const":2,"enum":[1,2]})", "2"));
}

TEST_CASE("schema: what an if evaluated → counts for unevaluated only where it holds") {
  constexpr View schema = R"({"if":{"properties":{"k":{"const":1},"a":true},"required":["k"]},
      "then":{"properties":{"b":true}},"else":{"properties":{"c":true,"k":true}},
      "dependentSchemas":{"d":{"properties":{"d":true,"e":true}}},"unevaluatedProperties":false})";
  CHECK(fits(schema, R"({"k":1,"a":0,"b":0})"));
  CHECK_FALSE(fits(schema, R"({"k":1,"c":0})"));
  CHECK(fits(schema, R"({"k":2,"c":0})"));
  CHECK_FALSE(fits(schema, R"({"k":2,"a":0})"));
  CHECK(fits(schema, R"({"k":2,"d":0,"e":0})"));
  CHECK_FALSE(fits(schema, R"({"k":2,"e":0})"));
}

TEST_CASE("schema: unevaluated inside of what is applied → doesn't see its neighbours") {
  CHECK_FALSE(fits(R"({"properties":{"a":true},"if":true,"then":{"unevaluatedProperties":false}})",
                   R"({"a":1})"));
  CHECK(fits(R"({"if":true,"then":{"properties":{"a":true},"unevaluatedProperties":false},
                 "unevaluatedProperties":false})",
             R"({"a":1})"));
  CHECK(fits(R"({"contains":{"const":1},"prefixItems":[true],"unevaluatedItems":{"const":2}})",
             "[0,1,2,1]"));
  CHECK_FALSE(fits(R"({"contains":{"const":1},"unevaluatedItems":false})", "[1,2]"));
}

TEST_CASE("schema: many members and elements → the last of them is marked, too") {
  Bytes members = R"({"m0":0)";
  Bytes elements = "[0";
  for (int i = 1; i < 200; ++i) {
    members += ",\"m" + std::to_string(i) + "\":0";
    elements += ",0";
  }
  constexpr View objects =
      R"({"if":{"additionalProperties":{"const":0}},"unevaluatedProperties":false})";
  CHECK(fits(objects, members + "}"));
  CHECK_FALSE(fits(objects, members + R"(,"m":1})"));
  constexpr View arrays = R"({"contains":{"const":0},"unevaluatedItems":{"const":1}})";
  CHECK(fits(arrays, elements + ",1]"));
  CHECK_FALSE(fits(arrays, elements + ",2]"));
}

TEST_CASE("schema: moved → goes on") {
  Schema first = compiled(R"({"properties":{"a":{"enum":["x"],"minimum":1}}})");
  CHECK(first.validate(R"({"a":"x"})").empty());
  Schema second = std::move(first);
  CHECK(second.validate(R"({"a":"x"})").empty());
  CHECK(second.validate(R"({"a":"y"})").size() == 1);
}
