// An upstream that refuses whatever it is asked (a wrong key, a wrong address) would burn all items
// of a batch. So refusals are held back until it is known whether others are answered.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/dialects/line_format.hpp"

namespace edgebatch::runner {

constexpr std::uint32_t refusals_in_a_row_max = 10;  // Then everybody is taken to be refused.

/// `Place` says where a line belongs.
template <class Place>
class Refusals {
 public:
  struct Held {
    Place place;
    std::uint32_t index = 0;
    dialects::ResultLine line;
  };

  void hold(Place place, std::uint32_t index, dialects::ResultLine line, std::uint32_t status) {
    held_.push_back({place, index, std::move(line)});
    status_ = status;
  }

  bool empty() const { return held_.empty(); }
  bool everybody(std::uint32_t in_a_row_max) const { return held_.size() >= in_a_row_max; }
  std::uint32_t status() const { return status_; }  // Of the last.

  /// Somebody was answered, or nobody is left to be asked: they are these items' own.
  std::vector<Held> release() { return std::exchange(held_, {}); }

 private:
  std::vector<Held> held_;
  std::uint32_t status_ = 0;
};

}  // namespace edgebatch::runner
