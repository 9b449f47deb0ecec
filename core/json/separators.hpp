// U+2028, U+2029 and U+0085 end a line for some readers of ours, though for neither JSON nor
// NDJSON.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

struct Separator {
  std::size_t size = 0;  // In UTF-8.
  View escape;           // How JSON writes it instead.
};

/// The separator at the start of `text`; size 0 if there is none.
constexpr Separator separator(View text) {
  if (text.starts_with("\xE2\x80\xA8")) return {3, "\\u2028"};
  if (text.starts_with("\xE2\x80\xA9")) return {3, "\\u2029"};
  if (text.starts_with("\xC2\x85")) return {2, "\\u0085"};
  return {};
}

/// Appends characters of a string literal, separators escaped.
inline void append_without_separators(Bytes& out, View plain) {
  std::size_t done = 0;
  for (;;) {
    // `find_first_of` is a call a byte, in the loop that most bytes of answers go through.
    const auto begin = plain.begin() + static_cast<std::ptrdiff_t>(done);
    const auto found_at = std::find_if(begin, plain.end(),
                                       [](char byte) { return byte == '\xE2' || byte == '\xC2'; });
    out.append(begin, found_at);
    if (found_at == plain.end()) return;
    const auto at = static_cast<std::size_t>(found_at - plain.begin());
    const Separator found = separator(plain.substr(at));
    out.append(found.size != 0 ? found.escape : plain.substr(at, 1));
    done = at + (found.size != 0 ? found.size : 1);
  }
}

}  // namespace edgebatch::json
