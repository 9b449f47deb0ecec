#include "handlers/actors/batch/runners_wanted.hpp"

#include <algorithm>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::actors::batch {

namespace {

std::uint64_t divide_up(std::uint64_t dividend, std::uint64_t divisor) {
  return dividend / divisor + (dividend % divisor != 0 ? 1 : 0);
}

}  // namespace

std::uint32_t runners_wanted(const Workload& workload) {
  if (workload.lanes == 0 || workload.latency_ms <= 0) return 1;
  const Ms time = std::clamp<Ms>(workload.time_left_ms, 1, haste_ms);
  const std::uint64_t latency =
      static_cast<std::uint64_t>(std::min<Ms>(workload.latency_ms, 86'400'000));
  const std::uint64_t for_time =
      divide_up(workload.items_left * latency, static_cast<std::uint64_t>(time) * workload.lanes);
  const std::uint64_t share = divide_up(workload.batch_lanes, workload.lanes);
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(std::min(for_time, share), 1, runners_count_max));
}

}  // namespace edgebatch::actors::batch
