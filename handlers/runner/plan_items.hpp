// Planning a batch whose items name files: the tenant is asked once for all of them, and the items'
// lines are written anew with what it says, so that nothing has to be asked when an item runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/http/stored_stream.hpp"
#include "core/validation/index.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

struct PlannedItems {
  http::StoredStream lines;
  std::vector<validation::IndexEntry> index;
  std::uint64_t errors_count = 0;
  std::vector<validation::LineError> errors;
};

/// Nothing if somebody doesn't answer.
ports::Task<std::optional<PlannedItems>> plan_items(Work* work, const Lease* lease);

}  // namespace edgebatch::runner
