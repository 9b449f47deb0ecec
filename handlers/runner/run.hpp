// A run: what happens in a runner actor's alarm. It claims work on its batch until there is none,
// or until its own time is up.
#pragma once

#include "handlers/actors/runner/runner.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::runner {

constexpr Ms disturbed_pause_ms = 2'000;  // Before a run that met silence begins again.

ports::Task<void> run(const Config* config, actors::runner::Run task);

}  // namespace edgebatch::runner
