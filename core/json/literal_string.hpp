// A string as it stands in a text, and what it stands for.
#pragma once

#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

struct LiteralString {
  View inside;           // What is between its quotes, as the grammar accepts it.
  bool escaped = false;  // It has escapes.
  bool ascii = true;     // It has no other characters; its escapes may stand for some.

  /// What it stands for; written to `scratch` if it has escapes. Lone surrogates become U+FFFD.
  View text(Bytes& scratch) const { return escaped ? unescaped(scratch) : inside; }
  /// How many code points that has.
  std::size_t length() const;

 private:
  View unescaped(Bytes& scratch) const;
};

}  // namespace edgebatch::json
