// States met so far, with where each symbol leads from them: an automaton that is deterministic,
// and learnt as texts need it. Holds a bounded number of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/pattern/positions.hpp"

namespace edgebatch::pattern {

constexpr std::size_t states_bytes_max = std::size_t{256} << 10;  // Of one pattern.
constexpr std::size_t states_count_min = 16;                      // Fewer aren't worth learning.

class States {
 public:
  /// Where a state's row begins, in `leads_to`.
  using State = std::uint32_t;

  // Instead of a state:
  static constexpr State never = 0xFFFF'FFFD;    // However the text goes on, it isn't found.
  static constexpr State found = 0xFFFF'FFFE;    // However it goes on.
  static constexpr State unknown = 0xFFFF'FFFF;  // Not learnt yet.
  static constexpr bool is_state(State state) { return state < never; }

  /// What distinguishes states besides their positions.
  enum class Behind : std::uint8_t { start, word, other };

  States(std::size_t symbols_count, std::size_t words_count);

  std::size_t capacity() const { return capacity_; }
  bool worthwhile() const { return capacity_ >= states_count_min; }

  /// The state with these positions, a new one if need be; nothing if there is no room.
  std::optional<State> at(const Word* positions, Behind behind);
  void clear();

  const Word* positions(State state) const { return positions_.data() + number(state) * words_; }
  Behind behind(State state) const { return behind_[number(state)]; }

  const State* leads_to() const { return leads_to_.data(); }
  void lead(State from, std::size_t symbol, State to) { leads_to_[from + symbol] = to; }

 private:
  std::size_t number(State state) const { return state / symbols_; }
  template <class Rows>
  void make_room(Rows& rows, std::size_t row) const;
  void grow();
  std::size_t slot_for(const Word* positions, Behind behind) const;
  bool same(std::size_t number, const Word* positions, Behind behind) const;

  std::size_t symbols_;
  std::size_t words_;
  std::size_t capacity_;
  std::vector<State> leads_to_;  // A row for each state.
  std::vector<Word> positions_;  // The same.
  std::vector<Behind> behind_;
  std::vector<std::uint32_t> slots_;  // By hash: a state's number, from 1 on; 0 is free.
};

}  // namespace edgebatch::pattern
