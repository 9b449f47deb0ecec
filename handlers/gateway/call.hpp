// One request on its way to its endpoint: routed and authenticated.
#pragma once

#include <cstddef>
#include <vector>

#include "core/http/message.hpp"
#include "core/http/target.hpp"
#include "core/problem/problem.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

constexpr std::size_t json_body_bytes_max = 1024 * 1024;  // Of a request that isn't an upload.

struct Call {
  const Config* config = nullptr;
  http::Request request;
  http::Query query;
  std::vector<Bytes> parameters;  // What stood at `{…}` in the route.
  Bytes tenant;                   // Empty where the route asks for no key.
};

using Reply = ports::Task<http::Response>;
using Endpoint = Reply (*)(Call);

http::Response json_response(Bytes json);
/// A problem in the words of the dialect that is spoken here.
http::Response refusal(const Problem& problem);

/// The whole body, up to `bytes_max`.
ports::Task<Or<Bytes>> read_body(std::size_t bytes_max);

/// `limit` of a query: its default where absent, else from 1 to `max`.
Or<std::uint32_t> read_limit(const http::Query& query, std::uint32_t fallback, std::uint32_t max);

}  // namespace edgebatch::gateway
