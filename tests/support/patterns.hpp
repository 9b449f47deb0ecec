// What tests ask of patterns.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "core/pattern/pattern.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace edgebatch::support {

inline std::optional<pattern::Flaw> flaw_of(View source) {
  const Exact exact(source);
  auto compiled = pattern::Pattern::compile(exact.view());
  auto* flaw = std::get_if<pattern::Flaw>(&compiled);
  if (flaw == nullptr) return std::nullopt;
  return std::move(*flaw);
}

/// Nothing if the pattern is refused; asked three times, as what was learnt must change nothing.
inline std::optional<bool> found(View source, View text) {
  const Exact exact(source);
  auto compiled = pattern::Pattern::compile(exact.view());
  auto* pattern = std::get_if<pattern::Pattern>(&compiled);
  if (pattern == nullptr) return std::nullopt;
  const Exact exact_text(text);
  const bool first = pattern->found_in(exact_text.view());
  for (int again = 0; again < 2; ++again)
    if (pattern->found_in(exact_text.view()) != first) return std::nullopt;
  return first;
}

}  // namespace edgebatch::support
