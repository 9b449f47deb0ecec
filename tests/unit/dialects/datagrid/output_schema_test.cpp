#include "core/dialects/datagrid/output_schema.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/dialects/datagrid/create.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/dialects/datagrid/creating.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects::datagrid;

using Lines = std::vector<Bytes>;

constexpr auto forbidden = {"$defs", "$dynamicRef", "$ref",  "allOf",
                            "anyOf", "not",         "oneOf", "patternProperties"};

// An object's schema with one member more.
Bytes object_with(View member) { return R"({"type":"object",)" + Bytes(member) + "}"; }

// `pointer keyword` of each violation.
Lines keywords(View schema) {
  Lines found;
  for (const Bytes& line : refused(with_schema(schema))) {
    const std::size_t bar = line.find(" | unsupported_keyword | ");
    found.push_back(bar == Bytes::npos ? line : line.substr(0, bar));
  }
  return found;
}

Bytes kept(View schema) {
  return created(with_schema(schema)).value_or(Creation{}).brief.output_schema;
}

}  // namespace

TEST_CASE(
    "output_schema: an object's schema → compact, in the client's order, values as they are") {
  CHECK(kept(R"({ "type" : "object", "properties": { "z": {"type": "string"},
             "a": {"enum": [1, 2.5, null, true, "é\u2028", 18446744073709551615]} },
             "required": ["z", "a"], "additionalProperties": false })") ==
        R"({"type":"object","properties":{"z":{"type":"string"},)"
        R"("a":{"enum":[1,2.5,null,true,"é\u2028",18446744073709551615]}},)"
        R"("required":["z","a"],"additionalProperties":false})");
}

