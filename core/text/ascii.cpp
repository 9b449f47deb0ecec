#include "core/text/ascii.hpp"

#include <algorithm>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

bool equal_ignoring_case(View a, View b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

Bytes lowered(View text) {
  Bytes out(text);
  for (char& c : out) c = lower(c);
  return out;
}

View trimmed(View text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == View::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace edgebatch::text
