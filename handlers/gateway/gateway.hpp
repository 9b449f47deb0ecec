// The front door: a request is routed, authenticated, answered by its endpoint.
#pragma once

#include "core/http/message.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

ports::Task<http::Response> handle(const Config* config, http::Request request);

/// Whether this request should have a wasm instance of its own.
bool wants_own_instance(const http::Request& request);

}  // namespace edgebatch::gateway
