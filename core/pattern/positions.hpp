// Sets of positions: bits, 64 to a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace edgebatch::pattern {

using Position = std::uint32_t;
using Word = std::uint64_t;

constexpr std::size_t word_bits = 64;

constexpr std::size_t words_for(std::size_t positions_count) {
  return (positions_count + word_bits - 1) / word_bits;
}
constexpr Word bit_of(Position position) { return Word{1} << (position % word_bits); }

inline bool has(const Word* set, Position position) {
  return (set[position / word_bits] & bit_of(position)) != 0;
}
inline void put(Word* set, Position position) { set[position / word_bits] |= bit_of(position); }

/// What a set has in one word; sets with few of them are lists of such parts.
struct Part {
  std::uint32_t word;
  Word bits;
};

/// Appends ascending positions as parts.
void append_parts(std::vector<Part>& parts, std::span<const Position> positions);

inline void put(Word* set, std::span<const Part> parts) {
  for (const Part& part : parts) set[part.word] |= part.bits;
}

}  // namespace edgebatch::pattern
