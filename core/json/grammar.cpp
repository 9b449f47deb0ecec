#include "core/json/grammar.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// Of a string: neither its end, nor an escape, nor a control character.
constexpr auto plain_bytes = [] {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0x20; i < plain.size(); ++i) plain[i] = i != '"' && i != '\\';
  return plain;
}();

constexpr bool is_plain(char byte) { return plain_bytes[static_cast<std::uint8_t>(byte)]; }

}  // namespace

Token Grammar::step(char byte) {
  switch (state_) {
    case State::value:
    case State::value_or_end: return value(byte);
    case State::key:
    case State::key_or_end: return key(byte);
    case State::colon:
      if (is_space(byte)) return Token::none;
      if (byte != ':') return fail();
      state_ = State::value;
      return Token::colon;
    case State::after_value: return after_value(byte);
    case State::string: return in_string_step(byte);
    case State::escape: return escape(byte);
    case State::hex: return hex(byte);
    case State::minus:
    case State::zero:
    case State::integer:
    case State::point:
    case State::fraction:
    case State::exponent:
    case State::exponent_sign:
    case State::exponent_digits: return number(byte);
    case State::literal:
      if (byte != *literal_) return fail();
      if (*++literal_ == '\0') state_ = State::after_value;
      return Token::none;
    case State::wrong:
    case State::too_deep: return Token::error;
  }
  return Token::error;
}

Token Grammar::value(char byte) {
  if (is_space(byte)) return Token::none;
  switch (byte) {
    case '{': return open(true);
    case '[': return open(false);
    case ']': return state_ == State::value_or_end ? close(false) : fail();
    case '"':
      in_key_ = false;
      state_ = State::string;
      return Token::string_begin;
    case 't': return begin_literal("rue");
    case 'f': return begin_literal("alse");
    case 'n': return begin_literal("ull");
    case '-': state_ = State::minus; return Token::scalar_begin;
    case '0': state_ = State::zero; return Token::scalar_begin;
    default:
      if (!is_digit(byte)) return fail();
      state_ = State::integer;
      return Token::scalar_begin;
  }
}

Token Grammar::begin_literal(const char* rest) {
  literal_ = rest;
  state_ = State::literal;
  return Token::scalar_begin;
}

Token Grammar::key(char byte) {
  if (is_space(byte)) return Token::none;
  if (byte == '}' && state_ == State::key_or_end) return close(true);
  if (byte != '"') return fail();
  in_key_ = true;
  state_ = State::string;
  return Token::key_begin;
}

Token Grammar::after_value(char byte) {
  if (is_space(byte)) return Token::none;
  if (depth_ == 0) return fail();
  switch (byte) {
    case ',': state_ = in_object() ? State::key : State::value; return Token::comma;
    case '}': return in_object() ? close(true) : fail();
    case ']': return in_object() ? fail() : close(false);
    default: return fail();
  }
}

Token Grammar::in_string_step(char byte) {
  if (is_plain(byte)) return Token::none;
  if (byte == '\\') {
    state_ = State::escape;
    return Token::none;
  }
  if (byte != '"') return fail();
  state_ = in_key_ ? State::colon : State::after_value;
  return in_key_ ? Token::key_end : Token::string_end;
}

Token Grammar::escape(char byte) {
  if (byte == 'u') {
    hex_left_ = 4;
    state_ = State::hex;
    return Token::none;
  }
  if (View("\"\\/bfnrt").find(byte) == View::npos) return fail();
  state_ = State::string;
  return Token::none;
}

Token Grammar::hex(char byte) {
  if (!is_hex(byte)) return fail();
  if (--hex_left_ == 0) state_ = State::string;
  return Token::none;
}

Token Grammar::number(char byte) {
  const bool digit = is_digit(byte);
  const bool e = byte == 'e' || byte == 'E';
  switch (state_) {
    case State::minus:
      if (!digit) return fail();
      return number_goes_on(byte == '0' ? State::zero : State::integer);
    case State::zero:
    case State::integer:
      if (digit && state_ == State::integer) return Token::none;
      if (byte == '.') return number_goes_on(State::point);
      if (e) return number_goes_on(State::exponent);
      break;
    case State::point: return digit ? number_goes_on(State::fraction) : fail();
    case State::fraction:
      if (digit) return Token::none;
      if (e) return number_goes_on(State::exponent);
      break;
    case State::exponent:
      if (byte == '+' || byte == '-') return number_goes_on(State::exponent_sign);
      return digit ? number_goes_on(State::exponent_digits) : fail();
    case State::exponent_sign: return digit ? number_goes_on(State::exponent_digits) : fail();
    default:  // exponent_digits
      if (digit) return Token::none;
      break;
  }
  // The number ended before this byte.
  state_ = State::after_value;
  return after_value(byte);
}

Token Grammar::number_goes_on(State state) {
  state_ = state;
  return Token::none;
}

Token Grammar::open(bool object) {
  if (depth_ == nesting_max) {
    state_ = State::too_deep;
    return Token::error;
  }
  std::uint64_t& word = objects_[depth_ / 64];
  const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
  word = object ? word | bit : word & ~bit;
  ++depth_;
  state_ = object ? State::key_or_end : State::value_or_end;
  return object ? Token::object_begin : Token::array_begin;
}

Token Grammar::close(bool object) {
  --depth_;
  state_ = State::after_value;
  return object ? Token::object_end : Token::array_end;
}

Token Grammar::fail() {
  state_ = State::wrong;
  return Token::error;
}

bool Grammar::in_object() const {
  const unsigned level = depth_ - 1;
  return (objects_[level / 64] >> (level % 64) & 1) != 0;
}

std::size_t Grammar::plain(View text) const {
  if (state_ != State::string) return 0;
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_plain) -
                                  text.begin());
}

bool Grammar::complete() const {
  if (depth_ != 0) return false;
  switch (state_) {
    case State::after_value:
    case State::zero:
    case State::integer:
    case State::fraction:
    case State::exponent_digits: return true;
    default: return false;
  }
}

bool Grammar::in_string() const { return state_ == State::string || in_escape(); }

bool Grammar::in_escape() const { return state_ == State::escape || state_ == State::hex; }

bool valid(View text, unsigned levels_max) {
  if (!text::utf8_valid(text)) return false;
  Grammar grammar;
  for (std::size_t at = 0; at < text.size(); ++at) {
    at += grammar.plain(text.substr(at));
    if (at == text.size()) break;
    if (grammar.step(text[at]) == Token::error || grammar.depth() > levels_max) return false;
  }
  return grammar.complete();
}

}  // namespace edgebatch::json
