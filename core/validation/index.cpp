#include "core/validation/index.hpp"

#include <cstdint>
#include <vector>

namespace edgebatch::validation {

IndexBuilder::IndexBuilder(std::uint32_t items_max, std::uint64_t bytes_max)
    : items_max_(items_max), bytes_max_(bytes_max) {}

void IndexBuilder::add(std::uint64_t byte_begin, std::uint64_t byte_end) {
  if (!fits(byte_end)) entries_.push_back({items(), 0, byte_begin, byte_begin});
  IndexEntry& entry = entries_.back();
  ++entry.count;
  entry.byte_end = byte_end;
}

bool IndexBuilder::fits(std::uint64_t byte_end) const {
  if (entries_.empty()) return false;
  const IndexEntry& entry = entries_.back();
  return entry.count < items_max_ && byte_end - entry.byte_begin <= bytes_max_;
}

std::uint32_t IndexBuilder::items() const {
  return entries_.empty() ? 0 : entries_.back().first + entries_.back().count;
}

}  // namespace edgebatch::validation
