// What the grammar calls its characters.
#pragma once

namespace edgebatch::json {

/// Space, tab, LF and CR: what may stand between tokens.
constexpr bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/// Behind a backslash; `u` with its digits isn't among them.
constexpr bool is_short_escape(char byte) {
  switch (byte) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return true;
    default: return false;
  }
}

}  // namespace edgebatch::json
