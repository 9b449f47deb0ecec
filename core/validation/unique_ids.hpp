// Which custom_ids were seen, and on which line first. 128-bit keyed hashes, so that nobody can aim at
// collisions and none happens by chance.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/text/siphash.hpp"

namespace edgebatch::validation {

class UniqueIds {
 public:
  explicit UniqueIds(text::SipKey secret) : secret_(secret) {}

  /// Nothing if `id` is new; else the line that had it first.
  std::optional<std::uint32_t> insert(View id, std::uint32_t line);

 private:
  text::SipKey secret_;
};

}  // namespace edgebatch::validation
