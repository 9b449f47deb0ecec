#include "core/pattern/program.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/pattern/alphabet.hpp"
#include "core/pattern/positions.hpp"
#include "core/pattern/tree.hpp"

namespace edgebatch::pattern {

bool holds(Assertion assertion, const Gap& gap) {
  switch (assertion) {
    case Assertion::start: return gap.at_start;
    case Assertion::end: return gap.at_end;
    case Assertion::boundary: return gap.behind_word != gap.before_word;
    case Assertion::no_boundary: return gap.behind_word == gap.before_word;
  }
  return false;
}

void append_parts(std::vector<Part>& parts, std::span<const Position> positions) {
  const std::size_t begin = parts.size();
  for (const Position position : positions) {
    const auto word = static_cast<std::uint32_t>(position / word_bits);
    if (parts.size() == begin || parts.back().word != word) parts.push_back({word, 0});
    parts.back().bits |= bit_of(position);
  }
}

void Program::start(Word* state) const {
  std::fill_n(state, words_count_, 0);
  put(state, first_);
}

// Each assertion is looked at once at most, when its position is first reached.
void Program::pass(Word* state, const Gap& gap, std::vector<std::uint32_t>& scratch) const {
  scratch.clear();
  const auto reach = [&](std::uint32_t word, Word positions) {
    const Word here = asserting_[word];
    for (Word left = positions & here; left != 0; left &= left - 1) {
      const Word lower = (left & -left) - 1;
      scratch.push_back(asserting_before_[word] +
                        static_cast<std::uint32_t>(std::popcount(here & lower)));
    }
  };
  for (std::uint32_t word = 0; word < words_count_; ++word) reach(word, state[word]);
  while (!scratch.empty()) {
    const Assert& assertion = assertions_[scratch.back()];
    scratch.pop_back();
    if (!holds(assertion.assertion, gap)) continue;
    for (const Part& part : assertion.to) {
      const Word fresh = part.bits & ~state[part.word];
      state[part.word] |= fresh;
      reach(part.word, fresh);
    }
  }
}

void Program::step(const Word* from, Alphabet::Symbol symbol, Word* to, Word* scratch) const {
  Word* const matched = scratch;
  std::fill_n(matched, words_count_, 0);
  for (const Part& part : parts(matching_[symbol]))
    matched[part.word] = from[part.word] & part.bits;

  Word carry = 0;
  for (std::size_t i = 0; i < words_count_; ++i) {
    to[i] = again_[i] | ((matched[i] << 1 | carry) & shifted_[i]);
    carry = matched[i] >> (word_bits - 1);
  }
  for (const ShortJump& jump : short_jumps_) {
    const bool taken = (matched[jump.from.word] & jump.from.bits) != 0;
    to[jump.to.word] |= taken ? jump.to.bits : 0;
  }
  for (const Jump& jump : jumps_) {
    Word any = 0;
    for (const Part& part : parts(jump.from)) any |= matched[part.word] & part.bits;
    if (any != 0) put(to, parts(jump.to));
  }
}

}  // namespace edgebatch::pattern
