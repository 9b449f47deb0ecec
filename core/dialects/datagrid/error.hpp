// Refusals: problem details (RFC 9457) for batch predictions, the vendor's older form for files
// (contracts.md §2.7).
#pragma once

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"

namespace edgebatch::dialects::datagrid {

/// `application/problem+json`. Whatever is wrong with a request itself is 422 `validation_failed`
/// here, with `errors` that say where. With `x-should-retry: false` where retrying can't help but
/// this vendor's clients would retry (409, ≥ 500), and `retry-after` where it can.
http::Response error(const Problem& problem);

/// `{"status_code","statusCode","error","message","mitigation","retryable","details":{"reason"}}`,
/// with the same headers. A body that can't be read at all is 400 here, other statuses are the
/// same.
http::Response files_error(const Problem& problem);

}  // namespace edgebatch::dialects::datagrid