TEST_CASE("output_schema: a member twice → only the one that was checked is kept") {
  CHECK(kept(R"({"items":{"$ref":"#"},"type":"array","type":"object","items":{}})") ==
        R"({"type":"object","items":{}})");
}

TEST_CASE("output_schema: a root that isn't an object's → refused") {
  CHECK(refused(with_schema("{}")) ==
        Lines{"/output_schema/type | required | type of output_schema is required and must be "
              "'object'"});
  const Lines other{
      "/output_schema/type | invalid_enum_value | type of output_schema must be 'object'"};
  CHECK(refused(with_schema(R"({"type":"array"})")) == other);
  CHECK(refused(with_schema(R"({"type":["object"]})")) == other);
  CHECK(refused(with_schema(R"({"type":null})")) == other);
  CHECK(refused(with_schema("true")) ==
        Lines{"/output_schema | invalid_type | output_schema must be an object, but is a boolean"});
  CHECK(refused(with_schema(R"("{\"type\":\"object\"}")"))
            .front()
            .starts_with("/output_schema | invalid_type"));
}

TEST_CASE("output_schema: a refused keyword at the root → its pointer, and what to do instead") {
  CHECK(
      refused(with_schema(object_with(R"("$ref":"#/x")"))) ==
      Lines{"/output_schema/$ref | unsupported_keyword | output_schema must not use '$ref': write "
            "every subschema out where it applies, with type, properties, items and enum"});
  for (const Bytes keyword : forbidden)
    CHECK(keywords(object_with("\"" + keyword + "\":{}")) == Lines{"/output_schema/" + keyword});
}

TEST_CASE("output_schema: refused keywords wherever a schema can stand → found") {
  for (const Bytes keyword : forbidden) {
    const Bytes schema = R"({")" + keyword + R"(":[]})";
    for (const Bytes holder :
         {"additionalProperties", "contains", "contentSchema", "else", "if", "items",
          "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"})
      CHECK(keywords(object_with("\"" + holder + "\":" + schema)) ==
            Lines{"/output_schema/" + holder + "/" + keyword});
    for (const Bytes holder : {"properties", "dependentSchemas"})
      CHECK(keywords(object_with("\"" + holder + R"(":{"a/b":)" + schema + "}")) ==
            Lines{"/output_schema/" + holder + "/a~1b/" + keyword});
    CHECK(keywords(object_with(R"("prefixItems":[{},)" + schema + "]")) ==
          Lines{"/output_schema/prefixItems/1/" + keyword});
  }
}

TEST_CASE("output_schema: refused keywords deep inside, and several → each is found") {
  CHECK(keywords(R"({"type":"object","properties":{"list":{"type":"array","items":)"
                 R"({"type":"object","properties":{"x":{"anyOf":[{"$ref":"#"}],"not":{}}}}},)"
                 R"("y":{"oneOf":[]}},"$defs":{}})") ==
        Lines{"/output_schema/properties/list/items/properties/x/anyOf",
              "/output_schema/properties/list/items/properties/x/not",
              "/output_schema/properties/y/oneOf", "/output_schema/$defs"});
}

TEST_CASE("output_schema: names and data that look like keywords → accepted") {
  for (const Bytes keyword : forbidden) {
    const Bytes data = R"({")" + keyword + R"(":{"$ref":"#"}})";
    CHECK(created(
        with_schema(object_with(R"("properties":{")" + keyword + R"(":{"type":"string"}})"))));
    CHECK(created(with_schema(object_with(R"("dependentSchemas":{")" + keyword + R"(":true})"))));
    CHECK(created(with_schema(object_with(R"("required":[")" + keyword + R"("])"))));
    for (const Bytes holder : {"enum", "examples"})
      CHECK(created(with_schema(object_with("\"" + holder + "\":[" + data + "]"))));
    for (const Bytes holder : {"const", "default"})
      CHECK(created(with_schema(object_with("\"" + holder + "\":" + data))));
    CHECK(created(with_schema(object_with(R"("dependentRequired":{")" + keyword + R"(":[]})"))));
    CHECK(created(with_schema(object_with(R"("description":")" + keyword + '"'))));
  }
}

TEST_CASE("output_schema: what is no valid schema → every flaw, and what would be right") {
  CHECK(created(with_schema(object_with(R"("properties":{"a":true},"items":false)"))));
  CHECK(refused(with_schema(
            object_with(R"("properties":{"a":{"minLength":-1},"b":7},"items":[{}],"not":{})"))) ==
        Lines{"/output_schema/properties/a/minLength | invalid_value | output_schema has -1 (a "
              "number) as 'minLength', which must be an integer of at least 0",
              "/output_schema/properties/b | invalid_type | output_schema has 7 (a number) as "
              "'properties', which must be a schema: an object or a boolean",
              "/output_schema/items | invalid_type | output_schema has an array as 'items', which "
              "must be a schema: a list of them is 'prefixItems'",
              "/output_schema/not | unsupported_keyword | output_schema must not use 'not': write "
              "every subschema out where it applies, with type, properties, items and enum"});
}

TEST_CASE("output_schema: sizes at, below and above the limit → counted in compact form") {
  const auto sized = [](std::size_t bytes, View space) {
    const std::size_t frame = object_with(R"("title":"")").size();
    return with_schema(
        object_with(R"("title":)" + Bytes(space) + '"' + Bytes(bytes - frame, 't') + '"'));
  };
  CHECK(created(sized(output_schema_bytes_max - 1, "")));
  CHECK(created(sized(output_schema_bytes_max, "  ")));
  CHECK(refused(sized(output_schema_bytes_max + 1, "")) ==
        Lines{"/output_schema | too_big | output_schema has 262145 bytes, but at most 262144 are "
              "allowed"});
}

TEST_CASE("output_schema: as deep as a body can be → every level is looked at") {
  Bytes schema = R"({"not":{}})";
  Bytes pointer = "/not";
  for (unsigned level = 0; level + 4 < edgebatch::json::depth_max; ++level) {
    schema = R"({"items":)" + schema + "}";
    pointer = "/items" + pointer;
  }
  CHECK(keywords(object_with(R"("items":)" + schema)) == Lines{"/output_schema/items" + pointer});
}
