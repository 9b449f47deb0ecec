// What is printed of an input, for people.
#pragma once

#include <cstdint>

#include "bindings/wasi/excerpt.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::wasi {

/// An error, its lines ended: `file:line:column: error: message [code]`, the excerpt (none if that
/// is empty), how to mend it, and where the first line is that it is at odds with.
Bytes error_text(View file, const validation::LineError& error, const Excerpt& excerpt);

/// What is said at a file's end.
Bytes summary_text(View file, const validation::Verdict& verdict);

/// `1 error`, `12,345 errors`.
Bytes counted(std::uint64_t count, View one, View more);

}  // namespace edgebatch::wasi
