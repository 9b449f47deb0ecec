// The vendors whose formats are spoken here.
#pragma once

#include <cstdint>

namespace edgebatch::dialects {

enum class Dialect : std::uint8_t { openai };  // Stored: append only.

}  // namespace edgebatch::dialects
