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

constexpr auto refused = {"$defs", "$dynamicRef", "$ref",  "allOf",
                          "anyOf", "not",         "oneOf", "patternProperties"};

// `pointer | code` of each.
Lines places(View text) {
  Lines found;
  for (const Bytes& line : flaws_of(text)) found.push_back(line.substr(0, line.rfind(" | ")));
  return found;
}

Bytes array_of(std::size_t count, View element) {
  Bytes out = "[";
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : ",").append(element);
  return out + "]";
}

}  // namespace

TEST_CASE("schema flaws: a text that is no schema → said at its root") {
  CHECK(flaws_of("{") == Lines{" | not_json | is not JSON (from byte 1 on)"});
  CHECK(flaws_of("7") ==
        Lines{" | invalid_type | is 7 (a number), but must be a schema: an object or a boolean"});
  CHECK(flaws_of("[]") ==
        Lines{" | invalid_type | is an array, but must be a schema: an object or a boolean"});
  CHECK(flaws_of("true").empty());
}

TEST_CASE("schema flaws: refused keywords wherever a schema can stand → found, nowhere else") {
  CHECK(flaws_of(R"({"$ref":"#"})") ==
        Lines{"/$ref | unsupported_keyword | must not use '$ref': write every subschema out where "
              "it applies, with type, properties, items and enum"});
  for (const Bytes keyword : refused) {
    const Bytes schema = R"({")" + keyword + R"(":[]})";
    for (const Bytes holder :
         {"additionalProperties", "contains", "contentSchema", "else", "if", "items",
          "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"})
      CHECK(places("{\"" + holder + "\":" + schema + "}") ==
            Lines{"/" + holder + "/" + keyword + " | unsupported_keyword"});
    for (const Bytes holder : {"properties", "dependentSchemas"})
      CHECK(places("{\"" + holder + R"(":{"a/b":)" + schema + "}}") ==
            Lines{"/" + holder + "/a~1b/" + keyword + " | unsupported_keyword"});
    CHECK(places(R"({"prefixItems":[{},)" + schema + "]}") ==
          Lines{"/prefixItems/1/" + keyword + " | unsupported_keyword"});
    CHECK(flaws_of(R"({"properties":{")" + keyword + R"(":{}},"required":[")" + keyword +
                   R"("],"enum":[)" + schema + R"(],"const":)" + schema + R"(,"default":)" +
                   schema + R"(,"examples":[)" + schema + R"(],"unknown":)" + schema + "}")
              .empty());
  }
}

TEST_CASE("schema flaws: a keyword with a value of another type → what it must be") {
  CHECK(flaws_of(R"({"minLength":"3"})") ==
        Lines{R"(/minLength | invalid_type | has "3" (a string) as 'minLength', which must be an )"
              "integer of at least 0"});
  CHECK(flaws_of(R"({"items":[{}]})") ==
        Lines{"/items | invalid_type | has an array as 'items', which must be a schema: a list of "
              "them is 'prefixItems'"});
  CHECK(flaws_of(R"({"properties":{"a":7}})") ==
        Lines{"/properties/a | invalid_type | has 7 (a number) as 'properties', which must be "
              "a schema: an object or a boolean"});
  for (const Bytes number : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
                             "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
                             "minContains", "maxContains", "minProperties", "maxProperties"})
    CHECK(places(R"({")" + number + R"(":true})") == Lines{"/" + number + " | invalid_type"});
  for (const Bytes other : {"type", "enum", "pattern", "prefixItems", "properties", "required",
                            "uniqueItems", "dependentRequired", "dependentSchemas"})
    CHECK(places(R"({")" + other + R"(":7})") == Lines{"/" + other + " | invalid_type"});
  CHECK(places(R"({"required":["a",7],"dependentRequired":{"a":"b"}})") ==
        Lines{"/required/1 | invalid_type", "/dependentRequired/a | invalid_type"});
}

