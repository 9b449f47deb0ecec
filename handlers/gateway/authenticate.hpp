// Whose key is it? Keys are kept as their SHA-256 only.
#pragma once

#include <cstddef>
#include <vector>

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/spoken.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

constexpr std::size_t teamspace_chars_max = 64;

/// The tenant. A Datagrid teamspace is a tenant of its own: `<tenant>.<teamspace>`, which no other
/// tenant is called. Without a key it is the operator's anonymous tenant, where there is one;
/// for pages in browsers there is none.
ports::Task<Or<Bytes>> authenticate(const Config* config, Spoken spoken,
                                    std::vector<http::Header> headers);

}  // namespace edgebatch::gateway
