#include "core/pattern/states.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/pattern/positions.hpp"

namespace edgebatch::pattern {
namespace {

constexpr std::size_t slots_count_min = 64;
constexpr std::size_t states_count_max = 8192;

std::size_t capacity_for(std::size_t symbols, std::size_t words) {
  const std::size_t bytes = symbols * sizeof(States::State) + words * sizeof(Word) +
                            sizeof(States::Behind) + 2 * sizeof(std::uint32_t);
  return std::min(states_bytes_max / bytes, states_count_max);
}

}  // namespace

States::States(std::size_t symbols_count, std::size_t words_count)
    : symbols_(symbols_count),
      words_(words_count),
      capacity_(capacity_for(symbols_count, words_count)),
      slots_(slots_count_min) {}

bool States::same(std::size_t number, const Word* positions, Behind behind) const {
  return behind_[number] == behind &&
         std::equal(positions, positions + words_, positions_.data() + number * words_);
}

// Where it is, or would be.
std::size_t States::slot_for(const Word* positions, Behind behind) const {
  constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;
  std::uint64_t hash = static_cast<std::uint64_t>(behind) + 1;
  for (std::size_t i = 0; i < words_; ++i) hash = (std::rotl(hash, 23) ^ positions[i]) * odd;
  std::size_t slot = (hash ^ hash >> 32) & (slots_.size() - 1);
  while (slots_[slot] != 0 && !same(slots_[slot] - 1, positions, behind))
    slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

// Doubled at most up to what there may be.
template <class Rows>
void States::make_room(Rows& rows, std::size_t row) const {
  if (rows.size() + row > rows.capacity())
    rows.reserve(std::min(2 * (rows.size() + row), capacity_ * row));
}

std::optional<States::State> States::at(const Word* positions, Behind behind) {
  std::size_t slot = slot_for(positions, behind);
  if (slots_[slot] != 0) return static_cast<State>((slots_[slot] - 1) * symbols_);
  const std::size_t number = behind_.size();
  if (number == capacity_) return std::nullopt;
  behind_.push_back(behind);
  make_room(positions_, words_);
  make_room(leads_to_, symbols_);
  positions_.insert(positions_.end(), positions, positions + words_);
  leads_to_.resize(leads_to_.size() + symbols_, unknown);
  slots_[slot] = static_cast<std::uint32_t>(number + 1);
  if (behind_.size() * 2 > slots_.size()) grow();
  return static_cast<State>(number * symbols_);
}

void States::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t number = 0; number < behind_.size(); ++number)
    slots_[slot_for(positions_.data() + number * words_, behind_[number])] =
        static_cast<std::uint32_t>(number + 1);
}

void States::clear() {
  leads_to_.clear();
  positions_.clear();
  behind_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
}

}  // namespace edgebatch::pattern
