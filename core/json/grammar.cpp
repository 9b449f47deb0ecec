#include "core/json/grammar.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/characters.hpp"
#include "core/json/nesting.hpp"
#include "core/json/walk.hpp"
#include "core/json/whole_tokens.hpp"
#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr bool is_plain(char byte) {
  return byte != '"' && byte != '\\' && static_cast<std::uint8_t>(byte) >= 0x20;
}

// Whether no character begins with this byte.
constexpr bool begins_no_character(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  return (value >= 0x80 && value < 0xC2) || value > 0xF4;
}

const char* skip_digits(const char* at, const char* end) {
  while (at != end && is_digit(*at)) ++at;
  return at;
}

}  // namespace

std::size_t plain_prefix(View text, bool& ascii) {
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint32_t high = 0;
  for (; static_cast<std::size_t>(end - at) >= text::block_bytes; at += text::block_bytes) {
    const text::Block block(at);
    if (const std::uint32_t specials = block.specials(); specials != 0) {
      const auto plain = static_cast<unsigned>(std::countr_zero(specials));
      high |= block.highs() & ((1U << plain) - 1);
      if (high != 0) ascii = false;
      return static_cast<std::size_t>(at - text.data()) + plain;
    }
    high |= block.highs();
  }
  for (; at != end && is_plain(*at); ++at) high |= static_cast<std::uint8_t>(*at) & 0x80;
  if (high != 0) ascii = false;
  return static_cast<std::size_t>(at - text.data());
}

void Grammar::reset() { *this = Grammar(levels_max_, line_feed_); }

Token Grammar::next(View piece, std::size_t& position) {
  const char* at = piece.data() + position;
  const char* const end = piece.data() + piece.size();
  Token token = Token::none;
  while (token == Token::none && at != end) {
    // Nobody is told of these, but for the bracket that ends them.
    if (nesting_.depth() > levels_max_ && state_ == State::between)
      at = pass_tokens(at, end, next_, nesting_, levels_max_ + 1, continuations_);
    const char* const before = at;
    token = step(at, end);
    if (token == Token::none && at == before) break;  // At a line's end.
    if (token != Token::error && level_ > levels_max_) token = Token::none;
  }
  position = static_cast<std::size_t>(at - piece.data());
  return token;
}

// One token further, or a part of one.
Token Grammar::step(const char*& at, const char* end) {
  switch (state_) {
    case State::between: at = skip_space(at, end); return at == end ? Token::none : begin(at);
    case State::string: return read_string(at, end);
    case State::escape:
    case State::hex: return read_escape(at, end);
    case State::literal: return read_literal(at, end);
    case State::wrong: return Token::error;
    default: return read_number(at, end);
  }
}

Token Grammar::begin(const char*& at) {
  switch (next_) {
    case Next::value:
    case Next::value_or_end: return begin_value(at);
    case Next::name:
    case Next::name_or_end: return begin_key(at);
    case Next::separator: return separate(at);
    case Next::colon: break;
  }
  if (*at != ':') return fail_at(at);
  ++at;
  next_ = Next::value;
  return Token::none;
}

Token Grammar::begin_value(const char*& at) {
  level_ = nesting_.depth();
  switch (*at) {
    case '{': return open(at, true);
    case '[': return open(at, false);
    case '"':
      ++at;
      in_key_ = false;
      state_ = State::string;
      return Token::string_begin;
    case 't': return begin_literal(at, "rue");
    case 'f': return begin_literal(at, "alse");
    case 'n': return begin_literal(at, "ull");
    case '-': return begin_number(at, State::minus);
    case '0': return begin_number(at, State::zero);
    case ']':
      if (next_ == Next::value_or_end) return close(at, false);
      break;
    default:
      if (is_digit(*at)) return begin_number(at, State::integer);
      break;
  }
  return fail_at(at);
}

Token Grammar::begin_literal(const char*& at, const char* rest) {
  ++at;
  literal_ = rest;
  state_ = State::literal;
  return Token::scalar_begin;
}

Token Grammar::begin_number(const char*& at, State state) {
  ++at;
  state_ = state;
  return Token::scalar_begin;
}

Token Grammar::begin_key(const char*& at) {
  level_ = nesting_.depth();
  if (*at == '"') {
    ++at;
    in_key_ = true;
    state_ = State::string;
    return Token::key_begin;
  }
  if (*at != '}' || next_ != Next::name_or_end) return fail_at(at);
  return close(at, true);
}

// Between a value and the next, or its end.
Token Grammar::separate(const char*& at) {
  if (nesting_.depth() == 0) return fail_at(at);
  const bool object = nesting_.in_object();
  if (*at == ',') {
    ++at;
    next_ = object ? Next::name : Next::value;
    return Token::none;
  }
  return *at == (object ? '}' : ']') ? close(at, object) : fail_at(at);
}

Token Grammar::read_string(const char*& at, const char* end) {
  if (utf8_.complete()) at = pass_characters(at, end, continuations_);
  bool ascii = true;
  const View run(at, plain_prefix(View(at, static_cast<std::size_t>(end - at)), ascii));
  if (!ascii || !utf8_.complete()) {
    const text::Utf8Checker before = utf8_;
    if (!utf8_.feed(run)) return fail_in_text(at, run, before);
    continuations_ += run.size() - text::utf8_length(run);
  }
  at += run.size();
  if (at == end) return Token::none;
  if (*at == '\n' && line_feed_ == LineFeed::ends_text) return Token::none;
  if (!utf8_.complete()) return fail(Flaw::not_utf8);
  if (*at == '\\') {
    ++at;
    state_ = State::escape;
    return Token::none;
  }
  if (*at != '"') return fail();
  ++at;
  return end_token(in_key_ ? Token::key_end : Token::string_end);
}