TEST_CASE("schema flaws: values of the right type that can't be → what they must be") {
  CHECK(
      flaws_of(R"({"maxItems":-1})") ==
      Lines{"/maxItems | invalid_value | has -1 (a number) as 'maxItems', which must be an integer "
            "of at least 0"});
  CHECK(places(R"({"minItems":1.5,"minLength":2.0})") == Lines{"/minItems | invalid_value"});
  CHECK(places(R"({"multipleOf":0})") == Lines{"/multipleOf | invalid_value"});
  CHECK(places(R"({"multipleOf":-0.5})") == Lines{"/multipleOf | invalid_value"});
  CHECK(places(R"({"multipleOf":1.23456789012345678})").empty());
  CHECK(places(R"({"multipleOf":1.234567890123456789})") == Lines{"/multipleOf | too_big"});
  CHECK(flaws_of(R"({"type":"text"})") ==
        Lines{R"(/type | invalid_value | has "text" (a string) as 'type', which must be one of )"
              R"("array", "boolean", "integer", "null", "number", "object" and "string")"});
  CHECK(places(R"({"type":["string","text",7]})") ==
        Lines{"/type/1 | invalid_value", "/type/2 | invalid_value"});
  CHECK(places(R"({"type":[]})") == Lines{"/type | invalid_type"});
  CHECK(
      flaws_of(R"({"type":["string","string"]})") ==
      Lines{R"(/type/1 | invalid_value | has "string" twice in 'type', whose types must differ)"});
  CHECK(flaws_of(R"({"type":["integer","number"]})").empty());
  CHECK(flaws_of(R"({"required":["a","b","\u0061"]})") ==
        Lines{R"(/required/2 | invalid_value | has "\u0061" twice in 'required', whose names must )"
              "differ"});
  CHECK(places(R"({"prefixItems":[]})") == Lines{"/prefixItems | invalid_type"});
  CHECK(places(R"({"pattern":"("})") == Lines{"/pattern | invalid_value"});
  CHECK(flaws_of(R"({"pattern":"("})")
            .front()
            .find("has \"(\" as 'pattern', which must be a regular expression of ECMA-262: ") !=
        Bytes::npos);
}

TEST_CASE("schema flaws: several → all of them, in the text's order") {
  CHECK(places(R"({"type":"x","properties":{"a":{"not":{}},"b":7},"$ref":"#","minItems":-1})") ==
        Lines{"/type | invalid_value", "/properties/a/not | unsupported_keyword",
              "/properties/b | invalid_type", "/$ref | unsupported_keyword",
              "/minItems | invalid_value"});
}

TEST_CASE("schema flaws: a keyword twice → only the last counts") {
  CHECK(flaws_of(R"({"type":7,"type":"string"})").empty());
  CHECK(places(R"({"type":"string","type":7})") == Lines{"/type | invalid_type"});
}

TEST_CASE("schema flaws: unknown words and annotations → ignored, whatever they hold") {
  CHECK(flaws_of(R"({"$id":7,"$anchor":[],"$schema":"x","$comment":{},"$vocabulary":1,"title":{},
        "format":1,"contentEncoding":2,"contentMediaType":3,"deprecated":"x","readOnly":0,
        "definitions":{"a":{"$ref":"#"}},"dependencies":{"a":["b"]},"x-own":{"not":7}})")
            .empty());
}

TEST_CASE("schema flaws: as deep and as many as allowed, and more → taken, and refused") {
  const auto nested = [](std::size_t levels) {
    Bytes text = "{}";
    for (std::size_t i = 1; i < levels; ++i) text = R"({"items":)" + text + "}";
    return text;
  };
  CHECK(flaws_of(nested(schema_levels_count_max)).empty());
  CHECK(flaws_of(nested(schema_levels_count_max + 1)) ==
        Lines{" | too_deep | is nested more than 64 levels deep"});
  const auto many = [](std::size_t count) {
    return R"({"prefixItems":)" + array_of(count - 1, "{}") + "}";
  };
  CHECK(flaws_of(many(subschemas_count_max)).empty());
  CHECK(places(many(subschemas_count_max + 1)) == Lines{"/prefixItems/9999 | too_big"});
  CHECK(places(many(subschemas_count_max + 5)).size() == 1);
  const auto patterns = [](std::size_t count) {
    return R"({"prefixItems":)" + array_of(count, R"({"pattern":"a"})") + "}";
  };
  CHECK(flaws_of(patterns(pattern_count_max)).empty());
  CHECK(places(patterns(pattern_count_max + 1)) == Lines{"/prefixItems/100/pattern | too_big"});
}
