#include "core/json/writer.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/json/separators.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr bool needs_escape(char byte) {
  return static_cast<std::uint8_t>(byte) < 0x20 || byte == '"' || byte == '\\';
}

void append_escape(Bytes& out, char byte) {
  switch (byte) {
    case '"':
    case '\\':
      out.push_back('\\');
      out.push_back(byte);
      return;
    case '\b': out.append("\\b"); return;
    case '\f': out.append("\\f"); return;
    case '\n': out.append("\\n"); return;
    case '\r': out.append("\\r"); return;
    case '\t': out.append("\\t"); return;
    default:
      out.append("\\u00");
      out.push_back(byte < 0x10 ? '0' : '1');
      out.push_back("0123456789abcdef"[byte & 0xF]);
  }
}

// Of a text in valid UTF-8.
void append_characters(Bytes& out, View text) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!needs_escape(text[at])) continue;
    append_without_separators(out, text.substr(begin, at - begin));
    append_escape(out, text[at]);
    begin = at + 1;
  }
  append_without_separators(out, text.substr(begin));
}

}  // namespace

void append_string(Bytes& out, View text) {
  out.push_back('"');
  if (text::utf8_valid(text)) {
    append_characters(out, text);
  } else {
    append_characters(out, text::utf8_repaired(text));
  }
  out.push_back('"');
}

Writer& Writer::begin_object() { return begin('{'); }
Writer& Writer::end_object() { return end('}'); }
Writer& Writer::begin_array() { return begin('['); }
Writer& Writer::end_array() { return end(']'); }

Writer& Writer::key(View name) {
  append_string(next(), name);
  out_.push_back(':');
  comma_ = false;
  return *this;
}

Writer& Writer::string(View value) {
  append_string(next(), value);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  std::array<char, 20> digits;  // -9223372036854775808
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  next().append(digits.data(), end);
  return *this;
}

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::null() { return raw("null"); }

Writer& Writer::raw(View json) {
  next().append(json);
  return *this;
}

Writer& Writer::member(View name, const std::optional<Bytes>& value) {
  key(name);
  return value ? string(*value) : null();
}

Writer& Writer::integer_member(View name, std::optional<std::int64_t> value) {
  key(name);
  return value ? integer(*value) : null();
}

Bytes Writer::take() {
  comma_ = false;
  return std::exchange(out_, Bytes());
}

Bytes& Writer::next() {
  if (comma_) out_.push_back(',');
  comma_ = true;
  return out_;
}

Writer& Writer::begin(char bracket) {
  next().push_back(bracket);
  comma_ = false;
  return *this;
}

Writer& Writer::end(char bracket) {
  out_.push_back(bracket);
  comma_ = true;
  return *this;
}

}  // namespace edgebatch::json