Token Grammar::read_escape(const char*& at, const char* end) {
  if (state_ == State::escape) {
    if (*at == 'u') {
      hex_left_ = 4;
      state_ = State::hex;
    } else {
      if (!is_short_escape(*at)) return fail_at(at);
      state_ = State::string;
    }
    ++at;
  }
  for (; state_ == State::hex && at != end; ++at) {
    if (!is_hex(*at)) return fail_at(at);
    if (--hex_left_ == 0) state_ = State::string;
  }
  return Token::none;
}

Token Grammar::read_literal(const char*& at, const char* end) {
  for (; at != end && *literal_ != '\0'; ++at, ++literal_)
    if (*at != *literal_) return fail_at(at);
  return *literal_ == '\0' ? end_token(Token::scalar_end) : Token::none;
}

Token Grammar::read_number(const char*& at, const char* end) {
  const auto go_on = [&](State state) {
    ++at;
    state_ = state;
    return Token::none;
  };
  if (state_ == State::integer || state_ == State::fraction || state_ == State::exponent_digits) {
    at = skip_digits(at, end);
    if (at == end) return Token::none;
  }
  const bool digit = is_digit(*at);
  const bool e = *at == 'e' || *at == 'E';
  switch (state_) {
    case State::minus:
      if (!digit) return fail_at(at);
      return go_on(*at == '0' ? State::zero : State::integer);
    case State::zero:
    case State::integer:
      if (*at == '.') return go_on(State::point);
      [[fallthrough]];
    case State::fraction:
      if (e) return go_on(State::exponent);
      break;
    case State::point: return digit ? go_on(State::fraction) : fail_at(at);
    case State::exponent:
      if (*at == '+' || *at == '-') return go_on(State::exponent_sign);
      [[fallthrough]];
    case State::exponent_sign: return digit ? go_on(State::exponent_digits) : fail_at(at);
    default: break;  // exponent_digits
  }
  return end_token(Token::scalar_end);  // Before this byte.
}

const char* Grammar::skip_space(const char* at, const char* end) const {
  while (at != end && is_space(*at) && (*at != '\n' || line_feed_ == LineFeed::space)) ++at;
  return at;
}

Token Grammar::end_token(Token token) {
  level_ = nesting_.depth();
  state_ = State::between;
  next_ = token == Token::key_end ? Next::colon : Next::separator;
  return token;
}

Token Grammar::open(const char*& at, bool object) {
  if (nesting_.full()) return fail(Flaw::too_deep);
  ++at;
  nesting_.open(object);
  next_ = object ? Next::name_or_end : Next::value_or_end;
  return object ? Token::object_begin : Token::array_begin;
}

Token Grammar::close(const char*& at, bool object) {
  ++at;
  nesting_.close();
  return end_token(object ? Token::object_end : Token::array_end);
}

Token Grammar::fail(Flaw flaw) {
  flaw_ = flaw;
  wrong_in_ = state_;
  state_ = State::wrong;
  return Token::error;
}

// This byte can't stand here. A line feed may end the text here; whether it may is for `complete`
// to say.
Token Grammar::fail_at(const char* at) {
  if (*at == '\n' && line_feed_ == LineFeed::ends_text) return Token::none;
  return fail(begins_no_character(*at) ? Flaw::not_utf8 : Flaw::not_json);
}

// Somewhere in a run of characters: `before` was known of those in front of it.
Token Grammar::fail_in_text(const char*& at, View run, const text::Utf8Checker& before) {
  text::Utf8Checker checker = before;
  std::size_t valid = 0;
  while (checker.feed(run.substr(valid, 1))) ++valid;
  continuations_ += valid - text::utf8_length(run.substr(0, valid));
  at += valid;
  return fail(Flaw::not_utf8);
}

Wanted Grammar::wanted() const {
  const State state = state_ == State::wrong ? wrong_in_ : state_;
  switch (state) {
    case State::string: return Wanted::character;
    case State::escape: return Wanted::escape;
    case State::hex: return Wanted::hex_digit;
    case State::minus:
    case State::point:
    case State::exponent:
    case State::exponent_sign: return Wanted::digit;
    case State::literal: return Wanted::literal;
    default: break;
  }
  // A number may end anywhere here.
  switch (state == State::between ? next_ : Next::separator) {
    case Next::value:
    case Next::value_or_end: return Wanted::value;
    case Next::name: return Wanted::name;
    case Next::name_or_end: return Wanted::name_or_end;
    case Next::colon: return Wanted::colon;
    case Next::separator: break;
  }
  if (nesting_.depth() == 0) return Wanted::end_of_text;
  return nesting_.in_object() ? Wanted::comma_or_brace : Wanted::comma_or_bracket;
}

bool Grammar::complete() const {
  if (nesting_.depth() != 0) return false;
  return in_number() || (state_ == State::between && next_ == Next::separator);
}

bool Grammar::in_number() const {
  switch (state_) {
    case State::zero:
    case State::integer:
    case State::fraction:
    case State::exponent_digits: return true;
    default: return false;
  }
}

bool valid(View text, unsigned levels_max) {
  return walk(text, levels_max, [levels_max](Token token, std::size_t, unsigned level) {
    const bool opens = token == Token::object_begin || token == Token::array_begin;
    return !opens || level < levels_max;
  });
}

}  // namespace edgebatch::json
