// How often something may be repeated: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`, each lazy or not.
#pragma once

#include <cstdint>
#include <optional>

#include "core/pattern/scanner.hpp"

namespace edgebatch::pattern {

struct Quantifier {
  std::uint32_t min;
  std::uint32_t max;  // At most `unlimited`, which more is, too.
};

/// Whether one begins here, well-formed or not.
bool quantifier_begins(const Scanner& scanner);

/// Reads one; it has to begin here.
std::optional<Quantifier> read_quantifier(Scanner& scanner);

}  // namespace edgebatch::pattern
