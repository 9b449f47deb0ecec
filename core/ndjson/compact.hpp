// Other people's JSON as a part of one of our lines: whitespace between tokens goes, U+2028, U+2029
// and U+0085 become escapes, lone surrogate escapes become U+FFFD; all else, numbers above all,
// stays byte for byte.
#pragma once

#include "core/text/bytes.hpp"

namespace edgebatch::ndjson {

/// Appends `text` in that form. False, and `out` as it was, unless `text` is one valid JSON value
/// in UTF-8.
bool append_compact(Bytes& out, View text);

}  // namespace edgebatch::ndjson
