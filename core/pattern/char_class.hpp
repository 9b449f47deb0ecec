// Sets in brackets: `[a-z_]`, `[^"]`.
#pragma once

#include <optional>

#include "core/pattern/code_points.hpp"
#include "core/pattern/scanner.hpp"
#include "core/pattern/unicode.hpp"

namespace edgebatch::pattern {

/// Reads a class, from its opening bracket to behind its closing one.
std::optional<CodePoints> read_class(Scanner& scanner, Properties& properties);

}  // namespace edgebatch::pattern
