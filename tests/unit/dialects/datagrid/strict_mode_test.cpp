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
        R"({"type":"array","items":{"type":"integer"}})",
        R"({"type":"object","properties":{},"additionalProperties":false})",
        R"({"type":"boolean"})"})
    CHECK(allows(property));
}

TEST_CASE("strict mode: another keyword, format or form → not") {
  for (const View property :
       {R"({})",
        R"(true)",
        R"({"enum":["a"]})",
        R"({"type":"string","minLength":1})",
        R"({"type":"string","maxLength":1})",
        R"({"type":"string","default":"a"})",
        R"({"type":"string","format":"date-time"})",
        R"({"type":"string","pattern":"^a+$"})",
        R"({"type":"number","minimum":0.5})",
        R"({"type":"number","exclusiveMaximum":7})",
        R"({"type":"number","multipleOf":0.5})",
        R"({"type":"array","items":{"type":"integer"},"minItems":1})",
        R"({"type":"array","items":{"type":"integer"},"maxItems":3})",
        R"({"anyOf":[{"type":"string"},{"type":"null"}]})",
        R"({"type":"array"})",
        R"({"type":"array","items":true})",
        R"({"type":"array","items":{"type":"null"},"uniqueItems":true})",
        R"({"type":"array","prefixItems":[{"type":"null"}]})",
        R"({"type":"string","x":1})",
        R"({"type":"string","properties":{}})",
        R"({"type":"string","items":{"type":"null"}})",
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

TEST_CASE("strict mode: properties below, at and beyond the limit → beyond it not") {
  CHECK(allows_strict_mode(with_properties(strict_properties_count_max - 1)));
  CHECK(allows_strict_mode(with_properties(strict_properties_count_max)));
  CHECK_FALSE(allows_strict_mode(with_properties(strict_properties_count_max + 1)));
  CHECK(allows(with_properties(strict_properties_count_max - 1)));  // Of all objects together.
  CHECK_FALSE(allows(with_properties(strict_properties_count_max)));
}

TEST_CASE("strict mode: levels below, at and beyond the limit → beyond it not") {
  Bytes nested = R"({"type":"null"})";  // On the level below the last object's.
  for (unsigned level = 1; level < strict_levels_count_max; ++level) nested = around(nested);
  CHECK(allows_strict_mode(nested));
  CHECK(allows(nested));
  CHECK_FALSE(allows(around(nested)));
  CHECK_FALSE(allows(R"({"type":"array","items":)" + nested + "}"));
}

TEST_CASE("strict mode: values of enums below, at and beyond the limit → beyond it not") {
  CHECK(allows(enumeration(strict_enum_values_count_max - 1, 8)));
  CHECK(allows(enumeration(strict_enum_values_count_max, 8)));
  CHECK_FALSE(allows(enumeration(strict_enum_values_count_max + 1, 8)));
}

TEST_CASE("strict mode: a long enum's bytes at and beyond the limit → beyond it not") {
  constexpr std::size_t bytes_each = 30;
  constexpr std::size_t count = strict_long_enum_bytes_max / bytes_each;  // Not yet a long one.
  static_assert(count == strict_long_enum_count_min - 1);
  CHECK(allows(enumeration(count, bytes_each)));
  CHECK(allows(enumeration(count, bytes_each + 1)));
  CHECK(allows(enumeration(count + 1, bytes_each - 1)));
  CHECK_FALSE(allows(enumeration(count + 1, bytes_each)));
  CHECK(allows(enumeration(300, strict_long_enum_bytes_max / 300)));
  CHECK_FALSE(allows(enumeration(300, strict_long_enum_bytes_max / 300 + 1)));
}

TEST_CASE("strict mode: bytes of names and values below, at and beyond the limit → beyond it not") {
  constexpr std::size_t room = strict_text_bytes_max - 1;  // The property has a name of one byte.
  for (const std::size_t bytes : {room - 1, room}) CHECK(allows(enumeration(1, bytes)));
  CHECK_FALSE(allows(enumeration(1, room + 1)));

  const auto constant = [](std::size_t bytes) {  // With its quotes.
    return R"({"type":"string","const":")" + Bytes(bytes - 2, 'x') + "\"}";
  };
  CHECK(allows(constant(room)));
  CHECK_FALSE(allows(constant(room + 1)));

  const auto named = [](std::size_t bytes) {
    const Bytes name = "\"" + Bytes(bytes, 'x') + "\"";
    return R"({"type":"object","properties":{)" + name + R"(:{"type":"null"}},"required":[)" +
           name + R"(],"additionalProperties":false})";
  };
  CHECK(allows_strict_mode(named(strict_text_bytes_max)));
  CHECK_FALSE(allows_strict_mode(named(strict_text_bytes_max + 1)));
}
