#include "core/dialects/datagrid/create.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/items.hpp"
#include "core/dialects/datagrid/output_schema.hpp"
#include "core/dialects/datagrid/violations.hpp"
#include "core/json/elements.hpp"
#include "core/json/grammar.hpp"
#include "core/json/pointer.hpp"
#include "core/json/value.hpp"
#include "core/json/values_count.hpp"
#include "core/problem/excerpt.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
#include "core/text/sort.hpp"
#include "core/text/utf8.hpp"
#include "core/validation/index.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using json::Value;

Bytes read_model(const Value& body, const std::function<bool(View model)>& accepts,
                 Violations& wrong) {
  const Place place = place_of("model");
  auto model = required_string(body, place, wrong);
  if (!model) return {};
  if (!accepts(*model))
    wrong.add(place, "invalid_enum_value",
              "model '" + problem::excerpt(*model) +
                  "' is not served here: `GET /models` lists those that are");
  return std::move(*model);
}

Bytes read_prompt(const Value& body, Violations& wrong) {
  const Place place = place_of("prompt");
  auto prompt = required_string(body, place, wrong);
  if (!prompt) return {};
  if (prompt->size() > prompt_bytes_max)
    wrong.too_big(place, prompt->size(), prompt_bytes_max, "bytes");
  return std::move(*prompt);
}

// `'24h' or null`
Bytes in_words(const std::vector<Bytes>& windows) {
  Bytes words;
  for (const Bytes& window : windows) words.append("'").append(window).append("' or ");
  return words + "null";
}

Bytes read_window(const Value& body, const std::vector<Bytes>& windows, Violations& wrong) {
  const Place place = place_of("completion_window");
  const auto value = body.member(place.name);
  if (!value || value->is_null()) return windows.front();
  const auto window = value->string();
  if (!window)
    wrong.wrong_type(place, in_words(windows), *value);
  else if (std::ranges::find(windows, *window) == windows.end())
    wrong.add(place, "invalid_enum_value",
              "completion_window must be " + in_words(windows) + ", but is '" +
                  problem::excerpt(*window) + "'");
  return Bytes(window.value_or(""));
}

void check_entry(View key, const Value& value, Violations& wrong) {
  const Place place{.pointer = json::member_pointer("/metadata", key),
                    .name = "metadata." + problem::excerpt(key)};
  const std::size_t key_chars = text::utf8_length(key);
  if (key_chars > metadata_key_chars_max)
    wrong.too_big({.pointer = place.pointer, .name = "a key of metadata"}, key_chars,
                  metadata_key_chars_max, "characters");
  const auto text = value.string();
  if (!text) return wrong.wrong_type(place, "a string", value);
  const std::size_t chars = text::utf8_length(*text);
  if (chars > metadata_value_chars_max)
    wrong.too_big(place, chars, metadata_value_chars_max, "characters");
}

std::optional<std::vector<std::pair<Bytes, Bytes>>> read_metadata(const Value& body,
                                                                  Violations& wrong) {
  const Place place = place_of("metadata");
  const auto value = body.member(place.name);
  if (!value || value->is_null()) return std::nullopt;
  std::vector<std::pair<Bytes, Bytes>> metadata;
  if (value->kind() != json::Kind::object) {
    wrong.wrong_type(place, "an object or null", *value);
    return metadata;
  }
  const auto members = value->members();
  if (members.size() > metadata_count_max) {
    wrong.too_big(place, members.size(), metadata_count_max, "keys");
    return metadata;
  }
  for (const auto& [key, entry] : members) {
    check_entry(key, entry, wrong);
    metadata.emplace_back(key, entry.string().value_or(""));
  }
  return metadata;
}

Bytes lines_of(const std::vector<ItemLine>& items) {
  Bytes lines;
  for (const ItemLine& item : items) lines.append(item_line(item)).push_back('\n');
  return lines;
}

// By the scanner that serves files, so that inline items are no special case further on.
validation::Inspection inspect(View lines, View model) {
  validation::Inspection inspection;
  inspection.verdict.model = model;
  validation::IndexBuilder index;
  const auto see = [&](const validation::Line& line) {
    ++inspection.verdict.items;
    index.add(line.offset, line.offset + line.length + 1);
  };
  validation::LineScanner scanner;
  scanner.feed(lines, see);
  scanner.finish(see);
  inspection.index = index.entries();
  return inspection;
}

std::vector<Bytes> file_ids_of(const std::vector<ItemLine>& items) {
  std::vector<Bytes> ids;
  ids.reserve(items.size());
  for (const ItemLine& item : items) ids.push_back(item.file_id);
  text::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  return ids;
}

std::size_t count_items(View text) {
  std::size_t count = 0;
  json::each_element(json::find_member(text, "items").value_or(""), [&count](View) { ++count; });
  return count;
}

// Why a text is kept as no value.
Problem not_a_value(View text) {
  if (!json::valid(text)) return {.code = ProblemCode::body_not_json};
  const Place whole{.pointer = "", .name = "body"};
  const std::size_t items = count_items(text);
  Violations wrong;
  if (items > items_count_max)
    wrong.too_big(place_of("items"), items, items_count_max, "items");
  else if (json::values_count(text) > create_values_max)
    wrong.add(whole, "too_big",
              "The body has more than " + text::decimal(create_values_max) + " values in all");
  else
    wrong.add(whole, "unsupported_json",
              "The body is JSON, but is nested more than " + text::decimal(json::depth_max) +
                  " levels deep, or has the escape of a lone surrogate or a number that no "
                  "double holds");
  return wrong.take();
}

}  // namespace

Or<Creation> parse_create(View text, const Allowed& allowed, text::SipKey secret) {
  const bool fits = json::values_count(text) <= create_values_max;
  const auto body = fits ? Value::parse(text) : std::nullopt;
  if (!body) return not_a_value(text);
  if (body->kind() != json::Kind::object) return Problem{.code = ProblemCode::body_not_object};

  Violations wrong;
  Creation out;
  const auto items = read_items(*body, secret, wrong);
  out.create.model = read_model(*body, allowed.accepts, wrong);
  out.brief.prompt = read_prompt(*body, wrong);
  out.brief.output_schema = read_output_schema(*body, secret, wrong);
  out.create.completion_window = read_window(*body, allowed.windows, wrong);
  out.create.metadata = read_metadata(*body, wrong);
  if (!wrong.none()) return wrong.take();

  out.lines = lines_of(items);
  out.inspection = inspect(out.lines, out.create.model);
  out.file_ids = file_ids_of(items);
  out.canonical = body->canonical();
  return out;
}

}  // namespace edgebatch::dialects::datagrid
