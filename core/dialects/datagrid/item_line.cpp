#include "core/dialects/datagrid/item_line.hpp"

#include <cstdint>
#include <optional>

#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using json::Value;
using validation::LineError;

void append_number(json::Writer& out, View name, std::uint64_t number) {
  out.integer_member(name, static_cast<std::int64_t>(number));
}

void append_file(json::Writer& out, const Attachment& file) {
  out.key("file").begin_object();
  out.member("name", file.name);
  append_number(out, "content", static_cast<std::uint64_t>(file.content));
  append_number(out, "json_text_bytes", file.json_text_bytes);
  out.member("prefix", file.stream.prefix);
  append_number(out, "bytes", file.stream.bytes);
  append_number(out, "bytes_a_part", file.stream.bytes_a_part);
  out.end_object();
}

// The custom_id is the item's.
void append_refusal(json::Writer& out, const LineError& refusal) {
  out.key("refusal").begin_object();
  append_number(out, "item", refusal.line);
  append_number(out, "code", static_cast<std::uint64_t>(refusal.code));
  out.member("param", refusal.param);
  out.member("detail", refusal.detail);
  out.end_object();
}

// Reads members into their places; false once one is absent or no such value.
class Members {
 public:
  explicit Members(const Value& object) : object_(object) {}

  Members& text(View name, Bytes& out) {
    const auto value = object_.member(name);
    const auto string = value ? value->string() : std::nullopt;
    good_ = good_ && string;
    if (string) out = *string;
    return *this;
  }
  template <class Number>
  Members& number(View name, Number& out) {
    const auto value = object_.member(name);
    const auto integer = value ? value->integer() : std::nullopt;
    good_ = good_ && integer && *integer >= 0 && fits<Number>(*integer);
    if (good_) out = static_cast<Number>(*integer);
    return *this;
  }
  bool good() const { return good_; }

 private:
  template <class Number>
  static bool fits(std::int64_t value) {
    return static_cast<std::int64_t>(static_cast<Number>(value)) == value;
  }

  const Value& object_;
  bool good_ = true;
};

// Each of these: whether the part is as it has to be, or isn't there.

bool read_page(const Value& line, std::optional<std::uint32_t>& out) {
  return !line.member("page") || Members(line).number("page", out.emplace()).good();
}

bool read_file(const Value& line, std::optional<Attachment>& out) {
  const auto file = line.member("file");
  if (!file) return true;
  Attachment& found = out.emplace();
  return Members(*file)
      .text("name", found.name)
      .number("content", found.content)
      .number("json_text_bytes", found.json_text_bytes)
      .text("prefix", found.stream.prefix)
      .number("bytes", found.stream.bytes)
      .number("bytes_a_part", found.stream.bytes_a_part)
      .good();
}

bool read_refusal(const Value& line, const Bytes& custom_id, std::optional<LineError>& out) {
  const auto refusal = line.member("refusal");
  if (!refusal) return true;
  LineError& found = out.emplace();
  found.custom_id = custom_id;
  return Members(*refusal)
      .number("item", found.line)
      .number("code", found.code)
      .text("param", found.param)
      .text("detail", found.detail)
      .good();
}

}  // namespace

Bytes item_line(const ItemLine& item) {
  json::Writer out;
  out.begin_object();
  out.member("custom_id", item.custom_id);
  out.member("file_id", item.file_id);
  if (item.page) out.integer_member("page", *item.page);
  if (item.file) append_file(out, *item.file);
  if (item.refusal) append_refusal(out, *item.refusal);
  out.end_object();
  return out.take();
}

std::optional<ItemLine> read_item_line(View line) {
  const auto value = Value::parse(line);
  if (!value) return std::nullopt;
  ItemLine item;
  const bool good =
      Members(*value).text("custom_id", item.custom_id).text("file_id", item.file_id).good() &&
      read_page(*value, item.page) && read_file(*value, item.file) &&
      read_refusal(*value, item.custom_id, item.refusal);
  if (!good) return std::nullopt;
  return item;
}

}  // namespace edgebatch::dialects::datagrid
