// A pattern as a position automaton (Glushkov's): its positions are the leaves of its tree in the
// order of the source, and one more, behind all, that says that it was found. A state is the set of
// positions that may come next. Positions are runs of bits, so a step of thousands of them is some
// hundred instructions: those right behind a position are reached by a shift, others by jumps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/pattern/alphabet.hpp"
#include "core/pattern/pattern.hpp"
#include "core/pattern/positions.hpp"
#include "core/pattern/tree.hpp"

namespace edgebatch::pattern {

constexpr std::size_t positions_count_max = 8192;   // After repetitions were written out.
constexpr std::size_t jump_parts_count_max = 1024;  // They are what a step takes time for.
constexpr std::size_t assertions_count_max = 128;   // Also written out.
constexpr std::size_t symbol_parts_count_max = 32768;

/// A place between two characters, or at an end of the text.
struct Gap {
  bool at_start;
  bool at_end;
  bool behind_word;
  bool before_word;
};

bool holds(Assertion assertion, const Gap& gap);

class Program {
 public:
  /// A flaw if it is too large.
  static std::variant<Program, Flaw> of(const Tree& tree);

  const Alphabet& alphabet() const { return alphabet_; }
  std::size_t words_count() const { return words_count_; }
  bool asserts() const { return !assertions_.empty(); }
  bool sees_words() const { return sees_words_; }
  bool is_word(Alphabet::Symbol symbol) const { return sees_words_ && word_symbols_[symbol]; }

  bool found(const Word* state) const { return has(state, last_); }

  /// The state at the start of a text.
  void start(Word* state) const;
  /// Adds what is reached by the assertions that hold here. Before a step, and at the end.
  void pass(Word* state, const Gap& gap, std::vector<std::uint32_t>& scratch) const;
  /// From the state before a character to the state behind it; `scratch` has room for a state.
  void step(const Word* from, Alphabet::Symbol symbol, Word* to, Word* scratch) const;

 private:
  friend class Linker;

  struct Range {
    std::uint32_t begin;
    std::uint32_t end;
  };
  // If the state has one of those, it gets all of these.
  struct Jump {
    Range from;
    Range to;
  };
  struct ShortJump {
    Part from;
    Part to;
  };
  struct Assert {
    Position position;
    Assertion assertion;
    std::vector<Part> to;
  };

  explicit Program(Alphabet alphabet) : alphabet_(std::move(alphabet)) {}

  std::span<const Part> parts(Range range) const {
    return std::span(parts_).subspan(range.begin, range.end - range.begin);
  }

  Alphabet alphabet_;
  std::size_t words_count_ = 0;
  Position last_ = 0;
  bool sees_words_ = false;
  std::vector<bool> word_symbols_;

  std::vector<Part> first_;    // At the start of a text, …
  std::vector<Word> again_;    // … and anywhere else, as it is searched for.
  std::vector<Word> shifted_;  // Positions that follow the one before them.
  std::vector<ShortJump> short_jumps_;
  std::vector<Jump> jumps_;
  std::vector<Part> parts_;                      // Of jumps, and of what symbols match.
  std::vector<Range> matching_;                  // For each symbol the positions that match it.
  std::vector<Assert> assertions_;               // Ascending.
  std::vector<Word> asserting_;                  // Their positions, …
  std::vector<std::uint32_t> asserting_before_;  // … and how many lie before each word.
};

}  // namespace edgebatch::pattern
