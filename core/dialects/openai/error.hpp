// Errors in this dialect's envelope: `{"error":{"message","type","param","code"}}`, all four always
// there.
#pragma once

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"

namespace edgebatch::dialects::openai {

/// With `x-should-retry: false` where retrying can't help but this dialect's clients would retry
/// (409, ≥ 500).
http::Response error(const Problem& problem);

/// The same for Impala: a request that can't be processed (what OpenAI calls 400) is 422, and lists
/// its reasons as FastAPI does, in `detail: [{"loc","msg","type"}]` beside the envelope.
http::Response impala_error(const Problem& problem);

}  // namespace edgebatch::dialects::openai
