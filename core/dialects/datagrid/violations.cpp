#include "core/dialects/datagrid/violations.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "core/json/pointer.hpp"
#include "core/json/value.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::dialects::datagrid {

Place place_of(View name) {
  return {.pointer = json::member_pointer("", name), .name = Bytes(name)};
}

void Violations::add(const Place& place, View code, View message) {
  ++count_;
  if (listed_.size() == violations_count_max) return;
  listed_.push_back({.pointer = place.pointer,
                     .code = Bytes(code),
                     .message = Bytes(message),
                     .custom_id = place.custom_id});
}

void Violations::missing(const Place& place, View expected) {
  add(place, "required", place.name + " is required and must be " + Bytes(expected));
}

void Violations::wrong_type(const Place& place, View expected, const json::Value& got) {
  add(place, "invalid_type",
      place.name + " must be " + Bytes(expected) + ", but is " + Bytes(got.kind_in_words()));
}

void Violations::empty(const Place& place) {
  add(place, "too_small", place.name + " must not be empty");
}

void Violations::too_big(const Place& place, std::uint64_t size, std::uint64_t size_max,
                         View unit) {
  add(place, "too_big",
      place.name + " has " + text::decimal(size) + " " + Bytes(unit) + ", but at most " +
          text::decimal(size_max) + " are allowed");
}

Problem Violations::take() {
  Bytes detail = listed_.front().message;
  if (count_ > 1) detail += " (and " + text::decimal(count_ - 1) + " more: see `errors`)";
  if (count_ > listed_.size())
    listed_.push_back({.pointer = "",
                       .code = "more_violations",
                       .message = "… and " + text::decimal(count_ - listed_.size()) +
                                  " more, which are not listed",
                       .custom_id = {}});
  return {.code = ProblemCode::request_invalid,
          .detail = std::move(detail),
          .violations = std::move(listed_)};
}

std::optional<Bytes> required_string(const json::Value& object, const Place& place,
                                     Violations& wrong) {
  const auto value = object.member(place.name);
  const auto text = value ? value->string() : std::nullopt;
  if (!value || value->is_null())
    wrong.missing(place, "a string");
  else if (!text)
    wrong.wrong_type(place, "a string", *value);
  else if (text->empty())
    wrong.empty(place);
  else
    return Bytes(*text);
  return std::nullopt;
}

}  // namespace edgebatch::dialects::datagrid
