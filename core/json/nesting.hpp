// Which arrays and objects are open: a bit a level.
#pragma once

#include <array>
#include <cstdint>

namespace edgebatch::json {

constexpr unsigned nesting_max = 512;  // Levels of arrays and objects in a line or an answer.

class Nesting {
 public:
  unsigned depth() const { return depth_; }
  bool full() const { return depth_ == nesting_max; }
  /// Whether the innermost is an object; there has to be one.
  bool in_object() const { return (words_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1) != 0; }

  /// There has to be room.
  void open(bool object) {
    const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
    std::uint64_t& word = words_[depth_ / 64];
    word = object ? word | bit : word & ~bit;
    ++depth_;
  }
  void close() { --depth_; }

 private:
  unsigned depth_ = 0;
  std::array<std::uint64_t, nesting_max / 64> words_{};
};

}  // namespace edgebatch::json
