// The three doors through which hosts come in: requests, tasks, turns.
#pragma once

#include <memory>

#include "handlers/config.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/operation.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch {

/// A request, from its first byte to its response. `beginning.input` is an encoded http::Request.
/// `config` outlives the operation.
std::unique_ptr<ports::Operation> begin_request(const Config& config,
                                                const ports::Beginning& beginning);

/// A task that a turn has asked for (TurnOutput::tasks); its response means nothing.
std::unique_ptr<ports::Operation> begin_task(const Config& config,
                                             const ports::Beginning& beginning);

/// One turn of an actor over its rows. Whoever calls it makes it atomic.
ports::TurnOutput take_turn(ports::Table& table, const ports::TurnInput& input);

}  // namespace edgebatch
