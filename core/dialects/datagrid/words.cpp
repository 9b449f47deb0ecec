#include "core/dialects/datagrid/words.hpp"

#include <array>
#include <cstddef>

#include "core/dialects/datagrid/problem_details.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr View send_a_key = "Send a valid key as a header: `Authorization: Bearer <key>`.";
constexpr View check_id = "Check the id, and whose key it was made with.";
constexpr View mend_parameter = "Mend the parameter that is named, and send the request again.";
constexpr View send_form =
    "Send `multipart/form-data` with a part named `file`, as the vendor's SDK does.";
constexpr View send_json = "Send one JSON object in UTF-8.";
constexpr View send_jsonl = "Send a .jsonl file in UTF-8 with one request a line.";
constexpr View send_less = "Send less in one request.";
constexpr View wait_and_retry = "Wait a little, then send the request again.";
constexpr View tell_the_operator = "Tell the operator of this server.";

constexpr bool unread = true;

constexpr std::array<Words, problems_count> table = [] {
  using enum ProblemCode;
  return std::array<Words, problems_count>{{
      {key_missing, kinds::no_authentication, "key_missing", send_a_key},
      {key_unknown, kinds::no_authentication, "key_unknown", send_a_key},
      {route_not_found, kinds::resource_not_found, "route_not_found",
       "Check the path and the base URL."},
      {method_not_allowed, kinds::method_not_allowed, "method_not_allowed",
       "Use one of the methods that are named."},
      {body_not_json, kinds::validation_failed, "invalid_json", send_json, "", unread},
      {body_not_object, kinds::validation_failed, "invalid_type", send_json},
      {body_too_large, kinds::payload_too_large, "body_too_large", send_less},
      {parameter_missing, kinds::validation_failed, "required", mend_parameter},
      {parameter_type, kinds::validation_failed, "invalid_type", mend_parameter},
      {parameter_value, kinds::validation_failed, "invalid_value", mend_parameter},
      {form_expected, kinds::validation_failed, "form_expected", send_form, "", unread},
      {form_malformed, kinds::validation_failed, "form_malformed", send_form, "", unread},
      {file_part_missing, kinds::validation_failed, "required", send_form, "file"},
      {file_too_large, kinds::payload_too_large, "file_too_large", "Send a smaller file.", "file"},
      {file_empty, kinds::validation_failed, "file_empty", "Send a file with content.", "file"},
      {file_name, kinds::validation_failed, "invalid_file_name", send_jsonl, "file"},
      {file_not_json, kinds::validation_failed, "invalid_json", send_jsonl, "file"},
      {file_not_utf8, kinds::validation_failed, "invalid_encoding", send_jsonl, "file"},
      {batch_not_found, kinds::resource_not_found, "batch_not_found", check_id},
      {file_not_found, kinds::resource_not_found, "file_not_found", check_id},
      {batch_not_cancellable, kinds::conflict, "batch_not_cancellable",
       "Nothing is left to cancel: retrieve the batch to see how it ended."},
      {cursor_unknown, kinds::validation_failed, "invalid_value",
       "Begin the list again without a cursor.", "after"},
      {upload_interrupted, kinds::validation_failed, "upload_interrupted", "Send the file again.",
       "", unread},
      {busy, kinds::service_unavailable, "busy", wait_and_retry},
      {unanswered, kinds::service_unavailable, "unanswered", wait_and_retry},
      {upstream_unreachable, kinds::upstream_unavailable, "upstream_unreachable", wait_and_retry},
      {misconfigured, kinds::internal_error, "misconfigured", tell_the_operator},
      {internal, kinds::internal_error, "internal", tell_the_operator},
      {request_invalid, kinds::validation_failed, "request_invalid", mend_parameter},
      {idempotency_conflict, kinds::conflict, "idempotency_conflict", "Use a new idempotency key."},
      {results_not_ready, kinds::conflict, "results_not_ready",
       "Ask again once the batch has ended."},
      {results_gone, kinds::results_gone, "results_gone", "Run the batch again."},
      {rate_limited, kinds::rate_limit_exceeded, "rate_limited",
       "Wait for as long as `retry-after` says, then send the request again."},
      {job_not_found, kinds::resource_not_found, "job_not_found", check_id},
      {file_not_temporary, kinds::conflict, "file_not_temporary",
       "Upload the file again with `expires_after`."},
  }};
}();

constexpr std::size_t index(ProblemCode code) { return static_cast<std::size_t>(code); }

constexpr bool rows_follow_the_enum() {
  for (std::size_t i = 0; i < problems_count; ++i)
    if (index(table[i].code) != i) return false;
  return true;
}

constexpr bool every_row_has_words() {
  for (const Words& row : table)
    if (row.kind.status < 400 || row.reason.empty() || row.mitigation.empty()) return false;
  return true;
}

// Only what is wrong with a request can be that its body is unreadable.
constexpr bool unread_bodies_are_faults_of_requests() {
  for (const Words& row : table)
    if (row.unread && row.kind.status != kinds::validation_failed.status) return false;
  return true;
}

static_assert(rows_follow_the_enum());
static_assert(every_row_has_words());
static_assert(unread_bodies_are_faults_of_requests());

}  // namespace

const Words& words(ProblemCode code) {
  return table[index(code) < problems_count ? index(code) : index(ProblemCode::internal)];
}

}  // namespace edgebatch::dialects::datagrid
