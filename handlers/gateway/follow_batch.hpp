// Result lines of a batch that still runs, as they come to be.
#pragma once

#include <cstdint>

#include "core/problem/problem.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

constexpr View results_media_type = "application/x-ndjson";
constexpr Ms poll_ms = 1'000;        // Between two looks at a batch that is followed.
constexpr Ms heartbeat_ms = 15'000;  // A space, so that clients know that the stream lives.
// Then the stream breaks off, and the client asks again from its offset: the platform allows 10,000
// calls for one request.
constexpr std::uint32_t polls_count_max = 4'000;

/// The lines behind the first `offset` bytes of them, of the batch that the call is about.
ports::Task<Or<actors::batch::Progress::Stored>> look_at_results(const Call* call,
                                                                 std::uint64_t offset);

/// No line will ever follow those that are there.
bool complete(const actors::batch::Progress::Stored& stored);

/// Answers piece by piece. `stored`: what was seen behind `offset`.
ports::Task<http::Response> follow_batch(const Call* call, std::uint64_t offset,
                                         actors::batch::Progress::Stored stored);

}  // namespace edgebatch::gateway
