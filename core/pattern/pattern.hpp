// The regular expressions of JSON Schema's `pattern`: ECMA-262's syntax with its flag u, matched in
// linear time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

/// Why a pattern can't be had.
struct Flaw {
  std::size_t offset;  // In bytes, into the pattern.
  Bytes message;       // What is wrong, and what would be right.
};

class Automaton;

class Pattern {
 public:
  /// Of UTF-8, perhaps empty: the empty pattern is found in every text. Refused are, besides what
  /// ECMA-262 refuses: backreferences, lookahead and lookbehind, which nothing can match in linear
  /// time; modifiers, `(?i:…)`; some binary properties (unicode_tables.mjs lists those there are);
  /// and what is larger than parser.hpp and program.hpp allow.
  static std::variant<Pattern, Flaw> compile(View source);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  /// Whether the pattern matches anywhere in a text of well-formed UTF-8. Takes time linear in the
  /// text's length, whatever the pattern; not const, as states are learnt on the way, within
  /// `states_bytes_max`.
  bool found_in(View text);

  /// How long that may take at worst, of a text of so many bytes: in steps of a few tens of
  /// nanoseconds.
  std::uint64_t steps_for(std::size_t text_bytes) const;

 private:
  explicit Pattern(std::unique_ptr<Automaton> automaton);

  std::unique_ptr<Automaton> automaton_;
};

}  // namespace edgebatch::pattern
