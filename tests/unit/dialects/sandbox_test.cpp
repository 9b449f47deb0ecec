#include "core/dialects/sandbox.hpp"

#include <catch_amalgamated.hpp>
#include <string>
#include <variant>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/dialects/sandbox_instance.hpp"
#include "core/json/value.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::schema::Schema;
using namespace edgebatch::dialects;
using edgebatch::json::Value;

constexpr View label = "[sandbox] ";

Bytes instance(View schema) {
  return sandbox_instance(*Value::parse(schema), "[sandbox] é!", label);
}

// What the instance doesn't fit of its schema; empty if it does.
Bytes unfit(View schema) {
  auto compiled = Schema::compile(schema, {1, 2});
  auto* const program = std::get_if<Schema>(&compiled);
  if (program == nullptr) return "no schema";
  const auto failures = program->validate(instance(schema));
  return failures.empty() ? "" : in_words(failures.front());
}

Bytes content(View format) {
  const Bytes body =
      R"({"messages":[{"role":"user","content":"hi"}],"response_format":)" + Bytes(format) + "}";
  Item item;
  item.custom_id = "a";
  item.path = "/chat/completions";
  const Answer answer = sandbox_answer(item, {body});
  const auto choices = Value::parse(answer.body)->member("choices");
  return Bytes(*choices->elements()[0].member("message")->member("content")->string());
}

}  // namespace

TEST_CASE("sandbox: simple schemas → an instance that fits, and says so where it can") {
  CHECK(instance(R"({"type":"object","properties":{"name":{"type":"string"}}})") ==
        R"({"name":"[sandbox] é!"})");
  CHECK(instance(R"({"type":"object"})") == R"({"sandbox":"[sandbox] é!"})");
  CHECK(instance(R"({"type":"array","items":{"enum":[7,8]},"minItems":2})") == "[7,7]");
  for (const View schema : {
           R"({"type":"object","properties":{"a":{"type":"integer","minimum":3},
               "b":{"type":["string","null"]},"c":{"const":{"x":[1]}},"d":{"type":"boolean"},
               "e":{"type":"null"},"f":{},"g":true,"h":false},"required":["a","f","z"]})",
           R"({"type":"object","required":["q"],"additionalProperties":{"type":"integer"}})",
           R"({"type":"object","properties":{},"additionalProperties":false})",
           R"({"type":"array","items":{"type":"array","items":{"type":"string"}},"minItems":3})",
           R"({"type":"array","prefixItems":[{"type":"null"},{"type":"boolean"}],"minItems":3})",
           R"({"type":"array","maxItems":0,"items":{"type":"null"}})",
           R"({"type":"string","minLength":500})",
           R"({"type":"string","maxLength":11})",
           R"({"type":"string","maxLength":4})",
           R"({"type":"string","maxLength":0})",
           R"({"type":"integer","exclusiveMinimum":9})",
           R"({"type":"integer","maximum":-2})",
           R"({"type":"integer","exclusiveMaximum":0})",
           R"({"type":"number","minimum":0.5})",
           R"({"type":"integer","minimum":10,"multipleOf":7})",
           R"({"type":"integer","exclusiveMinimum":-3,"maximum":8})",
           R"({"properties":{"a":{"minimum":1}},"required":["a"]})",
       }) {
    CAPTURE(schema, instance(schema));
    CHECK(unfit(schema).empty());
  }
}

TEST_CASE("sandbox: schemas that ask for more → an instance that doesn't fit, within limits") {
  CHECK_FALSE(unfit(R"({"type":"string","pattern":"^[0-9]+$"})").empty());
  CHECK_FALSE(unfit(R"({"type":"string","minLength":10001})").empty());
  CHECK_FALSE(unfit(R"({"type":"array","minItems":1000000,"items":{"type":"null"}})").empty());
  Bytes schema = R"({"type":"string"})";
  for (int level = 0; level < 8; ++level)
    schema = R"({"type":"array","minItems":100,"items":)" + schema + "}";
  CHECK(instance(schema).size() < 1'000'000);
}

TEST_CASE("sandbox: numbers at the ends of their range → no overflow") {
  for (const View bounds :
       {R"("exclusiveMinimum":9223372036854775807)", R"("minimum":9223372036854775807)",
        R"("exclusiveMaximum":-9223372036854775808)", R"("maximum":-9223372036854775808)",
        R"("minimum":9223372036854775807,"multipleOf":10)",
        R"("maximum":-9223372036854775808,"multipleOf":9223372036854775807)"})
    CHECK(Value::parse(instance(R"({"type":"integer",)" + Bytes(bounds) + "}")));
}

TEST_CASE("sandbox: JSON is wanted → in an object, or in what fits the schema") {
  const Bytes echo = "[edgebatch sandbox: no model was asked; this is an echo] hi";
  CHECK(content(R"({"type":"json_object"})") == R"({"sandbox":")" + echo + R"("})");
  CHECK(content(R"({"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object",)"
                R"("properties":{"a":{"type":"string"},"n":{"type":"integer"}}}}})") ==
        R"({"a":")" + echo + R"(","n":0})");
}
