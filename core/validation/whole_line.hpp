// The way that nearly every line takes: it lies whole in the bytes at hand, and nothing about it is
// unusual. What isn't so is left to the line reader, which takes any line; both have to say the
// same of a line (tests/unit/validation/whole_line_test.cpp, tests/fuzz).
#pragma once

#include <cstddef>
#include <optional>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_shape.hpp"
#include "core/validation/name_set.hpp"

namespace edgebatch::validation {

class WholeLine {
 public:
  /// Reads the line that `piece` begins with, and gives its length, without its line feed. Nothing
  /// if it is cut off, or too close to the piece's end to tell, if it is blank, if it has a fault
  /// or a repeated name: `line`'s members are as good as those of a new line then, but to be
  /// cleared.
  /// `line`: what the last call made of it, unless `forget` was called in between.
  std::optional<std::size_t> read(View piece, Line& line);

  /// The next line isn't preceded by one that was read here.
  void forget() { shape_.forget(); }

 private:
  class Walk;
  class Comparison;

  LineShape shape_;
  NameSet others_of_line_;
  NameSet others_of_body_;
};

}  // namespace edgebatch::validation
