// The start of a string literal's text, decoded while the literal streams past.
#pragma once

#include <cstddef>

#include "core/json/unescaper.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::validation {

class TextCapture {
 public:
  /// `bytes_max`: how much is kept, cut between two characters.
  explicit TextCapture(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Begins anew.
  void begin(std::size_t bytes_max);

  /// Whether a literal that is nothing but `inside` is its own text, all of which is kept.
  bool fits_as_it_is(View inside) const;

  /// The next bytes of the literal's inside.
  void feed(View inside);
  /// The literal's end: `text` and `too_long` are final.
  void finish();

  const Bytes& text() const { return text_; }
  bool too_long() const { return too_long_; }

 private:
  void cut();

  std::size_t bytes_max_;
  bool fed_ = false;
  Bytes text_;
  bool too_long_ = false;
  json::Unescaper unescaper_;
};

}  // namespace edgebatch::validation
