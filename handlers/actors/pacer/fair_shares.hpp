// Max-min fairness: a level rises, and whoever has as much as it wants stops rising with it.
#pragma once

#include <cstdint>
#include <vector>

namespace edgebatch::actors::pacer {

/// What each demand gets of `capacity`. Nobody gets more than it demands, and nothing is left while
/// somebody demands it. Who gets less than it demands has no less than anybody else, but for one:
/// what can't be divided goes to those in front.
std::vector<std::uint32_t> fair_shares(std::uint32_t capacity,
                                       const std::vector<std::uint32_t>& demands);

}  // namespace edgebatch::actors::pacer
