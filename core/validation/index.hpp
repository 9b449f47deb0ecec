// Where a stream's items lie: spans of consecutive items of about equal work, as byte ranges.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::validation {

constexpr std::uint32_t span_items_max = 500;
constexpr std::uint64_t span_bytes_max = 1024 * 1024;  // But for a single item that is larger.

struct IndexEntry {
  std::uint32_t first = 0;       // Index of its first item, 0-based.
  std::uint32_t count = 0;       // Items.
  std::uint64_t byte_begin = 0;  // In the stream: of its first item's line …
  std::uint64_t byte_end = 0;  // … and behind its last item's line, LF included where there is one.

  bool operator==(const IndexEntry&) const = default;
  static constexpr auto fields = std::tuple(&IndexEntry::first, &IndexEntry::count,
                                            &IndexEntry::byte_begin, &IndexEntry::byte_end);
};

/// Takes items in order and closes an entry when the next item would make it larger than the
/// limits.
class IndexBuilder {
 public:
  explicit IndexBuilder(std::uint32_t items_max = span_items_max,
                        std::uint64_t bytes_max = span_bytes_max);

  /// An item's line: bytes [begin, end) of the stream.
  void add(std::uint64_t byte_begin, std::uint64_t byte_end);

  const std::vector<IndexEntry>& entries() const { return entries_; }
  std::uint32_t items() const;

 private:
  bool fits(std::uint64_t byte_end) const;  // Into the last entry.

  std::uint32_t items_max_;
  std::uint64_t bytes_max_;
  std::vector<IndexEntry> entries_;
};

}  // namespace edgebatch::validation
