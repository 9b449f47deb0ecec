// Refusals: problem details (RFC 9457) for batch predictions, the vendor's older form for files
// (contracts.md §2.7).
#pragma once

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

/// `application/problem+json`. Whatever is wrong with a request itself is 422 `validation_failed`
/// here, with `errors` that say where. With `x-should-retry: false` where retrying can't help but
/// this vendor's clients would retry (409, ≥ 500), and `retry-after` where it can.
http::Response error(const Problem& problem);

/// `{"status_code","statusCode","error","message","mitigation","retryable","details":{"reason"}}`,
/// with the same headers. A body that can't be read at all is 400 here, other statuses are the
/// same.
http::Response files_error(const Problem& problem);

/// The same to an upload. npm datagrid-ai (as of 0.17) sends a form as a stream that can be read
/// once only: it would ask again by itself, and then wait for ever. It is told not to.
http::Response upload_error(const Problem& problem, View user_agent);

}  // namespace edgebatch::dialects::datagrid
