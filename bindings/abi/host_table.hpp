// The rows of the actor whose turn it is, through the host's imports.
#pragma once

#include "handlers/ports/table.hpp"

namespace edgebatch::abi {

class HostTable final : public ports::Table {
 public:
  std::optional<Bytes> get(View key) override;
  void put(View key, View value) override;
  void erase(View key) override;
  std::vector<ports::Row> scan(View from, View to, std::size_t limit_count,
                               ports::Order order) override;
};

}  // namespace edgebatch::abi
