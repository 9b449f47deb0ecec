// The meter: which requests of one tenant came in the last window, exactly, route by route. Its
// rows are volatile: a host keeps them in memory only, so that no request costs a durable write.
// When they are lost, the count begins anew, and a tenant gets a little more.
//
//   page/<route>\n<begin>   Page: some requests of the route, one after the other
//   sweep                   Sweep: when pages of all routes are looked through next
//
// Its alarm is the sweep's: it stands as long as anything counts, so a host may let go of a meter
// that has none.
#pragma once

#include <cstddef>

#include "handlers/actors/meter/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::meter {

constexpr std::size_t page_requests_max = 64;  // Of so many one row is written anew.

/// One turn over the actor's rows. It brings forth no letters.
ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input);

}  // namespace edgebatch::actors::meter
