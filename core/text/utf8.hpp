// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include "core/text/bytes.hpp"

namespace edgebatch::text {

/// Checks a text that arrives in pieces, cut anywhere.
class Utf8Checker {
 public:
  /// False once the bytes so far can't be the start of any UTF-8 text; stays false.
  bool feed(View piece);
  /// True if the bytes so far end between two characters.
  bool complete() const;
};

bool utf8_valid(View text);

/// Appends the code point, U+FFFD where it isn't a scalar value.
void append_utf8(Bytes& out, char32_t code_point);

/// The number of code points of a valid text.
std::size_t utf8_length(View text);

/// `text` with every invalid sequence replaced by U+FFFD (for showing other people's bytes).
Bytes utf8_repaired(View text);

}  // namespace edgebatch::text
