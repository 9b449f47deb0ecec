// The pacer: how many requests each runner may have side by side at one upstream, so that all of
// them together never have more than it bears, and all tenants and batches get their fair share.
// Its rows are volatile, as a meter's are. When they are lost, it finds the limit out anew; and
// once somebody asks who has requests in flight and no row, nobody gets more than it has in flight
// until all have had time to say what that is.
//
//   limit           State: what was found out about the upstream
//   runner/<name>   Runner::Row: of one that has asked lately
//
// What a runner holds is only given to another once that one has said that it is free. So a runner
// that is to have less, and one that waits for that, ask again soon. The pacer has no alarm: while
// there are runners they ask, and when there are none, nothing of it is needed.
#pragma once

#include "core/text/bytes.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::pacer {

constexpr Ms again_ms = 2'000;         // How often a runner asks, …
constexpr Ms again_soon_ms = 500;      // … and while something is about to change for it.
constexpr Ms silence_ms_max = 30'000;  // Who isn't heard of for so long is gone, and holds nothing.
constexpr Ms recollection_ms = again_ms + again_soon_ms;  // By then, all runners have asked.
static_assert(again_ms * 5 <= silence_ms_max);            // Some answers may be lost.

/// One turn over the actor's rows. It brings forth no letters.
ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input);

}  // namespace edgebatch::actors::pacer
