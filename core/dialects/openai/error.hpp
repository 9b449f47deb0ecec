// Errors in this dialect's envelope: `{"error":{"message","type","param","code"}}`, all four always
// there.
#pragma once

#include <vector>

#include "core/http/message.hpp"
#include "core/json/writer.hpp"
#include "core/problem/problem.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

/// With `x-should-retry: false` where retrying can't help but this dialect's clients would retry
/// (409, ≥ 500).
http::Response error(const Problem& problem);

/// The same for Impala: a request that can't be processed (what OpenAI calls 400) is 422, and lists
/// its reasons as FastAPI does, in `detail: [{"loc","msg","type"}]` beside the envelope.
http::Response impala_error(const Problem& problem);

/// The element of `errors.data` for an error of an input: `{"code","line","message","param"}`.
void append_line_error(json::Writer& out, const validation::LineError& error);

}  // namespace edgebatch::dialects::openai
