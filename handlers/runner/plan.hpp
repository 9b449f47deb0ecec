// Planning: what only now can be checked is checked (the batch's endpoint against the lines, the
// model against the upstreams), and the batch is told where its items lie, or what is wrong.
#pragma once

#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

constexpr std::uint64_t inspect_window_bytes =
    1024 * 1024;  // Read at once when an input is read again.

ports::Task<End> plan_batch(Work* work, const Lease* lease, bool ranges_only);

}  // namespace edgebatch::runner
