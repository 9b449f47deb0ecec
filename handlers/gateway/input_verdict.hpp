// What the endpoints share that give the verdict on an input.
#pragma once

#include "core/dialects/openai/input.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/gateway/call.hpp"

namespace edgebatch::gateway {

/// What a batch would expect that is created now: the models that are served and, where the query
/// names it, its `endpoint`.
Or<dialects::openai::Expected> expected_of(const Call& call);

http::Response verdict_response(const validation::Verdict& verdict);

}  // namespace edgebatch::gateway
