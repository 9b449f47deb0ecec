// One request on its way to its endpoint: routed and authenticated.
#pragma once

#include <cstddef>
#include <vector>

#include "core/dialects/objects.hpp"
#include "core/http/message.hpp"
#include "core/http/target.hpp"
#include "core/problem/problem.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/spoken.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

constexpr std::size_t json_body_bytes_max = 1024 * 1024;  // Of a request that isn't an upload.

struct Call {
  const Config* config = nullptr;
  Spoken spoken;
  http::Request request;
  http::Query query;
  std::vector<Bytes> parameters;             // What stood at `{…}` in the route.
  std::vector<http::Header> answer_headers;  // That every answer carries.
  Bytes tenant;  // With its teamspace, which is a tenant of its own. Empty where the route asks for
                 // no key.

  dialects::Dialect dialect() const { return spoken.dialect; }
  /// The front of links.
  View mount() const { return path_of(spoken.mount); }
  /// A problem in the form that is spoken here.
  http::Response refusal(const Problem& problem) const {
    return dialects::error(spoken.voice, problem);
  }
};

using Reply = ports::Task<http::Response>;
using Endpoint = Reply (*)(Call);

http::Response json_response(Bytes json, std::uint32_t status = 200);

/// The whole body, up to `bytes_max`.
ports::Task<Or<Bytes>> read_body(std::size_t bytes_max);

/// `limit` of a query: its default where absent, else from 1 to `max`.
Or<std::uint32_t> read_limit(const http::Query& query, std::uint32_t fallback, std::uint32_t max);

}  // namespace edgebatch::gateway
