// Empty here, null there.
#pragma once

#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"
#include "core/text/time.hpp"

namespace edgebatch::dialects::openai {

inline std::optional<Bytes> nullable(View text) {
  if (text.empty()) return std::nullopt;
  return Bytes(text);
}

/// Unix seconds.
inline std::int64_t seconds(Ms moment) { return moment / text::second_ms; }

inline std::optional<std::int64_t> seconds(std::optional<Ms> moment) {
  if (!moment) return std::nullopt;
  return seconds(*moment);
}

}  // namespace edgebatch::dialects::openai
