// A stream as it is stored: parts of equal size, but for the last. Ranges address the stream, so
// an item may begin in one part and end in another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::http {

constexpr std::uint64_t part_bytes =
    4 * 1024 * 1024;  // One object, one write; memory of an upload follows it.

struct StoredStream {
  Bytes prefix;             // Of its objects' keys; ends in `/`.
  std::uint64_t bytes = 0;  // In all.
  std::uint64_t bytes_a_part = part_bytes;

  Bytes part_key(std::uint64_t part) const { return prefix + "part/" + text::hex(part, 6); }
  /// What is known of the content, beside it.
  Bytes inspection_key() const { return prefix + "inspection"; }
  /// What all items of a batch have in common, beside them.
  Bytes brief_key() const { return prefix + "brief"; }

  /// The stored sections that bytes [begin, end) lie in.
  std::vector<Section> sections(std::uint64_t begin, std::uint64_t end) const {
    std::vector<Section> found;
    end = std::min(end, bytes);
    while (begin < end) {
      const std::uint64_t offset = begin % bytes_a_part;
      const std::uint64_t length = std::min(bytes_a_part - offset, end - begin);
      found.push_back({.key = part_key(begin / bytes_a_part), .offset = offset, .length = length});
      begin += length;
    }
    return found;
  }

  bool operator==(const StoredStream&) const = default;
  static constexpr auto fields =
      std::tuple(&StoredStream::prefix, &StoredStream::bytes, &StoredStream::bytes_a_part);
};

}  // namespace edgebatch::http
