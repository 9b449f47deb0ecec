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
  const Hash key = hash(id);
  Slot& found = slot(key);
  if (found.hash == key) return found.line;
  found = {key, line};
  ++size_;
  return std::nullopt;
}

UniqueIds::Hash UniqueIds::hash(View id) const {
  const text::SipHash all = text::siphash128(secret_, id);
  return {static_cast<std::uint32_t>(all[0]), static_cast<std::uint32_t>(all[0] >> 32),
          static_cast<std::uint32_t>(all[1]) | 1};
}

UniqueIds::Slot& UniqueIds::slot(const Hash& hash) {
  // A hash, seen as a fraction, of the table: works for any size. The table is never full.
  auto at = static_cast<std::size_t>((std::uint64_t{hash[0]} * slots_.size()) >> 32);
  while (slots_[at].hash != Hash{} && slots_[at].hash != hash) {
    if (++at == slots_.size()) at = 0;
  }
  return slots_[at];
}

void UniqueIds::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() / 2 * 3 + 16));
  for (const Slot& kept : old) {
    if (kept.hash != Hash{}) slot(kept.hash) = kept;
  }
}

}  // namespace edgebatch::validation
