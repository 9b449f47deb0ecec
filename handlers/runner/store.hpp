// Storing a shard and reporting it: two steps, either of which may be lost and is repeated as it
// was.
#pragma once

#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/shard.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

constexpr unsigned store_tries_max = 6;  // With pauses of 1, 2, 4 … s between them.

/// True once the object is there with exactly this content.
ports::Task<bool> put_shard(Bytes key, Bytes content);

/// The actor's answer; not held if the lease is gone or nobody answered, and then nothing more may
/// be stored under this lease.
ports::Task<actors::batch::Standing> store_shard(Work* work, Lease* lease, ShardBuilder lines,
                                                 ledger::Stretch stretch);

}  // namespace edgebatch::runner
