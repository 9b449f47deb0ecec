// The grammar of RFC 8259 in UTF-8, as a machine that is fed pieces cut anywhere, and tells one
// token after the other: it builds nothing, allocates nothing, and its only memory is one bit a
// level of nesting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/json/characters.hpp"  // IWYU pragma: export
#include "core/json/nesting.hpp"     // IWYU pragma: export
#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

enum class Token : std::uint8_t {
  none,  // The piece, or its line, has been read to its end.
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

/// What would have been right where a text went wrong, or ended too early.
enum class Wanted : std::uint8_t {
  value,
  name,              // Of an object's member.
  name_or_end,       // Behind `{`.
  colon,             // Behind a name.
  comma_or_brace,    // Behind a member.
  comma_or_bracket,  // Behind an element.
  end_of_text,       // Behind the outermost value.
  character,         // Of a string: its end is missing, or a control character isn't escaped.
  escape,            // Behind a backslash.
  hex_digit,
  digit,
  literal,  // true, false or null
};

/// What a line feed is.
enum class LineFeed : std::uint8_t {
  space,      // Whitespace, as in any JSON.
  ends_text,  // The end of a line of NDJSON: `next` says none, and stays in front of it.
};

class Grammar {
 public:
  /// The outermost value is level 0, what lies directly inside of it level 1 …: tokens of values
  /// and names on levels above `levels_max` are followed, but not told.
  explicit Grammar(unsigned levels_max = nesting_max, LineFeed line_feed = LineFeed::space)
      : levels_max_(levels_max), line_feed_(line_feed) {}

  /// Begins anew.
  void reset();

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
  /// Behind `error`, or where the text ended and wasn't complete.
  Wanted wanted() const;
  /// Of the bytes so far: those that continue a character, and so are no column of their own.
  std::uint64_t continuations() const { return continuations_; }

 private:
  enum class State : std::uint8_t {
    between,  // Two tokens: next_ says what may come.
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

  Token step(const char*& at, const char* end);
  const char* skip_space(const char* at, const char* end) const;
  Token begin(const char*& at);
  Token begin_value(const char*& at);
  Token begin_literal(const char*& at, const char* rest);
  Token begin_number(const char*& at, State state);
  Token begin_key(const char*& at);
  Token separate(const char*& at);
  Token read_string(const char*& at, const char* end);
  Token read_escape(const char*& at, const char* end);
  Token read_literal(const char*& at, const char* end);
  Token read_number(const char*& at, const char* end);
  Token end_token(Token token);
  Token open(const char*& at, bool object);
  Token close(const char*& at, bool object);
  Token fail(Flaw flaw = Flaw::not_json);
  Token fail_at(const char* at);
  Token fail_in_text(const char*& at, View run, const text::Utf8Checker& before);

  State state_ = State::between;
  Next next_ = Next::value;
  State wrong_in_ = State::between;  // The state in which an error was found.
  Flaw flaw_ = Flaw::none;
  bool in_key_ = false;        // The string under way is a name.
  std::uint8_t hex_left_ = 0;  // Digits of `\u` to come.
  unsigned levels_max_;
  LineFeed line_feed_;
  unsigned level_ = 0;
  const char* literal_ = nullptr;  // What is still to come of a literal.
  std::uint64_t continuations_ = 0;
  text::Utf8Checker utf8_;  // Of the string under way.
  Nesting nesting_;
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
