// Which custom_ids were seen, and on which line first. Keyed hashes of 96 bits instead of the ids,
// so that nobody can aim at collisions and none happens by chance: with 100,000 ids it would be
// one in 10^18. 18 to 28 bytes an id, and both tables while one grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::validation {

class UniqueIds {
 public:
  explicit UniqueIds(text::SipKey secret) : secret_(secret) {}

  /// Nothing if `id` is new; else the line that had it first.
  std::optional<std::uint32_t> insert(View id, std::uint32_t line);

  std::size_t size() const { return size_; }
  std::size_t memory_bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t more_of_hash = 0;  // 0: the slot is empty.
    std::uint32_t line = 0;

    bool is_empty() const { return more_of_hash == 0; }
    bool has_hash_of(const Slot& other) const {
      return hash == other.hash && more_of_hash == other.more_of_hash;
    }
  };
  static_assert(sizeof(Slot) == 16);

  Slot& place_of(const Slot& wanted);  // The one of its hash, or the empty one where it belongs.
  void grow();

  text::SipKey secret_;
  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace edgebatch::validation
