// An actor's rows in memory, counting what is written.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::support {

class Rows final : public ports::Table {
 public:
  std::optional<Bytes> get(View key) override {
    const auto found = rows_.find(key);
    if (found == rows_.end()) return std::nullopt;
    return found->second;
  }
  void put(View key, View value) override {
    ++writes_;
    rows_.insert_or_assign(Bytes(key), Bytes(value));
  }
  void erase(View key) override { writes_ += rows_.erase(Bytes(key)); }
  std::vector<ports::Row> scan(View from, View to, std::size_t limit_count,
                               ports::Order order) override {
    std::vector<ports::Row> found;
    if (from >= to) return found;
    auto begin = rows_.lower_bound(from);
    auto end = rows_.lower_bound(to);
    if (order == ports::Order::ascending) {
      for (; begin != end && found.size() < limit_count; ++begin) found.emplace_back(*begin);
    } else {
      while (end != begin && found.size() < limit_count) found.emplace_back(*--end);
    }
    return found;
  }

  /// Rows put or erased so far.
  std::size_t writes() const { return writes_; }
  std::size_t count() const { return rows_.size(); }
  std::size_t bytes() const {
    std::size_t bytes = 0;
    for (const auto& [key, value] : rows_) bytes += key.size() + value.size();
    return bytes;
  }

 private:
  std::map<Bytes, Bytes, std::less<>> rows_;
  std::size_t writes_ = 0;
};

}  // namespace edgebatch::support
