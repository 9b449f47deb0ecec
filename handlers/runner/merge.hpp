// Small neighbouring shards become one object: fewer to read, whoever downloads the results.
#pragma once

#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

ports::Task<End> merge_shards(Work* work, Lease* lease, actors::batch::MergeWork merge);

}  // namespace edgebatch::runner
