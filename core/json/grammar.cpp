#include "core/json/grammar.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/walk.hpp"
#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

constexpr bool is_plain(char byte) {
  return byte != '"' && byte != '\\' && static_cast<std::uint8_t>(byte) >= 0x20;
}

// Whether no character begins with this byte.
constexpr bool begins_no_character(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  return (value >= 0x80 && value < 0xC2) || value > 0xF4;
}

const char* skip_space(const char* at, const char* end) {
  while (at != end && is_space(*at)) ++at;
  return at;
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
    const text::BlockMasks masks = text::block_masks(at);
    if (masks.special != 0) {
      const auto plain = static_cast<unsigned>(std::countr_zero(masks.special));
      high |= masks.high & ((1U << plain) - 1);
      if (high != 0) ascii = false;
      return static_cast<std::size_t>(at - text.data()) + plain;
    }
    high |= masks.high;
  }
  for (; at != end && is_plain(*at); ++at) high |= static_cast<std::uint8_t>(*at) & 0x80;
  if (high != 0) ascii = false;
  return static_cast<std::size_t>(at - text.data());
}

Token Grammar::next(View piece, std::size_t& position) {
  const char* at = piece.data() + position;
  const char* const end = piece.data() + piece.size();
  Token token = Token::none;
  while (token == Token::none && at != end) {
    switch (state_) {
      case State::value:
      case State::value_or_end:
        at = skip_space(at, end);
        if (at != end) token = begin_value(at);
        break;
      case State::key:
      case State::key_or_end:
        at = skip_space(at, end);
        if (at != end) token = begin_key(at);
        break;
      case State::colon:
        at = skip_space(at, end);
        if (at == end) break;
        if (*at != ':') {
          token = fail_at(*at);
          break;
        }
        ++at;
        state_ = State::value;
        break;
      case State::after_value:
        at = skip_space(at, end);
        if (at != end) token = separate(at);
        break;
      case State::string: token = read_string(at, end); break;
      case State::escape:
      case State::hex:
        if (!read_escape(at, end)) token = fail_at(*at);
        break;
      case State::literal:
        if (!read_literal(at, end)) {
          token = fail_at(*at);
        } else if (state_ == State::after_value) {
          token = Token::scalar_end;
          level_ = depth_;
        }
        break;
      case State::wrong: token = Token::error; break;
      default: token = read_number(at, end); break;
    }
    if (token != Token::error && level_ > levels_max_) token = Token::none;
  }
  position = static_cast<std::size_t>(at - piece.data());
  return token;
}

Token Grammar::begin_value(const char*& at) {
  level_ = depth_;
  if ((*at == '{' || *at == '[') && depth_ == nesting_max) return fail(Flaw::too_deep);
  switch (const char byte = *at++) {
    case '{': return open(true);
    case '[': return open(false);
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
      if (is_digit(byte)) {
        state_ = State::integer;
        return Token::scalar_begin;
      }
      if (byte == ']' && state_ == State::value_or_end) return close(false);
      return fail_at(*--at);
  }
}

Token Grammar::begin_literal(const char* rest) {
  literal_ = rest;
  state_ = State::literal;
  return Token::scalar_begin;
}

Token Grammar::begin_key(const char*& at) {
  level_ = depth_;
  if (*at == '"') {
    ++at;
    in_key_ = true;
    state_ = State::string;
    return Token::key_begin;
  }
  if (*at != '}' || state_ != State::key_or_end) return fail_at(*at);
  ++at;
  return close(true);
}

// Between a value and the next, or its end.
Token Grammar::separate(const char*& at) {
  if (depth_ == 0) return fail_at(*at);
  const bool object = in_object();
  if (*at == ',') {
    ++at;
    state_ = object ? State::key : State::value;
    return Token::none;
  }
  if (*at != (object ? '}' : ']')) return fail_at(*at);
  ++at;
  return close(object);
}

Token Grammar::read_string(const char*& at, const char* end) {
  bool ascii = true;
  const View run(at, plain_prefix(View(at, static_cast<std::size_t>(end - at)), ascii));
  if (!ascii || !utf8_.complete()) {
    const text::Utf8Checker before = utf8_;
    if (!utf8_.feed(run)) return fail_in_text(at, run, before);
  }
  at += run.size();
  if (at == end) return Token::none;
  if (!utf8_.complete()) return fail(Flaw::not_utf8);
  if (*at == '\\') {
    ++at;
    state_ = State::escape;
    return Token::none;
  }
  if (*at != '"') return fail();
  ++at;
  level_ = depth_;
  state_ = in_key_ ? State::colon : State::after_value;
  return in_key_ ? Token::key_end : Token::string_end;
}

bool Grammar::read_escape(const char*& at, const char* end) {
  if (state_ == State::escape) {
    if (*at == 'u') {
      hex_left_ = 4;
      state_ = State::hex;
    } else {
      if (View("\"\\/bfnrt").find(*at) == View::npos) return false;
      state_ = State::string;
    }
    ++at;
  }
  for (; state_ == State::hex && at != end; ++at) {
    if (!is_hex(*at)) return false;
    if (--hex_left_ == 0) state_ = State::string;
  }
  return true;
}

bool Grammar::read_literal(const char*& at, const char* end) {
  for (; at != end && *literal_ != '\0'; ++at, ++literal_)
    if (*at != *literal_) return false;
  if (*literal_ == '\0') state_ = State::after_value;
  return true;
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
      if (!digit) return fail_at(*at);
      return go_on(*at == '0' ? State::zero : State::integer);
    case State::zero:
    case State::integer:
      if (*at == '.') return go_on(State::point);
      [[fallthrough]];
    case State::fraction:
      if (e) return go_on(State::exponent);
      break;
    case State::point: return digit ? go_on(State::fraction) : fail_at(*at);
    case State::exponent:
      if (*at == '+' || *at == '-') return go_on(State::exponent_sign);
      [[fallthrough]];
    case State::exponent_sign: return digit ? go_on(State::exponent_digits) : fail_at(*at);
    default: break;  // exponent_digits
  }
  // The number ended before this byte.
  level_ = depth_;
  state_ = State::after_value;
  return Token::scalar_end;
}

Token Grammar::open(bool object) {
  std::uint64_t& word = objects_[depth_ / 64];
  const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
  word = object ? word | bit : word & ~bit;
  ++depth_;
  state_ = object ? State::key_or_end : State::value_or_end;
  return object ? Token::object_begin : Token::array_begin;
}

Token Grammar::close(bool object) {
  level_ = --depth_;
  state_ = State::after_value;
  return object ? Token::object_end : Token::array_end;
}

Token Grammar::fail(Flaw flaw) {
  flaw_ = flaw;
  state_ = State::wrong;
  return Token::error;
}

// This byte can't stand here.
Token Grammar::fail_at(char byte) {
  return fail(begins_no_character(byte) ? Flaw::not_utf8 : Flaw::not_json);
}

// Somewhere in a run of characters: `before` was known of those in front of it.
Token Grammar::fail_in_text(const char*& at, View run, const text::Utf8Checker& before) {
  text::Utf8Checker checker = before;
  std::size_t valid = 0;
  while (checker.feed(run.substr(valid, 1))) ++valid;
  at += valid;
  return fail(Flaw::not_utf8);
}

bool Grammar::in_object() const {
  const unsigned level = depth_ - 1;
  return (objects_[level / 64] >> (level % 64) & 1) != 0;
}

bool Grammar::complete() const {
  return depth_ == 0 && (state_ == State::after_value || in_number());
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
