// From the inside of a string literal to the text that it stands for.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Decodes byte by byte what the grammar has accepted. Lone surrogates become U+FFFD.
class Unescaper {
 public:
  /// Appends what this byte makes known of the text.
  void step(char byte, Bytes& out);
  /// The literal's end.
  void finish(Bytes& out);

  /// Whether there was a lone surrogate.
  bool replaced() const { return replaced_; }

 private:
  void replace(Bytes& out);
  void escape(char byte, Bytes& out);
  void hex(char byte, Bytes& out);
  void code_unit(Bytes& out);

  bool escape_ = false;        // Behind a backslash.
  std::uint8_t hex_left_ = 0;  // Digits of `\u` to come.
  char32_t unit_ = 0;          // What the digits say so far.
  bool replaced_ = false;
  char32_t high_ = 0;  // A high surrogate that waits for its low one.
};

}  // namespace edgebatch::json
