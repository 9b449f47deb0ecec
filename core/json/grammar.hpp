// The grammar of RFC 8259 as a machine that is fed byte by byte: it builds nothing, allocates nothing, and
// its only memory is one bit a level of nesting. UTF-8 is checked by others (`text::Utf8Checker`).
#pragma once

#include <array>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

constexpr unsigned nesting_max = 512;  // Levels of arrays and objects in a line or an answer.

enum class Token : std::uint8_t {
  none,          // Inside a token, or whitespace.
  object_begin,
  object_end,
  array_begin,
  array_end,
  key_begin,     // The opening quote of a member's name.
  key_end,       // Its closing quote.
  string_begin,  // The opening quote of a string value.
  string_end,
  scalar_begin,  // First byte of a number or literal.
  colon,
  comma,
  error,         // This byte can't stand here. The machine stays here.
};

class Grammar {
 public:
  /// What this byte is. A number's end is only seen at the byte behind it, which reports its own token.
  Token step(char byte);

  /// True if the bytes so far are one complete JSON value, perhaps with whitespace around it.
  bool complete() const;

  unsigned depth() const { return depth_; }  // After the last step: arrays and objects that are open.
  bool in_string() const;                    // Inside a name or a string value.
  bool in_escape() const;                    // Behind a backslash, or in the digits of `\u`.

 private:
  unsigned depth_ = 0;
};

/// True if `text` is one JSON value in valid UTF-8, not nested deeper than `nesting_max`.
bool valid(View text);

/// The value of the top-level object's member `name` as it stands in `text`, without whitespace around it: the
/// last one if there are several, nothing if `text` isn't a valid object or has none.
std::optional<View> find_member(View text, View name);

/// Decodes the inside of a string literal that the grammar has accepted. Lone surrogates become U+FFFD.
Bytes unescape(View inside);

}  // namespace edgebatch::json
