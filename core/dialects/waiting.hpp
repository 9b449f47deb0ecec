// How batch objects of all dialects put what their batch waits for: a member of ours, shown only
// while it does.
#pragma once

#include "core/dialects/batch_view.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

View waiting_reason(const Waiting& waiting);
/// For people.
Bytes waiting_message(const Waiting& waiting);

}  // namespace edgebatch::dialects
