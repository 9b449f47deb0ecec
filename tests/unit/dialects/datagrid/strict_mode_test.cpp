#include "core/dialects/datagrid/strict_mode.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <string>

#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects::datagrid;

// An object of this property alone.
Bytes around(View property) {
  return R"({"type":"object","properties":{"p":)" + Bytes(property) +
         R"(},"required":["p"],"additionalProperties":false})";
}
bool allows(View property) { return allows_strict_mode(around(property)); }

Bytes with_properties(std::size_t count) {
  Bytes properties;
  Bytes required;
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes name = "\"p" + std::to_string(i) + "\"";
    properties += (i > 0 ? "," : "") + name + R"(:{"type":"null"})";
    required += (i > 0 ? "," : "") + name;
  }
  return R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required +
         R"(],"additionalProperties":false})";
}

Bytes enumeration(std::size_t count, std::size_t bytes_each) {
  Bytes values;
  for (std::size_t i = 0; i < count; ++i) {
    Bytes value = std::to_string(i);
    value.insert(0, bytes_each - 2 - value.size(), 'x');  // With its quotes.
    values += (i > 0 ? ",\"" : "\"") + value + "\"";
  }
  return R"({"type":"string","enum":[)" + values + "]}";
}

}  // namespace

TEST_CASE("strict mode: all that providers support → allowed") {
  for (const View property :
       {R"({"type":"string"})", R"({"type":["string","null"],"description":"d","title":"t"})",
        R"({"type":"string","enum":["a","b"]})", R"({"type":"string","const":"a"})",
        R"({"type":"string","pattern":"^a+$"})", R"({"type":"string","format":"date-time"})",
        R"({"type":"number","minimum":0.5,"exclusiveMaximum":7,"multipleOf":0.5})",
        R"({"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":3})",
        R"({"type":"object","properties":{},"additionalProperties":false})",
        R"({"type":"boolean"})"})
    CHECK(allows(property));
}

TEST_CASE("strict mode: another keyword, format or form → not") {
  for (const View property :
       {R"({})", R"(true)", R"({"enum":["a"]})", R"({"type":"string","minLength":1})",
        R"({"type":"string","maxLength":1})", R"({"type":"string","default":"a"})",
        R"({"type":"string","format":"uri"})", R"({"type":"string","pattern":"(?:a)b"})",
        R"({"type":"array"})", R"({"type":"array","items":true})",
        R"({"type":"array","items":{"type":"null"},"uniqueItems":true})",
        R"({"type":"array","prefixItems":[{"type":"null"}]})", R"({"type":"string","x":1})",
        R"({"type":"string","properties":{}})", R"({"type":"string","items":{"type":"null"}})",
        R"({"type":"object","properties":{},"additionalProperties":false,"minProperties":0})"})
    CHECK_FALSE(allows(property));
}

TEST_CASE("strict mode: objects → have to require all of their properties, and allow no others") {
  const auto object = [](View more) {
    return R"({"type":"object","properties":{"a":{"type":"null"},"b":{"type":"null"}})" +
           Bytes(more) + "}";
  };
  CHECK(allows_strict_mode(object(R"(,"required":["b","a"],"additionalProperties":false)")));
  for (const View more :
       {R"(,"required":["b"],"additionalProperties":false)", R"(,"additionalProperties":false)",
        R"(,"required":["a","b"])", R"(,"required":["a","b"],"additionalProperties":true)",
        R"(,"required":["a","b"],"additionalProperties":{})",
        R"(,"required":["a","b","c"],"additionalProperties":false)"}) {
    CHECK_FALSE(allows_strict_mode(object(more)));
    CHECK_FALSE(allows(object(more)));
  }
}

TEST_CASE("strict mode: the root is no object, or nothing at all → not") {
  CHECK_FALSE(allows_strict_mode(""));
  CHECK_FALSE(allows_strict_mode("true"));
  CHECK_FALSE(allows_strict_mode(R"({"type":"array","items":{"type":"null"}})"));
  CHECK_FALSE(allows_strict_mode(
      R"({"type":["object","null"],"properties":{},"additionalProperties":false})"));
}

TEST_CASE("strict mode: at its limits → allowed; beyond → not") {
  CHECK(allows_strict_mode(with_properties(strict_properties_count_max)));
  CHECK_FALSE(allows_strict_mode(with_properties(strict_properties_count_max + 1)));

  Bytes nested = R"({"type":"null"})";  // On the level below the last object's.
  for (unsigned level = 0; level < strict_levels_count_max; ++level) nested = around(nested);
  CHECK(allows_strict_mode(nested));
  CHECK_FALSE(allows(nested));
  CHECK_FALSE(allows(R"({"type":"array","items":)" + nested + "}"));

  CHECK(allows(enumeration(strict_enum_values_count_max, 8)));
  CHECK_FALSE(allows(enumeration(strict_enum_values_count_max + 1, 8)));
  CHECK(allows(enumeration(strict_long_enum_count_min - 1, 61)));
  CHECK_FALSE(allows(enumeration(strict_long_enum_count_min, 61)));
  CHECK(allows(enumeration(2, strict_text_bytes_max / 2 - 1)));
  CHECK_FALSE(allows(enumeration(2, strict_text_bytes_max / 2)));
}
