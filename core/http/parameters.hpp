// `value; name=token; name="quoted"`, as Content-Type and Content-Disposition have it.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

struct Parameterized {
  Bytes value;                                 // What stands before the first `;`, trimmed.
  std::vector<std::pair<Bytes, Bytes>> pairs;  // Quotes are gone; names in any case.

  /// The first parameter of that name, whatever its case.
  std::optional<View> find(View name) const;
};

/// Nothing where a quote isn't closed, or a parameter has no `=`. Inside quotes a backslash escapes
/// quotes and backslashes only: it also stands in paths that were never escaped.
std::optional<Parameterized> parse_parameterized(View text);

}  // namespace edgebatch::http
