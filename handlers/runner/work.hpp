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
constexpr std::uint32_t run_subrequests_max = 9'000;   // The platform allows 10,000 a run.
static_assert(renewal_ms * 3 < ledger::lease_ms_max);  // Two renewals may be lost.
static_assert(run_ms_max + stop_ms_max < 15 * 60'000);

/// What a run knows of its batch. Lives in the frame of the run; children point to it.
struct Work {
  const Config* config = nullptr;
  Bytes batch_id;
  std::uint32_t runner = 0;
  std::uint64_t run = 0;
  Ms run_began_at = 0;

  actors::batch::Job job;
  std::uint32_t items_left = 0;  // Of the batch, when it was last claimed from.
  actors::batch::Pulse pulse;

  // Of the batch; made for its first lease.
  std::unique_ptr<const dialects::LineFormat> line_format;
  const dialects::LineFormat& format() const { return *line_format; }
};

/// A lease that the run works on.
struct Lease {
  ledger::Attempt attempt = 0;
  Ms leased_at = 0;  // When the claim was sent: the lease may have begun any time after.
  Ms lease_ms = 0;
  std::uint32_t shards = 0;  // Stored under this attempt so far.
};

/// How work on a lease ended.
enum class End : std::uint8_t {
  done,       // Go on claiming.
  exhausted,  // The run's time or effects are used up: run again soon.
  disturbed,  // Something behind us didn't answer: run again in a while.
};

}  // namespace edgebatch::runner
