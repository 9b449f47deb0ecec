// Linear in what is validated, counted in steps: clocks would lie on a busy machine.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

#include "tests/unit/schema/compiling.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::schema;
using edgebatch::text::decimal;

Bytes list(std::size_t count, const std::function<Bytes(std::size_t)>& element) {
  Bytes out;
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : ",").append(element(i));
  return out;
}

std::uint64_t steps(View schema, View answer) {
  Schema compiled_schema = compiled(schema);
  CHECK(failures_of(compiled_schema, answer).empty());
  return compiled_schema.steps_count();
}

Bytes names(std::size_t count, View value) {
  return list(count, [&](std::size_t i) { return "\"n" + decimal(i) + "\":" + Bytes(value); });
}
Bytes quoted_names(std::size_t count) {
  return list(count, [](std::size_t i) { return "\"n" + decimal(i) + "\""; });
}

}  // namespace

TEST_CASE("schema steps: answers ten times as large → ten times the steps") {
  const Bytes schema = R"({"items":{"properties":{"n0":{"type":"integer","minimum":0},
      "n1":{"enum":[0]}},"required":["n0"],"additionalProperties":{"if":{"const":0},
      "then":{"type":"integer"}},"unevaluatedProperties":false},"uniqueItems":false,
      "contains":{"required":["n1"]},"minContains":2})";
  const auto rows = [](std::size_t count) {
    return "[" + list(count, [](std::size_t) { return "{" + names(4, "0") + "}"; }) + "]";
  };
  const std::uint64_t few = steps(schema, rows(100));
  CHECK(few <= 100 * 4 * 8);
  CHECK(steps(schema, rows(1'000)) <= 10 * few + 10);
}

TEST_CASE("schema steps: thousands of names in schema and answer → a few steps each") {
  constexpr std::size_t count = 5'000;
  const Bytes schema = R"({"properties":{)" + names(count, R"({"const":0})") + R"(},"required":[)" +
                       quoted_names(count) + R"(],"dependentRequired":{"n0":[)" +
                       quoted_names(count) + R"(]},"propertyNames":{"enum":[)" +
                       quoted_names(count) + "]}}";
  CHECK(steps(schema, "{" + names(count, "0") + "}") <= 5 * count);
  // Many small objects against many names.
  const Bytes each = R"({"items":)" + schema.substr(0, schema.find(R"(,"required")")) + "}}";
  CHECK(steps(each, "[" + list(count, [](std::size_t) { return Bytes(R"({"n7":0})"); }) + "]") <=
        5 * count);
}

TEST_CASE("schema steps: nested conditionals → each subschema once, not twice as often a level") {
  Bytes schema = R"({"type":"integer"})";
  for (int level = 0; level < 30; ++level)
    schema = R"({"if":)" + (level < 3 ? schema : R"({"minimum":0})") + R"(,"then":)" + schema +
             R"(,"unevaluatedProperties":false})";
  CHECK(steps(schema, "7") <= 400);
}

TEST_CASE("schema steps: every failure tried and told → twice at most") {
  const Bytes schema = R"({"items":{"type":"string"}})";
  Schema compiled_schema = compiled(schema);
  const auto zeros = "[" + list(10'000, [](std::size_t) { return Bytes("0"); }) + "]";
  CHECK(failures_of(compiled_schema, zeros).size() == failures_count_max);
  CHECK(compiled_schema.steps_count() <= 20);
}

TEST_CASE(
    "schema steps: a long number, name or string, looked at again and again → as many steps") {
  constexpr std::size_t size = 160'000;
  constexpr std::uint64_t looks = 30;
  const auto in_place = [](View members) {
    Bytes schema = "{" + Bytes(members) + "}";
    for (std::uint64_t i = 1; i < looks; ++i)
      schema = "{" + Bytes(members) + R"(,"if":true,"then":)" + schema + "}";
    return schema;
  };
  const Bytes number(size, '7');
  CHECK(steps(in_place(R"("type":"integer")"), number) >= looks * size / 16);
  const Bytes long_name = "{\"" + Bytes(size, 'n') + "\":0}";
  CHECK(steps(in_place(R"("properties":{"x":true})"), long_name) >= looks * size / 16);
  const Bytes string = "\"" + Bytes(size, 's') + "\"";
  CHECK(steps(R"({"maxLength":1000000})", string) >= size / 16);
  CHECK(steps(R"({"pattern":"s"})", string) >= size / 4);
  CHECK(steps(R"({"pattern":"s{6400}"})", string) >= size * 100 / 4);  // 64 positions a word.
}

TEST_CASE("schema steps: a large pattern, and a text that it may take too long for → given up") {
  Schema schema = compiled(R"({"pattern":"^a[ab]{6398}c$"})");  // About 25 steps a byte.
  const auto of_size = [](std::size_t size) { return "\"" + Bytes(size, 'b') + "\""; };
  CHECK(failures_of(schema, of_size(steps_count_max / 30))
            .front()
            .find("but must match the pattern") != Bytes::npos);
  CHECK(failures_of(schema, of_size(steps_count_max / 20)) ==
        std::vector<Bytes>{"the answer takes more than 50000000 steps to hold against the schema"});
}

TEST_CASE("schema steps: thousands of subschemas for each of a million values → given up") {
  const Bytes all = R"({"dependentSchemas":{)" +
                    list(1'000,
                         [](std::size_t i) {
                           return "\"n" + decimal(i) + R"(":{"properties":{"l":{"items":true}}})";
                         }) +
                    "}}";
  const Bytes answer = "{" + names(1'000, "0") + R"(,"l":[)" +
                       list(100'000, [](std::size_t) { return Bytes("0"); }) + "]}";
  Schema schema = compiled(all);
  CHECK(failures_of(schema, answer) ==
        std::vector<Bytes>{"the answer takes more than 50000000 steps to hold against the schema"});
}
