// What the batch endpoints share.
#pragma once

#include <cstdint>

#include "core/dialects/dialect.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

bool is_batch_id(dialects::Dialect dialect, View id);
Problem no_such_batch(Bytes id);

/// Carries the row to the tenant's index, so that clients read their own writes, and shows the
/// batch. If the index doesn't answer, the batch's own letter will reach it.
ports::Task<http::Response> indexed_batch(const Call* call, actors::batch::Indexed indexed,
                                          std::uint32_t status = 200);

/// The batch as it is now, with all that is wrong with its input.
ports::Task<http::Response> current_batch(const Call* call, Bytes id, std::uint32_t status = 200);

}  // namespace edgebatch::gateway
