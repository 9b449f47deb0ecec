#include "core/dialects/sandbox_instance.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

namespace {

using json::Value;

std::int64_t integer_member(const Value& schema, View name, std::int64_t otherwise) {
  const auto value = schema.member(name);
  return value ? value->integer().value_or(otherwise) : otherwise;
}

bool has_any(const Value& schema, std::initializer_list<View> names) {
  return std::ranges::any_of(names, [&](View name) { return schema.member(name).has_value(); });
}

Bytes type_of(const Value& schema) {
  if (const auto type = schema.member("type")) {
    if (const auto name = type->string()) return Bytes(*name);
    const auto names = type->elements();
    if (!names.empty()) return Bytes(names.front().string().value_or(""));
  }
  if (has_any(schema, {"properties", "required"})) return "object";
  if (has_any(schema, {"items", "prefixItems", "minItems"})) return "array";
  if (has_any(schema, {"minimum", "maximum", "multipleOf"})) return "number";
  return "string";
}

std::size_t chars_count(View text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

class Maker {
 public:
  Maker(View text, View label) : text_(text), label_(label) {}

  void append(const Value& schema) {
    if (values_count_++ >= instance_values_count_max) {
      out_.null();
      return;
    }
    const auto choice = schema.member("enum");
    if (const auto only = schema.member("const")) {
      out_.raw(only->canonical());
    } else if (choice && !choice->elements().empty()) {
      out_.raw(choice->elements().front().canonical());
    } else {
      append_of_type(schema, type_of(schema));
    }
  }
  Bytes take() { return out_.take(); }

 private:
  void append_of_type(const Value& schema, View type) {
    if (type == "object")
      append_object(schema);
    else if (type == "array")
      append_array(schema);
    else if (type == "string")
      append_string(schema);
    else if (type == "boolean")
      out_.boolean(true);
    else if (type == "null")
      out_.null();
    else
      append_number(schema, type == "integer");
  }

  void append_object(const Value& schema) {
    const auto properties = schema.member("properties");
    const auto others = schema.member("additionalProperties");
    const auto required = schema.member("required");
    bool empty = true;
    out_.begin_object();
    if (properties) {
      for (const auto& [name, value] : properties->members()) {
        if (value.boolean() == false) continue;
        out_.key(name);
        append(value);
        empty = false;
      }
    }
    if (required) {
      for (const Value& element : required->elements()) {
        const View name = element.string().value_or("");
        if (properties && properties->member(name)) continue;
        out_.key(name);
        if (others)
          append(*others);
        else
          out_.string(text_);
        empty = false;
      }
    }
    if (empty && !others) out_.member("sandbox", text_);
    out_.end_object();
  }

  void append_array(const Value& schema) {
    const auto first = schema.member("prefixItems");
    const auto items = schema.member("items");
    const auto prefix = first ? first->elements() : std::vector<Value>();
    const std::int64_t wanted = integer_member(schema, "minItems", items || first ? 1 : 0);
    const std::int64_t most = integer_member(schema, "maxItems", wanted);
    const auto count = static_cast<std::size_t>(std::max<std::int64_t>(0, std::min(wanted, most)));
    out_.begin_array();
    for (std::size_t i = 0; i < count && values_count_ < instance_values_count_max; ++i) {
      if (i < prefix.size())
        append(prefix[i]);
      else if (items && items->boolean() != false)
        append(*items);
      else if (!items)
        append_filler();
      else
        break;
    }
    out_.end_array();
  }

  void append_filler() {
    ++values_count_;
    out_.string(text_);
  }

  void append_string(const Value& schema) {
    const std::int64_t least = integer_member(schema, "minLength", 0);
    const std::int64_t most = integer_member(schema, "maxLength", INT64_MAX);
    Bytes text(text_);
    if (static_cast<std::int64_t>(chars_count(text)) > most) text = label_;
    if (static_cast<std::int64_t>(text.size()) > most)
      text.resize(static_cast<std::size_t>(std::max<std::int64_t>(0, most)));
    const std::size_t chars = chars_count(text);
    const auto wanted =
        static_cast<std::size_t>(std::clamp<std::int64_t>(least, 0, instance_string_bytes_max));
    if (chars < wanted) text.append(wanted - chars, '.');
    out_.string(text);
  }

  void append_number(const Value& schema, bool integer) {
    const auto bound = schema.member("minimum");
    if (bound && !integer && !bound->integer()) {
      out_.raw(bound->canonical());
      return;
    }
    const std::int64_t step = std::max<std::int64_t>(1, integer_member(schema, "multipleOf", 1));
    std::int64_t value = 0;
    value = std::min(value, integer_member(schema, "maximum", 0));
    if (const std::int64_t below = integer_member(schema, "exclusiveMaximum", 1); below <= value)
      value = below == INT64_MIN ? below : below - 1;
    value = std::max(value, integer_member(schema, "minimum", value));
    if (const std::int64_t above = integer_member(schema, "exclusiveMinimum", -1); above >= value)
      value = above == INT64_MAX || !schema.member("exclusiveMinimum") ? value : above + 1;
    if (const std::int64_t over = value % step; over > 0 && value <= INT64_MAX - step)
      value += step - over;
    else if (over < 0)
      value -= over;
    out_.integer(value);
  }

  View text_;
  View label_;
  json::Writer out_;
  std::size_t values_count_ = 0;
};

}  // namespace

Bytes sandbox_instance(const Value& schema, View text, View label) {
  Maker maker(text, label);
  maker.append(schema);
  return maker.take();
}

}  // namespace edgebatch::dialects
