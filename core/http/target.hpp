// Paths and queries. A path is split while it is raw and each segment decoded afterwards, so that
// `%2F` in an id never becomes a separator.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

/// Decoded segments of `/a/b%2Fc` → {"a", "b/c"}. A malformed escape stays as it is. One trailing
/// slash is ignored. Empty segments inside stay empty segments.
std::vector<Bytes> split_path(View path);

class Query {
 public:
  /// `a=1&b=x%20y+z`; `+` is a space; a name without `=` has an empty value.
  explicit Query(View text);

  /// The first value of that name.
  std::optional<View> find(View name) const;

 private:
  std::vector<std::pair<Bytes, Bytes>> pairs_;
};

struct Target {
  std::vector<Bytes> segments;
  Query query;
};
Target parse_target(View target);

}  // namespace edgebatch::http
