// What somebody reads whose schema or prompt has to be mended.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/schema/compiling.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::schema;

using Lines = std::vector<Bytes>;

// A schema of an object's member `total`.
Bytes total(View schema) { return R"({"properties":{"total":)" + Bytes(schema) + "}}"; }

}  // namespace

TEST_CASE("failures: another type → what is there, and what has to be") {
  CHECK(failures_of(total(R"({"type":"number"})"), R"({"total":"12,50"})") ==
        Lines{R"(/total: is "12,50" (a string), but must be a number (type))"});
  CHECK(failures_of(total(R"({"type":["integer","null"]})"), R"({"total":1.5})") ==
        Lines{"/total: is 1.5 (a number), but must be an integer or null (type)"});
  CHECK(failures_of(total(R"({"type":["array","object","string"]})"), R"({"total":true})") ==
        Lines{"/total: is true (a boolean), but must be a string, an array or an object (type)"});
  CHECK(failures_of(total(R"({"type":"string"})"), R"({"total":[1]})") ==
        Lines{"/total: is an array, but must be a string (type)"});
  CHECK(failures_of(R"({"type":"object"})", "null") ==
        Lines{"the answer is null, but must be an object (type)"});
}

TEST_CASE("failures: other than enum or const → what may be") {
  CHECK(failures_of(total(R"({"enum":["EUR","USD",null,1]})"), R"({"total":"EURO"})") ==
        Lines{R"(/total: is "EURO", but must be one of "EUR", "USD", null, 1 (enum))"});
  CHECK(failures_of(total(R"({"const":1.50})"), R"({"total":2})") ==
        Lines{"/total: is 2, but must be 1.50 (const)"});
  CHECK(failures_of(total(R"({"const":{"a":1}})"), R"({"total":{"a":2}})") ==
        Lines{"/total: is an object, but must be equal to an object (const)"});
}

TEST_CASE("failures: numbers out of bounds → the bounds as the schema writes them") {
  CHECK(failures_of(total(R"({"minimum":-1.50})"), R"({"total":-2})") ==
        Lines{"/total: is -2, but must be at least -1.50 (minimum)"});
  CHECK(failures_of(total(R"({"maximum":1e3})"), R"({"total":1000.1})") ==
        Lines{"/total: is 1000.1, but must be at most 1e3 (maximum)"});
  CHECK(failures_of(total(R"({"exclusiveMinimum":0})"), R"({"total":0.0})") ==
        Lines{"/total: is 0.0, but must be more than 0 (exclusiveMinimum)"});
  CHECK(failures_of(total(R"({"exclusiveMaximum":5})"), R"({"total":5})") ==
        Lines{"/total: is 5, but must be less than 5 (exclusiveMaximum)"});
  CHECK(failures_of(total(R"({"multipleOf":0.01})"), R"({"total":1.005})") ==
        Lines{"/total: is 1.005, but must be a multiple of 0.01 (multipleOf)"});
  CHECK(failures_of(total(R"({"minimum":3,"multipleOf":2})"), R"({"total":1})").size() == 2);
}

TEST_CASE("failures: strings of another length or look → how long, and what is wanted") {
  CHECK(failures_of(total(R"({"minLength":3})"), R"({"total":"né"})") ==
        Lines{R"(/total: is "né", which has 2 characters, but must have at least 3 (minLength))"});
  CHECK(
      failures_of(total(R"({"maxLength":0})"), R"({"total":"\u00e9"})") ==
      Lines{R"(/total: is "\u00e9", which has 1 character, but must have at most 0 (maxLength))"});
  CHECK(failures_of(total(R"({"pattern":"^\\d{4}$"})"), R"({"total":"24"})") ==
        Lines{R"(/total: is "24", but must match the pattern "^\\d{4}$" (pattern))"});
  const Bytes answer = R"({"total":")" + Bytes(1'000, 'x') + R"("})";
  CHECK(failures_of(total(R"({"maxLength":9})"), answer) ==
        Lines{"/total: is \"" + Bytes(100, 'x') +
              "…\", which has 1000 characters, but must have at most 9 (maxLength)"});
}

TEST_CASE("failures: objects' members → which is missing, or too many, or not allowed") {
  CHECK(failures_of(R"({"required":["a","b","c"]})", R"({"b":1})") ==
        Lines{R"(the answer has no member "a", which is required (required))",
              R"(the answer has no member "c", which is required (required))"});
  CHECK(
      failures_of(R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1,"b":2})") ==
      Lines{"/b: is 2 (a number), but must not be there (additionalProperties)"});
  CHECK(failures_of(R"({"properties":{"a":false}})", R"({"a":"x"})") ==
        Lines{R"(/a: is "x" (a string), but must not be there (properties))"});
  CHECK(failures_of(R"({"unevaluatedProperties":false})", R"({"a":{}})") ==
        Lines{"/a: is an object, but must not be there (unevaluatedProperties)"});
  CHECK(failures_of(R"({"minProperties":2})", R"({"a":1})") ==
        Lines{"the answer has 1 member, but must have at least 2 (minProperties)"});
  CHECK(failures_of(R"({"maxProperties":1})", R"({"a":1,"b":2,"a":3})") ==
        Lines{"the answer has 2 members, but must have at most 1 (maxProperties)"});
  CHECK(
      failures_of(R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})") ==
      Lines{
          R"(/ab: its name is "ab", which has 2 characters, but must have at most 1 (maxLength))"});
  CHECK(failures_of(R"({"propertyNames":false})", R"({"ab":1})") ==
        Lines{R"(/ab: its name is "ab" (a string), but must not be there (propertyNames))"});
  CHECK(failures_of(R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})") ==
        Lines{R"(the answer has a member "a", but none named "b", which it then must have )"
              "(dependentRequired)"});
}

