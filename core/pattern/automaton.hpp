// Runs a program over texts: through the states that it has learnt, or, where learning doesn't pay,
// step by step. Each byte takes one step at most, however the text and the pattern are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/pattern/alphabet.hpp"
#include "core/pattern/positions.hpp"
#include "core/pattern/program.hpp"
#include "core/pattern/states.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

class Automaton {
 public:
  explicit Automaton(Program program);

  bool found_in(View text);

  /// The same without learning.
  bool found_step_by_step(View text);

  /// Of a set of positions: a byte of a text may take as long as it takes to go through those.
  std::size_t words_count() const { return program_.words_count(); }

 private:
  using State = States::State;
  using Behind = States::Behind;
  using Symbol = Alphabet::Symbol;

  // A text, and how far it was read.
  struct Run {
    const char* at;
    const char* end;
  };

  Symbol end_symbol() const { return program_.alphabet().size(); }
  Symbol next(Run& run);

  // From the start on, as `found_in` has it.
  bool search(Run run);
  // As far as the text is ASCII and leads to known states.
  State follow(State state, Run& run) const;
  // Where the symbol leads; learns it. `unknown`: to the positions `after_`, but there is no room.
  State learn(State from, Symbol symbol);
  // Takes in the positions `after_` when there is no room: forgets all others, or, if they weren't
  // worth learning, nothing.
  std::optional<State> make_room(Behind behind);
  void forget();

  // From the positions `before_` over one symbol, the text's end included. `unknown`: to `after_`.
  State step(Behind behind, Symbol symbol);
  // From the positions `before_` to the text's end.
  bool walk(Run run, Behind behind);
  Behind behind(Symbol symbol) const {
    return program_.is_word(symbol) ? Behind::word : Behind::other;
  }

  Program program_;
  States states_;
  State start_ = States::unknown;
  Alphabet::Interval near_;  // Texts stay in few alphabets: where the last character was.
  std::vector<Word> before_;
  std::vector<Word> after_;
  std::vector<Word> matched_;
  std::vector<std::uint32_t> passed_;
  std::size_t read_ = 0;     // Bytes since the states were forgotten.
  std::size_t resting_ = 0;  // Bytes to go step by step before learning again.
};

}  // namespace edgebatch::pattern
