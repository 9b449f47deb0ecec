// How a batch is meant to go, whatever its dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"

#include "tests/protocol/provider.hpp"

namespace edgebatch::protocol {

struct Story {
  const char* name = "";
  Bytes window = "24h";
  std::uint32_t items_count = 6;
  Manners provider{};
  std::optional<Ms> cancel_after_ms{};      // From creation on.
  std::vector<lifecycle::State> endings{};  // Any of these is right.
};

/// Those that every dialect has to stand.
std::vector<Story> common_stories();

}  // namespace edgebatch::protocol
