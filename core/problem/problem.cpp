#include "core/problem/problem.hpp"

#include <array>
#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::problem {

namespace {

constexpr bool helps = true;  // Asking again later may go well.
constexpr bool useless = false;

constexpr std::array<Row, problems_count> catalogue = [] {
  using enum ProblemCode;
  return std::array<Row, problems_count>{{
      {key_missing, 401, useless,
       "No API key was given. Send one as a header: `Authorization: Bearer <key>`."},
      {key_unknown, 401, useless,
       "The API key is not known here. It may have been mistyped or revoked."},
      {route_not_found, 404, useless,
       "There is nothing at this address: {detail}. Check the path and the base URL."},
      {method_not_allowed, 405, useless,
       "This address does not take this method. It takes: {detail}."},
      {body_not_json, 400, useless,
       "The body of the request is not valid JSON. Send one JSON object in UTF-8."},
      {body_not_object, 400, useless, "The body of the request must be a JSON object."},
      {body_too_large, 413, useless,
       "The body of the request is too large: at most {detail} bytes are taken."},
      {parameter_missing, 400, useless, "Missing required parameter: '{param}'."},
      {parameter_type, 400, useless, "Invalid type for '{param}': {detail}."},
      {parameter_value, 400, useless, "{detail}"},
      {form_expected, 400, useless,
       "An upload must be `multipart/form-data` with a boundary, but the content type is "
       "'{detail}'."},
      {form_malformed, 400, useless, "The form can't be read. {detail}"},
      {file_part_missing, 400, useless,
       "Missing required parameter: 'file'. The form has no part of that name."},
      {file_too_large, 413, useless, "The file is too large: at most {detail} bytes are taken."},
      {file_empty, 400, useless,
       "The file is empty. A batch input must be .jsonl with one request a line."},
      {file_name, 400, useless, "The name of a batch input must end in .jsonl."},
      {file_not_json, 400, useless,
       "The first line of the file is not valid JSON. A batch input must be .jsonl with one "
       "request a line."},
      {file_not_utf8, 400, useless, "The file is not UTF-8. A batch input must be."},
      {batch_not_found, 404, useless, "No batch found with id '{detail}'."},
      {file_not_found, 404, useless, "No file found with id '{detail}'."},
      {batch_not_cancellable, 409, useless, "Cannot cancel a batch with status '{detail}'."},
      {cursor_unknown, 400, useless,
       "Nothing on this list has the cursor '{detail}'. Begin again without one."},
      {upload_interrupted, 400, helps,
       "The upload broke off before the form's end. Nothing was kept; send it again."},
      {busy, 503, helps, "There is too much to do right now. Try again shortly."},
      {unanswered, 503, helps,
       "No answer came in time from where this is kept. It may have been done or not; ask again."},
      {upstream_unreachable, 502, helps,
       "The model provider can't be reached right now. Try again shortly."},
      {misconfigured, 500, useless, "This server is not set up: {detail}"},
      {internal, 500, useless, "Something went wrong inside edgebatch. It was not your request."},
      {request_invalid, 422, useless, "The request is not valid. {detail}"},
      {idempotency_conflict, 409, useless,
       "The idempotency key '{detail}' was used before, with another body. Use a new key."},
      {results_not_ready, 409, useless,
       "The batch has no results yet: its status is '{detail}'. Ask again when it has ended, or "
       "with `?partial=true` for those that are there."},
      {results_gone, 410, useless,
       "The results of this batch were kept for a while, and are gone."},
      {rate_limited, 429, helps, "Too many requests. Try again in {detail} s."},
      {job_not_found, 404, useless, "No job found with id '{detail}'."},
      {file_not_temporary, 409, useless,
       "File '{detail}' does not expire: only a temporary file's expiry can be moved."},
  }};
}();

constexpr std::size_t index(ProblemCode code) { return static_cast<std::size_t>(code); }

constexpr bool rows_follow_the_enum() {
  for (std::size_t i = 0; i < problems_count; ++i)
    if (index(catalogue[i].code) != i) return false;
  return true;
}

constexpr bool every_row_is_an_error_with_words() {
  for (const Row& row : catalogue)
    if (row.status < 400 || row.status > 599 || row.message.empty()) return false;
  return true;
}

static_assert(index(ProblemCode::file_not_temporary) + 1 == problems_count);
static_assert(rows_follow_the_enum());
static_assert(every_row_is_an_error_with_words());

constexpr View param_mark = "{param}";
constexpr View detail_mark = "{detail}";

}  // namespace

const Row& row(ProblemCode code) {
  // Stored codes are decoded from rows: an unknown number is a fault of ours.
  return index(code) < problems_count ? catalogue[index(code)]
                                      : catalogue[index(ProblemCode::internal)];
}

// In one pass, so that a value that looks like a mark stays a value.
Bytes retry_after(const Problem& problem) {
  const bool says_when =
      problem.code == ProblemCode::rate_limited || problem.code == ProblemCode::busy;
  return says_when && !problem.detail.empty() ? problem.detail : "1";
}

Bytes filled_in(View text, const Problem& problem) {
  Bytes out;
  while (!text.empty()) {
    if (text.starts_with(param_mark)) {
      out.append(problem.param);
      text.remove_prefix(param_mark.size());
    } else if (text.starts_with(detail_mark)) {
      out.append(problem.detail);
      text.remove_prefix(detail_mark.size());
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace edgebatch::problem
