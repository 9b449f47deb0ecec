// The grammar of RFC 8259 as a machine that is fed byte by byte: it builds nothing, allocates
// nothing, and its only memory is one bit a level of nesting. UTF-8 is checked by others
// (`text::Utf8Checker`).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

constexpr unsigned nesting_max = 512;  // Levels of arrays and objects in a line or an answer.

enum class Token : std::uint8_t {
  none,  // Inside a token, or whitespace.
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
  error,  // This byte can't stand here. The machine stays here.
};

/// Space, tab, LF and CR: what may stand between tokens.
constexpr bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

class Grammar {
 public:
  /// What this byte is. A number's end is only seen at the byte behind it, which reports its own
  /// token.
  Token step(char byte);

  /// How many bytes at the start of `text` are plain characters of the string under way: `step`
  /// would answer `none` to each and stay as it is, so they may be skipped. 0 outside of strings.
  std::size_t plain(View text) const;

  /// True if the bytes so far are one complete JSON value, perhaps with whitespace around it.
  bool complete() const;

  unsigned depth() const { return depth_; }  // After the last step: arrays and objects open.
  bool in_string() const;                    // Inside a name or a string value.
  bool in_escape() const;                    // Behind a backslash, or in the digits of `\u`.
  bool too_deep() const { return state_ == State::too_deep; }  // Why the last token was `error`.

 private:
  enum class State : std::uint8_t {
    value,         // A value has to come.
    value_or_end,  // Behind `[`.
    key,           // A name has to come.
    key_or_end,    // Behind `{`.
    colon,         // Behind a name.
    after_value,   // Comma, end, or at depth 0 nothing more.
    string,
    escape,  // Behind a backslash.
    hex,     // In the digits of `\u`.
    minus,   // Behind a number's sign: digits have to come.
    zero,    // Behind a leading 0: it has no other digits.
    integer,
    point,  // Digits have to come.
    fraction,
    exponent,  // Behind the e: sign or digits have to come.
    exponent_sign,
    exponent_digits,
    literal,  // In true, false or null.
    wrong,
    too_deep,
  };

  Token value(char byte);
  Token key(char byte);
  Token after_value(char byte);
  Token begin_literal(const char* rest);
  Token in_string_step(char byte);
  Token escape(char byte);
  Token hex(char byte);
  Token number(char byte);
  Token number_goes_on(State state);
  Token open(bool object);
  Token close(bool object);
  Token fail();
  bool in_object() const;

  State state_ = State::value;
  bool in_key_ = false;            // The string under way is a name.
  std::uint8_t hex_left_ = 0;      // Digits of `\u` to come.
  const char* literal_ = nullptr;  // What is still to come of a literal.
  unsigned depth_ = 0;
  std::array<std::uint64_t, nesting_max / 64> objects_{};  // A bit a level: object or array.
};

/// True if `text` is one JSON value in valid UTF-8, not nested deeper than `levels_max` (at most
/// `nesting_max`).
bool valid(View text, unsigned levels_max = nesting_max);

/// The value of the top-level object's member `name` as it stands in `text`, without whitespace
/// around it: the last one if there are several, nothing if `text` isn't a valid object or has
/// none.
std::optional<View> find_member(View text, View name);

/// Decodes the inside of a string literal that the grammar has accepted. Lone surrogates become
/// U+FFFD.
Bytes unescape(View inside);

}  // namespace edgebatch::json
