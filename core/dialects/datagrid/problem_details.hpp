// Problem details (RFC 9457) as this vendor has them: in refusals, in batches, in result lines.
#pragma once

#include <cstdint>

#include "core/json/writer.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

struct Kind {
  View name;                 // The end of the type's URI: `validation_failed`.
  std::uint32_t status = 0;  // HTTP, in lines and batches too.
};

// The vendor's types (contracts.md §2.7). Where its pages give no status, it is ours.
namespace kinds {

// Of refusals.
constexpr Kind no_authentication{"no_authentication", 401};
constexpr Kind resource_not_found{"resource_not_found", 404};
constexpr Kind conflict{"conflict", 409};
constexpr Kind results_gone{"results_gone", 410};
constexpr Kind validation_failed{"validation_failed", 422};  // Of batches too.
constexpr Kind rate_limit_exceeded{"rate_limit_exceeded", 429};

// Of refusals, where the vendor has none: ours.
constexpr Kind method_not_allowed{"method_not_allowed", 405};
constexpr Kind payload_too_large{"payload_too_large", 413};
constexpr Kind internal_error{"internal_error", 500};
constexpr Kind upstream_unavailable{"upstream_unavailable", 502};
constexpr Kind service_unavailable{"service_unavailable", 503};

// Of result lines and batches.
constexpr Kind credit_exceeded{"credit_exceeded", 402};
constexpr Kind file_not_found{"file_not_found", 404};
constexpr Kind batch_expired{"batch_expired", 408};
constexpr Kind batch_cancelled{"batch_cancelled", 409};
constexpr Kind batch_validation_failed{"batch_validation_failed", 422};
constexpr Kind prediction_failed{"prediction_failed", 422};
constexpr Kind unsupported_file_format{"unsupported_file_format", 422};
constexpr Kind batch_item_processing_failed{"batch_item_processing_failed", 500};

}  // namespace kinds

/// `type`, `title`, `status`, `detail`: members of the object under way.
void append_details(json::Writer& out, const Kind& kind, View detail);

/// `{"pointer","code","message"}`, and `custom_id` where it is known.
void append_violation(json::Writer& out, const Violation& violation);

}  // namespace edgebatch::dialects::datagrid
