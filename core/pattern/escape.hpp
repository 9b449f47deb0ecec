// What stands behind a backslash.
#pragma once

#include <cstddef>
#include <optional>

#include "core/pattern/code_points.hpp"
#include "core/pattern/scanner.hpp"
#include "core/pattern/unicode.hpp"

namespace edgebatch::pattern {

struct Escaped {
  char32_t point = 0;             // If it stands for one character …
  std::optional<CodePoints> set;  // … else the set.
};

/// Reads an escape, from its backslash on; `in_class`: between brackets. `\b` outside of them and
/// `\B` are no characters: whoever calls has dealt with them.
std::optional<Escaped> read_escape(Scanner& scanner, Properties& properties, bool in_class);

/// Reads what stands behind `\u`: four digits, two times four for a surrogate pair, or digits in
/// braces. `begin` is where the backslash is.
std::optional<char32_t> read_unicode_escape(Scanner& scanner, std::size_t begin);

}  // namespace edgebatch::pattern
