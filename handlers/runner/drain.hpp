// What never ran gets lines that say so: read for its custom_ids, written without asking anybody.
#pragma once

#include "core/dialects/line_format.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

constexpr std::uint64_t drain_window_bytes = 1024 * 1024;  // Of input, read at once.

ports::Task<End> drain_span(Work* work, Lease* lease, ledger::Stretch stretch,
                            dialects::Unanswered why);

}  // namespace edgebatch::runner
