// How a group begins.
#pragma once

#include <vector>

#include "core/pattern/scanner.hpp"
#include "core/pattern/unicode.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

/// Reads `(`, `(?:` or `(?<name>`; each name may be there once. False if it is something else.
class GroupOpener {
 public:
  bool read(Scanner& scanner, Properties& properties);

 private:
  std::vector<Bytes> names_;
};

}  // namespace edgebatch::pattern
