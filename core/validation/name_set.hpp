// The names of an object's members, of bounded number, to see which of them comes twice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

namespace edgebatch::validation {

/// Keeps hashes of 64 bits: whoever makes names collide has only their own line refused.
class NameSet {
 public:
  void clear() { count_ = 0; }

  bool contains(View name) const;
  /// False if it is full.
  bool insert(View name);

 private:
  std::size_t count_ = 0;
  std::array<std::uint64_t, other_members_count_max> hashes_;
};

}  // namespace edgebatch::validation
