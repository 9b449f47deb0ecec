// Randomness is an input: a host hands over a seed once, and everything random is drawn from it, so
// that a history can be replayed.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

class Entropy {
 public:
  /// 32 bytes from the host's secure source (or a test's choice; any size works).
  explicit Entropy(View seed) : seed_(seed) {}

  /// The next 32 unpredictable bytes: SHA-256(seed ‖ counter).
  Bytes draw();
  std::uint64_t draw_u64();

 private:
  Bytes seed_;
  std::uint64_t drawn_ = 0;
};

}  // namespace edgebatch::text
