// How many runners a batch should have.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::actors::batch {

constexpr std::uint32_t runners_count_max = 32;  // Of one batch, side by side.
constexpr Ms haste_ms = 60'000;  // A batch may have as many as it takes to be done in this time:
                                 // slots of its upstream that nobody else wants help nobody.

struct Workload {
  std::uint32_t items_left = 0;
  Ms latency_ms = 0;              // That an item takes; 0: not known yet.
  Ms time_left_ms = 0;            // Until the batch expires.
  std::uint32_t lanes = 0;        // Items that one runner works on side by side; 0: not known yet.
  std::uint32_t batch_lanes = 0;  // … that all of them may, together; 0: not known yet.
};

/// 1 … runners_count_max: ⌈items × latency ÷ (time × lanes)⌉, within the batch's share. One, until
/// more is known.
std::uint32_t runners_wanted(const Workload& workload);

}  // namespace edgebatch::actors::batch
