// Result lines on their way into a shard.
#pragma once

#include <array>

#include "core/dialects/line_format.hpp"
#include "core/ledger/span.hpp"

namespace edgebatch::runner {

constexpr std::uint64_t shard_bytes = 1024 * 1024;  // A shard is stored when it has grown to that.

class ShardBuilder {
 public:
  void add(const dialects::ResultLine& line);

  std::uint32_t items() const { return shard_.counts.total(); }
  std::uint64_t bytes() const;
  /// The sections, one behind another.
  Bytes content() const;
  const ledger::Shard& shard() const { return shard_; }

 private:
  std::array<Bytes, ledger::streams_count_max> sections_;
  ledger::Shard shard_;
};

}  // namespace edgebatch::runner
