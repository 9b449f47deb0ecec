#include "core/dialects/datagrid/output_schema.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/violations.hpp"
#include "core/json/pointer.hpp"
#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using json::Kind;
using json::Value;

constexpr View schema_name = "output_schema";

constexpr auto forbidden = std::to_array<View>(
    {"$defs", "$dynamicRef", "$ref", "allOf", "anyOf", "not", "oneOf", "patternProperties"});

// Where else a schema may stand inside of a schema. Whatever is found under other keywords is data:
// names in `required`, values in `enum`, `const`, `default` and `examples`.
constexpr auto with_schema =
    std::to_array<View>({"additionalProperties", "contains", "contentSchema", "else", "if", "items",
                         "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"});
constexpr auto with_schemas_by_name = std::to_array<View>({"dependentSchemas", "properties"});
constexpr auto with_list_of_schemas = std::to_array<View>({"items", "prefixItems"});

template <class Keywords>
bool among(const Keywords& keywords, View name) {
  return std::ranges::find(keywords, name) != keywords.end();
}

// Recurses as deep as the value is: json::depth_max.
class KeywordCheck {
 public:
  explicit KeywordCheck(Violations& wrong) : wrong_(wrong) {}

  void schema(const Value& value, const Bytes& pointer) {
    for (const auto& [keyword, inner] : value.members())
      look(keyword, inner, json::member_pointer(pointer, keyword));
  }

 private:
  void look(View keyword, const Value& value, const Bytes& pointer) {
    if (among(forbidden, keyword)) return refuse(keyword, pointer);
    if (among(with_schema, keyword)) schema(value, pointer);
    if (among(with_schemas_by_name, keyword)) schemas_by_name(value, pointer);
    if (among(with_list_of_schemas, keyword)) list_of_schemas(value, pointer);
  }

  void schemas_by_name(const Value& value, const Bytes& pointer) {
    for (const auto& [name, inner] : value.members())
      schema(inner, json::member_pointer(pointer, name));
  }

  void list_of_schemas(const Value& value, const Bytes& pointer) {
    const auto elements = value.elements();
    for (std::size_t i = 0; i < elements.size(); ++i)
      schema(elements[i], json::element_pointer(pointer, i));
  }

  void refuse(View keyword, const Bytes& pointer) {
    wrong_.add({.pointer = pointer, .name = Bytes(keyword)}, "unsupported_keyword",
               "output_schema must not use '" + Bytes(keyword) +
                   "': write every subschema out where it applies, with type, properties, items "
                   "and enum");
  }

  Violations& wrong_;
};

void check_type(const Value& schema, Violations& wrong) {
  const Place place{.pointer = "/output_schema/type", .name = "type of output_schema"};
  const auto type = schema.member("type");
  if (!type)
    wrong.missing(place, "'object'");
  else if (type->string() != "object")
    wrong.add(place, "invalid_enum_value", "type of output_schema must be 'object'");
}

void append_in_order(json::Writer& out, const Value& value) {
  if (value.kind() == Kind::object) {
    out.begin_object();
    for (const auto& [name, inner] : value.members()) {
      out.key(name);
      append_in_order(out, inner);
    }
    out.end_object();
  } else if (value.kind() == Kind::array) {
    out.begin_array();
    for (const Value& inner : value.elements()) append_in_order(out, inner);
    out.end_array();
  } else {
    out.raw(value.canonical());
  }
}

}  // namespace

Bytes read_output_schema(const Value& body, Violations& wrong) {
  const Place place = place_of(schema_name);
  const auto schema = body.member(schema_name);
  if (!schema || schema->is_null()) {
    wrong.missing(place, "an object");
    return {};
  }
  if (schema->kind() != Kind::object) {
    wrong.wrong_type(place, "an object", *schema);
    return {};
  }
  check_type(*schema, wrong);
  KeywordCheck(wrong).schema(*schema, place.pointer);

  json::Writer out;
  append_in_order(out, *schema);
  Bytes text = out.take();
  if (text.size() > output_schema_bytes_max)
    wrong.too_big(place, text.size(), output_schema_bytes_max, "bytes");
  return text;
}

}  // namespace edgebatch::dialects::datagrid
