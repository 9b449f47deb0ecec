// The last bytes of a stream, so that an error found in it can be shown without reading it again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

/// How much is kept of what was there before the newest piece.
constexpr std::size_t recent_bytes_max = 256 * 1024;

class Recent {
 public:
  explicit Recent(std::size_t bytes_max = recent_bytes_max) : bytes_max_(bytes_max) {}

  void append(View piece);

  /// The newest piece, and at least `bytes_max` bytes before it, if there were so many.
  View kept() const { return kept_; }
  /// Where in the stream they begin.
  std::uint64_t begin() const { return begin_; }

 private:
  std::size_t bytes_max_;
  Bytes kept_;
  std::uint64_t begin_ = 0;
};

}  // namespace edgebatch::wasi
