#include "core/json/unescaper.hpp"

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr char32_t hex_value(char byte) {
  if (byte <= '9') return static_cast<char32_t>(byte - '0');
  return static_cast<char32_t>((byte | 0x20) - 'a' + 10);
}

// Of an escape of two characters; quotes and slashes stand for themselves.
constexpr char escaped(char byte) {
  switch (byte) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return byte;
  }
}

}  // namespace

void Unescaper::step(char byte, Bytes& out) {
  if (hex_left_ != 0) return hex(byte, out);
  if (escape_) return escape(byte, out);
  if (byte == '\\') {
    escape_ = true;
    return;
  }
  finish(out);
  out.push_back(byte);
}

void Unescaper::finish(Bytes& out) {
  if (high_ == 0) return;
  replace(out);
  high_ = 0;
}

void Unescaper::replace(Bytes& out) {
  text::append_utf8(out, replacement);
  replaced_ = true;
}

void Unescaper::escape(char byte, Bytes& out) {
  escape_ = false;
  if (byte == 'u') {
    hex_left_ = 4;
    unit_ = 0;
    return;
  }
  finish(out);
  out.push_back(escaped(byte));
}

void Unescaper::hex(char byte, Bytes& out) {
  unit_ = unit_ << 4 | hex_value(byte);
  if (--hex_left_ == 0) code_unit(out);
}

void Unescaper::code_unit(Bytes& out) {
  const bool high = unit_ >= 0xD800 && unit_ < 0xDC00;
  const bool low = unit_ >= 0xDC00 && unit_ < 0xE000;
  if (low && high_ != 0) {
    text::append_utf8(out, 0x10000 + ((high_ - 0xD800) << 10) + (unit_ - 0xDC00));
    high_ = 0;
    return;
  }
  finish(out);
  if (high) {
    high_ = unit_;
  } else if (low) {
    replace(out);
  } else {
    text::append_utf8(out, unit_);
  }
}

Bytes unescape(View inside) {
  Bytes text;
  text.reserve(inside.size());
  Unescaper unescaper;
  for (const char byte : inside) unescaper.step(byte, text);
  unescaper.finish(text);
  return text;
}

}  // namespace edgebatch::json
