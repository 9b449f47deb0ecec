#include "core/dialects/datagrid/strict_mode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/sort.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using json::Kind;
using json::Value;

constexpr auto keywords =
    std::to_array<View>({"type", "title", "description", "properties", "required",
                         "additionalProperties", "items", "enum", "const"});

bool is_among(const auto& names, View name) {
  return std::ranges::find(names, name) != names.end();
}

bool has_type(const Value& type, View name) {
  if (type.kind() != Kind::array) return type.string() == name;
  return std::ranges::any_of(type.elements(),
                             [name](const Value& one) { return one.string() == name; });
}

class Census {
 public:
  bool allows(const Value& schema, unsigned level);

 private:
  bool allows_object(const Value& schema, unsigned level);
  bool allows_values(const Value& schema);
  bool count_text(std::size_t bytes) {
    text_bytes_ += bytes;
    return text_bytes_ <= strict_text_bytes_max;
  }

  std::size_t properties_count_ = 0;
  std::size_t enum_values_count_ = 0;
  std::size_t text_bytes_ = 0;
};

bool Census::allows(const Value& schema, unsigned level) {
  for (const auto& [name, value] : schema.members())
    if (!is_among(keywords, name)) return false;
  const auto type = schema.member("type");
  if (!type) return false;
  const bool object = has_type(*type, "object");
  const bool array = has_type(*type, "array");
  if ((object || array) && level > strict_levels_count_max) return false;
  if (object ? !allows_object(schema, level) : schema.member("properties").has_value())
    return false;
  const auto items = schema.member("items");
  if (array != items.has_value() || (items && !allows(*items, level + 1))) return false;
  return allows_values(schema);
}

bool Census::allows_object(const Value& schema, unsigned level) {
  const auto others = schema.member("additionalProperties");
  const auto properties = schema.member("properties");
  const auto required = schema.member("required");
  if (!others || others->boolean() != false || !properties) return false;

  std::vector<Bytes> wanted;
  if (required)
    for (const Value& name : required->elements()) wanted.emplace_back(name.string().value_or(""));
  std::vector<Bytes> names;
  for (const auto& [name, value] : properties->members()) {
    if (++properties_count_ > strict_properties_count_max || !count_text(name.size()) ||
        !allows(value, level + 1))
      return false;
    names.push_back(name);
  }
  text::sort(wanted);
  text::sort(names);
  return wanted == names;
}

bool Census::allows_values(const Value& schema) {
  const auto only = schema.member("const");
  if (only && !count_text(only->canonical().size())) return false;
  const auto choice = schema.member("enum");
  if (!choice) return true;
  const std::vector<Value> values = choice->elements();
  std::size_t bytes = 0;
  for (const Value& value : values) bytes += value.canonical().size();
  enum_values_count_ += values.size();
  if (values.size() >= strict_long_enum_count_min && bytes > strict_long_enum_bytes_max)
    return false;
  return enum_values_count_ <= strict_enum_values_count_max && count_text(bytes);
}

}  // namespace

bool allows_strict_mode(View output_schema) {
  const auto schema = Value::parse(output_schema);
  if (!schema) return false;
  const auto type = schema->member("type");
  return type && type->string() == "object" && Census().allows(*schema, 1);
}

}  // namespace edgebatch::dialects::datagrid
