// Leased spans' items are predicted side by side; what is done is stored, leases are renewed, more
// is claimed before there is nothing left to start, and what never started is given back.
#pragma once

#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

/// Begins with that lease, and goes on until the batch has nothing more for this run.
ports::Task<End> predict(Work* work, Lease lease, actors::batch::PredictWork first);

}  // namespace edgebatch::runner
