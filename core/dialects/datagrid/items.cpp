#include "core/dialects/datagrid/items.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/violations.hpp"
#include "core/json/pointer.hpp"
#include "core/json/value.hpp"
#include "core/problem/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
#include "core/validation/unique_ids.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

using json::Value;

constexpr View items_name = "items";

class ItemsReader {
 public:
  ItemsReader(text::SipKey secret, Violations& wrong) : ids_(secret), wrong_(wrong) {}

  void read(const Value& value) {
    Place here{.pointer = json::element_pointer("/items", items_.size()), .name = "item"};
    ItemLine& item = items_.emplace_back();
    if (value.kind() != json::Kind::object) return wrong_.wrong_type(here, "an object", value);

    item.custom_id = custom_id(value, here);
    here.custom_id = item.custom_id;
    item.file_id = file_id(value, here);
    item.page = page(value, here);
  }

  std::vector<ItemLine> take() { return std::move(items_); }

 private:
  static Place member(const Place& item, View name) {
    return {.pointer = json::member_pointer(item.pointer, name),
            .name = Bytes(name),
            .custom_id = item.custom_id};
  }

  // Empty if it can't be one; a violation names only what is one.
  Bytes custom_id(const Value& item, const Place& here) {
    Place place = member(here, "custom_id");
    const auto id = required_string(item, place, wrong_);
    if (!id) return {};
    if (id->size() > custom_id_bytes_max) {
      wrong_.too_big(place, id->size(), custom_id_bytes_max, "bytes");
      return {};
    }
    place.custom_id = *id;
    if (ids_.insert(*id, static_cast<std::uint32_t>(items_.size())))
      wrong_.add(place, "duplicate_custom_id",
                 "Duplicate custom_id '" + problem::excerpt(*id) + "' in batch");
    return *id;
  }

  Bytes file_id(const Value& item, const Place& here) {
    const Place place = member(here, "file_id");
    auto id = required_string(item, place, wrong_);
    if (id && id->size() > file_id_bytes_max)
      wrong_.too_big(place, id->size(), file_id_bytes_max, "bytes");
    return std::move(id).value_or("");
  }

  std::optional<std::uint32_t> page(const Value& item, const Place& here) {
    const Place place = member(here, "page");
    const auto value = item.member(place.name);
    if (!value || value->is_null()) return std::nullopt;
    if (value->kind_in_words() != "an integer") {
      wrong_.wrong_type(place, "an integer or null", *value);
      return std::nullopt;
    }
    const auto number = value->integer();  // Nothing: more than 64 bits hold.
    if (number && *number >= 1 && *number <= page_max) return static_cast<std::uint32_t>(*number);
    const bool small = number && *number < 1;
    if (small)
      wrong_.add(place, "too_small", "page must be at least 1: the first page is page 1");
    else
      wrong_.add(place, "too_big", "page must be at most " + text::decimal(page_max));
    return std::nullopt;
  }

  validation::UniqueIds ids_;
  Violations& wrong_;
  std::vector<ItemLine> items_;
};

}  // namespace

std::vector<ItemLine> read_items(const Value& body, text::SipKey secret, Violations& wrong) {
  const Place place = place_of(items_name);
  const auto list = body.member(items_name);
  ItemsReader items(secret, wrong);
  if (!list || list->is_null()) {
    wrong.missing(place, "an array");
  } else if (list->kind() != json::Kind::array) {
    wrong.wrong_type(place, "an array", *list);
  } else {
    const auto elements = list->elements();
    if (elements.empty())
      wrong.add(place, "too_small", "items must contain at least one item");
    else if (elements.size() > items_count_max)
      wrong.too_big(place, elements.size(), items_count_max, "items");
    else
      for (const Value& element : elements) items.read(element);
  }
  return items.take();
}

}  // namespace edgebatch::dialects::datagrid
