#include "core/validation/unique_ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::validation {

std::optional<std::uint32_t> UniqueIds::insert(View id, std::uint32_t line) {
  if (size_ >= slots_.size() / 8 * 7) grow();
  const text::SipHash hash = text::siphash128(secret_, id);
  const Slot wanted{
      .hash = hash[0], .more_of_hash = static_cast<std::uint32_t>(hash[1]) | 1, .line = line};
  Slot& place = place_of(wanted);
  if (!place.is_empty()) return place.line;
  place = wanted;
  ++size_;
  return std::nullopt;
}

UniqueIds::Slot& UniqueIds::place_of(const Slot& wanted) {
  // A hash, seen as a fraction, of the table: works for any size. The table is never full.
  auto at = static_cast<std::size_t>(((wanted.hash >> 32) * slots_.size()) >> 32);
  while (!slots_[at].is_empty() && !slots_[at].has_hash_of(wanted)) {
    if (++at == slots_.size()) at = 0;
  }
  return slots_[at];
}

void UniqueIds::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() / 2 * 3 + 16));
  for (const Slot& kept : old) {
    if (!kept.is_empty()) place_of(kept) = kept;
  }
}

}  // namespace edgebatch::validation
