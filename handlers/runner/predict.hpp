// A leased span's items are predicted side by side, in lanes; what is done is stored, the lease is
// renewed, and what never started is given back.
#pragma once

#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

constexpr Ms store_ms_max = 60'000;  // What is done waits no longer than that to be stored.

ports::Task<End> predict_span(Work* work, ledger::Stretch stretch);

}  // namespace edgebatch::runner
