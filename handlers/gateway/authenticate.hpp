// Whose key is it? Keys are kept as their SHA-256 only.
#pragma once

#include <vector>

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

/// The tenant.
ports::Task<Or<Bytes>> authenticate(std::vector<http::Header> headers);

}  // namespace edgebatch::gateway
