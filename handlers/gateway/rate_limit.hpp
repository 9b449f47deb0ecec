// The rate limit: so many requests of one tenant to one route in any minute, in the dialect whose
// vendor has one (Datagrid), and if the operator has set it.
#pragma once

#include "core/text/bytes.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/routes.hpp"

namespace edgebatch::gateway {

constexpr Ms rate_window_ms = 60'000;  // It slides.

/// The route's answer, with what is left of the limit in its headers; or 429, if nothing is. A
/// meter that doesn't answer stands in nobody's way.
Reply within_rate_limit(const Route* route, Call call);

}  // namespace edgebatch::gateway
