#include "handlers/actors/pacer/fair_shares.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/text/sort.hpp"

namespace edgebatch::actors::pacer {

std::vector<std::uint32_t> fair_shares(std::uint32_t capacity,
                                       const std::vector<std::uint32_t>& demands) {
  auto ascending = demands;
  text::sort(ascending);
  std::uint64_t left = capacity;
  std::uint64_t hungry = demands.size();
  for (const std::uint32_t demand : ascending) {
    if (demand > left / hungry) break;
    left -= demand;
    --hungry;
  }
  if (hungry == 0) return demands;

  const auto level = static_cast<std::uint32_t>(left / hungry);
  std::uint64_t rest = left % hungry;
  std::vector<std::uint32_t> shares;
  shares.reserve(demands.size());
  for (const std::uint32_t demand : demands) {
    const bool one_more = demand > level && rest > 0;
    if (one_more) --rest;
    shares.push_back(std::min(demand, level) + (one_more ? 1 : 0));
  }
  return shares;
}

}  // namespace edgebatch::actors::pacer
