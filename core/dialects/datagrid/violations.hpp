// Everything that is wrong with a body, collected as it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/json/value.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

constexpr std::size_t violations_count_max = 1'000;  // Listed; more are only counted.

/// Where a value stands, and how sentences call it.
struct Place {
  Bytes pointer;      // `/items/1/custom_id`
  Bytes name;         // `custom_id`
  Bytes custom_id{};  // Of the item that it belongs to, where that is known.
};

/// The place of a member of the body.
Place place_of(View name);

class Violations {
 public:
  void add(const Place& place, View code, View message);

  // What is often wrong. `expected` and `got` are kinds with their articles: "a string".
  void missing(const Place& place, View expected);
  void wrong_type(const Place& place, View expected, const json::Value& got);
  void empty(const Place& place);
  void too_big(const Place& place, std::uint64_t size, std::uint64_t size_max, View unit);

  bool none() const { return count_ == 0; }
  /// Once, if there are any. The detail is the first message, and how many more there are.
  Problem take();

 private:
  std::vector<Violation> listed_;
  std::uint64_t count_ = 0;
};

/// The member `place.name` of `object`, a string that isn't empty; else nothing, and a violation.
/// Null counts as missing.
std::optional<Bytes> required_string(const json::Value& object, const Place& place,
                                     Violations& wrong);

}  // namespace edgebatch::dialects::datagrid
