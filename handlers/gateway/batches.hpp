// What the batch endpoints share.
#pragma once

#include "core/dialects/batch_view.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

bool is_batch_id(View id);
Problem no_such_batch(Bytes id);

/// Carries the row to the tenant's index, so that clients read their own writes, and shows the
/// batch. If the index doesn't answer, the batch's own letter will reach it.
ports::Task<http::Response> indexed_batch(Bytes tenant, actors::batch::Indexed indexed);

}  // namespace edgebatch::gateway
