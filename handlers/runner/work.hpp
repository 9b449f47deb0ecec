// What one run knows of the lease it works on.
#pragma once

#include <memory>

#include "core/dialects/line_format.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/config.hpp"

namespace edgebatch::runner {

constexpr Ms renewal_ms = 10'000;  // Between two renewals of a lease.
constexpr Ms stop_ms_max =
    60'000;  // What is under way when a run is told to stop may take that long.
constexpr Ms run_ms_max = 10 * 60'000;  // Then a run gives back; the platform allows 15 min.
constexpr std::uint32_t run_effects_max = 9'000;       // The platform allows 10,000 an invocation.
static_assert(renewal_ms * 3 < ledger::lease_ms_max);  // Two renewals may be lost.
static_assert(run_ms_max + stop_ms_max < 15 * 60'000);

/// A lease, and all that is needed to work on it. Lives in the frame of the run; children point to
/// it.
struct Work {
  const Config* config = nullptr;
  Bytes batch_id;
  std::uint32_t runner = 0;
  Ms run_began_at = 0;

  ledger::Attempt attempt = 0;
  Ms leased_at = 0;  // When the claim was sent: the lease may have begun any time after.
  Ms lease_ms = 0;
  actors::batch::Job job;
  std::uint32_t shards = 0;  // Stored under this attempt so far.

  // Of the batch; made for its first lease.
  std::unique_ptr<const dialects::LineFormat> line_format;
  const dialects::LineFormat& format() const { return *line_format; }
};

/// How work on a lease ended.
enum class End : std::uint8_t {
  done,       // Go on claiming.
  exhausted,  // The run's time or effects are used up: run again soon.
  disturbed,  // Something behind us didn't answer: run again in a while.
};

}  // namespace edgebatch::runner
