#include "core/dialects/datagrid/output_schema.hpp"

#include <variant>
#include <vector>

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/violations.hpp"
#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using json::Kind;
using json::Value;

constexpr View schema_name = "output_schema";

void check_type(const Value& schema, Violations& wrong) {
  const Place place{.pointer = "/output_schema/type", .name = "type of output_schema"};
  const auto type = schema.member("type");
  if (!type)
    wrong.missing(place, "'object'");
  else if (type->string() != "object")
    wrong.add(place, "invalid_enum_value", "type of output_schema must be 'object'");
}

void check_schema(View text, const text::SipKey& secret, Violations& wrong) {
  const auto compiled = schema::Schema::compile(text, secret);
  const auto* const flaws = std::get_if<std::vector<schema::Flaw>>(&compiled);
  if (flaws == nullptr) return;
  for (const schema::Flaw& flaw : *flaws) {
    if (flaw.pointer == "/type") continue;  // `check_type` has more to say.
    const Place place{.pointer = place_of(schema_name).pointer + flaw.pointer,
                      .name = Bytes(schema_name)};
    wrong.add(place, flaw.code, place.name + " " + flaw.message);
  }
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

Bytes read_output_schema(const Value& body, const text::SipKey& secret, Violations& wrong) {
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

  json::Writer out;
  append_in_order(out, *schema);
  Bytes text = out.take();
  if (text.size() > output_schema_bytes_max)
    wrong.too_big(place, text.size(), output_schema_bytes_max, "bytes");
  else
    check_schema(text, secret, wrong);
  return text;
}

}  // namespace edgebatch::dialects::datagrid
