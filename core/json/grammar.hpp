// The grammar of RFC 8259 in UTF-8, as a machine that is fed pieces cut anywhere, and tells one
// token after the other: it builds nothing, allocates nothing, and its only memory is one bit a
// level of nesting.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

constexpr unsigned nesting_max = 512;  // Levels of arrays and objects in a line or an answer.

enum class Token : std::uint8_t {
  none,  // The piece has been read to its end.
  object_begin,
  object_end,
  array_begin,
  array_end,
  key_begin,     // The opening quote of a member's name.
  key_end,       // Its closing quote.
  string_begin,  // The opening quote of a string value.
  string_end,
  scalar_begin,  // First byte of a number or literal.
  scalar_end,    // Seen at the byte behind it.
  error,         // The machine stays here.
};

/// Why a text is none.
enum class Flaw : std::uint8_t {
  none,
  not_json,
  not_utf8,
  too_deep,
};

/// Space, tab, LF and CR: what may stand between tokens.
constexpr bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

class Grammar {
 public:
  /// The outermost value is level 0, what lies directly inside of it level 1 …: tokens of values
  /// and names on levels above `levels_max` are followed, but not told.
  explicit Grammar(unsigned levels_max = nesting_max) : levels_max_(levels_max) {}

  /// Reads on from `at` to the next token, and moves `at` behind it: behind a bracket, a quote or a
  /// scalar's first byte; to the byte behind a scalar; to the byte that is wrong.
  Token next(View piece, std::size_t& at);

  /// True if the bytes so far are one complete JSON value, perhaps with whitespace around it.
  bool complete() const;

  /// True if the bytes so far end inside of a character.
  bool in_character() const { return !utf8_.complete(); }
  /// True if the bytes so far end in a number that would be whole if nothing followed.
  bool in_number() const;

  /// Of the value or name that the last token belongs to.
  unsigned level() const { return level_; }
  Flaw flaw() const { return flaw_; }  // Behind `error`.

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
  };

  Token begin_value(const char*& at);
  Token begin_literal(const char* rest);
  Token begin_key(const char*& at);
  Token separate(const char*& at);
  Token read_string(const char*& at, const char* end);
  bool read_escape(const char*& at, const char* end);
  bool read_literal(const char*& at, const char* end);
  Token read_number(const char*& at, const char* end);
  Token open(bool object);
  Token close(bool object);
  Token fail(Flaw flaw = Flaw::not_json);
  Token fail_at(char byte);
  Token fail_in_text(const char*& at, View run, const text::Utf8Checker& before);
  bool in_object() const;

  State state_ = State::value;
  Flaw flaw_ = Flaw::none;
  bool in_key_ = false;        // The string under way is a name.
  std::uint8_t hex_left_ = 0;  // Digits of `\u` to come.
  unsigned levels_max_;
  unsigned level_ = 0;
  unsigned depth_ = 0;                                     // Arrays and objects open.
  const char* literal_ = nullptr;                          // What is still to come of a literal.
  text::Utf8Checker utf8_;                                 // Of the string under way.
  std::array<std::uint64_t, nesting_max / 64> objects_{};  // A bit a level: object or array.
};

/// How many bytes at the start of `text` are plain characters of a JSON string: neither its end,
/// nor an escape, nor a control character. `ascii` becomes false if some of them are no ASCII.
std::size_t plain_prefix(View text, bool& ascii);

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
