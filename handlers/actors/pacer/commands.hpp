// What a pacer can be told.
#pragma once

#include <cstdint>
#include <tuple>

#include "core/text/bytes.hpp"
#include "handlers/ports/actor.hpp"

namespace edgebatch::actors::pacer {

/// A runner asks how many requests it may have side by side at this upstream.
struct Pace {
  struct Paced {
    std::uint32_t lanes = 0;  // Requests that this runner may have side by side; 0: none for now.
    std::uint32_t batch_lanes =
        0;            // … that all runners of its batch may have, if they wanted as many.
    Ms pause_ms = 0;  // Start nothing for so long.
    Ms again_ms = 0;  // Ask again after so long.
    static constexpr auto fields =
        std::tuple(&Paced::lanes, &Paced::batch_lanes, &Paced::pause_ms, &Paced::again_ms);
  };

  static constexpr View name = "pace";
  static constexpr auto actor = ports::ActorKind::pacer;
  using Reply = Paced;

  Bytes tenant;
  Bytes batch;
  std::uint32_t runner = 0;
  std::uint32_t capacity = 0;  // The upstream's concurrency as the operator set it.
  std::uint32_t batch_wanted =
      0;                        // Requests that the batch could have side by side in all runners.
  std::uint32_t wanted = 0;     // … that this runner could; 0: it leaves, and what it had is free.
  std::uint32_t in_flight = 0;  // … that it has now.

  // Of its requests since it last asked:
  std::uint32_t answered = 0;   // Those with any answer that isn't below,
  std::uint32_t throttled = 0;  // that the upstream turned away or let time out,
  std::uint32_t broken = 0;     // that came to nothing otherwise (5xx, broken connections).
  Ms retry_after_ms = 0;        // The longest it asked to be left alone for; 0: it didn't.

  Ms asked_at = 0;  // By the runner's clock: who has asked since hasn't left.

  static constexpr auto fields =
      std::tuple(&Pace::tenant, &Pace::batch, &Pace::runner, &Pace::capacity, &Pace::batch_wanted,
                 &Pace::wanted, &Pace::in_flight, &Pace::answered, &Pace::throttled, &Pace::broken,
                 &Pace::retry_after_ms, &Pace::asked_at);
};

}  // namespace edgebatch::actors::pacer
