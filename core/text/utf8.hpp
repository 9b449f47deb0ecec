// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

/// Checks a text that arrives in pieces, cut anywhere.
class Utf8Checker {
 public:
  /// False once the bytes so far can't be the start of any UTF-8 text; stays false.
  bool feed(View piece);
  /// True if the bytes so far end between two characters.
  bool complete() const { return valid_ && wanted_ == 0; }

 private:
  friend Bytes utf8_repaired(View text);

  // One byte further; false if it can't stand here.
  bool step(std::uint8_t byte);

  bool valid_ = true;
  std::uint8_t wanted_ = 0;  // Continuation bytes until the character ends.
  std::uint8_t low_ = 0x80;  // What the next one may be.
  std::uint8_t high_ = 0xBF;
};

bool utf8_valid(View text);

/// How many code points the text has; nothing if it isn't valid. By vectors where the target has
/// those that it takes …
std::optional<std::size_t> utf8_characters(View text);
/// … and for any target: both have to say the same.
std::optional<std::size_t> utf8_characters_by_bytes(View text);

/// Appends the code point, U+FFFD where it isn't a scalar value.
void append_utf8(Bytes& out, char32_t code_point);

/// The number of code points of a valid text.
std::size_t utf8_length(View text);

/// `text` with every invalid sequence replaced by U+FFFD (for showing other people's bytes). The
/// start of a character that doesn't go on is one such sequence, as browsers have it.
Bytes utf8_repaired(View text);

}  // namespace edgebatch::text