TEST_CASE("failures: arrays' elements → how many, which is repeated, or not allowed") {
  CHECK(failures_of(R"({"minItems":1})", "[]") ==
        Lines{"the answer has 0 elements, but must have at least 1 (minItems)"});
  CHECK(failures_of(R"({"maxItems":1})", "[1,2]") ==
        Lines{"the answer has 2 elements, but must have at most 1 (maxItems)"});
  CHECK(
      failures_of(total(R"({"uniqueItems":true})"), R"({"total":["a","b","a"]})") ==
      Lines{
          R"(/total/2: is "a" as /total/0 is, but each element must be different (uniqueItems))"});
  CHECK(
      failures_of(R"({"contains":{"const":1}})", "[2]") ==
      Lines{
          "the answer has 0 elements as 'contains' asks for, but must have at least 1 (contains)"});
  CHECK(failures_of(R"({"contains":{"const":1},"maxContains":1})", "[1,1]") ==
        Lines{"the answer has 2 elements as 'contains' asks for, but must have at most 1 "
              "(maxContains)"});
  CHECK(failures_of(R"({"prefixItems":[{}],"items":false})", "[1,2]") ==
        Lines{"/1: is 2 (a number), but must not be there (items)"});
  CHECK(failures_of(R"({"items":{"items":{"type":"integer"}}})", R"([[1],[2,"x"]])") ==
        Lines{R"(/1/1: is "x" (a string), but must be an integer (type))"});
}

TEST_CASE("failures: a false schema → said") {
  CHECK(failures_of("false", "1") ==
        Lines{"the answer is refused by the schema, which is `false`"});
  CHECK(failures_of(R"({"if":true,"then":false})", "{}") ==
        Lines{R"(the answer is refused by "then", which is `false` for what it is (then))"});
  CHECK(failures_of(R"({"enum":[]})", "1") ==
        Lines{"the answer is 1, but must be nothing, as the schema's list is empty (enum)"});
}

TEST_CASE("failures: what is only tried → not told") {
  constexpr View schema =
      R"({"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]},"else":{"required":["c"]}})";
  CHECK(failures_of(schema, R"({"a":1})") ==
        Lines{R"(the answer has no member "b", which is required (required))"});
  CHECK(failures_of(schema, R"({"a":2})") ==
        Lines{R"(the answer has no member "c", which is required (required))"});
}

TEST_CASE("failures: more than are listed → the first, in the order of the answer") {
  Bytes answer = "[";
  for (int i = 0; i < 100; ++i) answer += "null,";
  const Lines lines = failures_of(R"({"items":{"type":"string"}})", answer + "1]");
  CHECK(lines.size() == failures_count_max);
  CHECK(lines.front().starts_with("/0: "));
  CHECK(lines.back().starts_with("/9: "));
}

TEST_CASE(
    "failures: an answer that is no JSON, or more than is followed → said, without a keyword") {
  CHECK(failures_of("{}", "") == Lines{"the answer is not JSON: it ends too early"});
  CHECK(failures_of("{}", "{\"a\":1") == Lines{"the answer is not JSON: it ends too early"});
  CHECK(failures_of("{}", "```json\n{}\n```") ==
        Lines{"the answer is not JSON: wrong from byte 0 on, which is \"```json\n{}\n```\""});
  CHECK(failures_of("{}", Bytes(513, '[')) ==
        Lines{"the answer is nested more than 512 levels deep"});
}

TEST_CASE("failures: one schema, one answer after the other → each by itself") {
  Schema schema =
      compiled(R"({"properties":{"a":{"enum":[{"x":1},2]}},"required":["a"],"uniqueItems":true})");
  for (int turn = 0; turn < 2; ++turn) {
    CHECK(failures_of(schema, R"({"a":{"x":1.0}})").empty());
    CHECK(failures_of(schema, R"({"a":{"x":2}})").size() == 1);
    CHECK(failures_of(schema, R"({})").size() == 1);
    CHECK(failures_of(schema, "[1,").size() == 1);
    CHECK(failures_of(schema, "[[1],[1]]").size() == 1);
    CHECK(failures_of(schema, R"({"a":2})").empty());
  }
}
