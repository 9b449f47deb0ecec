// The rows of one actor: ordered by key, synchronous, so that a turn is atomic.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"

namespace edgebatch::ports {

using Row = std::pair<Bytes, Bytes>;  // Key and value.

enum class Order : std::uint8_t { ascending, descending };

class Table {
 public:
  virtual ~Table() = default;
  virtual std::optional<Bytes> get(View key) = 0;
  virtual void put(View key, View value) = 0;
  virtual void erase(View key) = 0;
  /// Rows with from ≤ key < to, at most `limit_count`, from that end of the range that comes first.
  virtual std::vector<Row> scan(View from, View to, std::size_t limit_count, Order order) = 0;
};

/// A row's value as a struct; nothing if there is no such row.
template <class T>
std::optional<T> load(Table& table, View key) {
  const auto bytes = table.get(key);
  if (!bytes) return std::nullopt;
  return wire::decode<T>(*bytes);
}

template <class T>
void store(Table& table, View key, const T& value) {
  table.put(key, wire::encode(value));
}

/// The end of the range of keys that begin with `prefix` (which ends in an ASCII character).
inline Bytes behind(View prefix) {
  Bytes end(prefix);
  ++end.back();
  return end;
}

}  // namespace edgebatch::ports
