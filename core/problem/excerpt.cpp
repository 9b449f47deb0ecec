#include "core/problem/excerpt.hpp"

#include <cstddef>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::problem {

namespace {

constexpr std::size_t char_bytes_max = 4;  // Of a code point in UTF-8.

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Where the code point behind the first `chars` of a valid text begins.
std::size_t offset_behind(View text, std::size_t chars) {
  std::size_t offset = 0;
  for (; offset < text.size(); ++offset) {
    if (continues(text[offset])) continue;
    if (chars == 0) return offset;
    --chars;
  }
  return offset;
}

}  // namespace

Bytes excerpt(View text, std::size_t chars_max) {
  // One code point more than wanted, so that a cut is seen, and a code point torn here is never
  // shown.
  Bytes shown = text::utf8_repaired(text.substr(0, (chars_max + 1) * char_bytes_max));
  const std::size_t end = offset_behind(shown, chars_max);
  if (end == shown.size()) return shown;
  shown.resize(end);
  return shown + "…";
}

Bytes quoted_list(const std::vector<View>& values) {
  Bytes out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool last = i + 1 == values.size();
    if (i > 0) out.append(values.size() > 2 ? ", " : " ");
    if (i > 0 && last) out.append("and ");
    out.append("'").append(values[i]).append("'");
  }
  return out;
}

}  // namespace edgebatch::problem
