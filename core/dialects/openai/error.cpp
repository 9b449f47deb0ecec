#include "core/dialects/openai/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/dialects/openai/nullable.hpp"
#include "core/http/message.hpp"
#include "core/json/writer.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::openai {

namespace {

struct Words {
  ProblemCode code;
  View shown_code = {};  // null where empty.
  View param = {};       // Shown where the problem names none; null where empty too.
  View message = {};     // The catalogue's where empty.
};

// The vendor's codes and texts where they are known (contracts.md §4.5).
constexpr std::array<Words, problems_count> table = [] {
  using enum ProblemCode;
  return std::array<Words, problems_count>{{
      {key_missing, "invalid_api_key", "",
       "You didn't provide an API key. You need to provide it in an Authorization header using "
       "Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."},
      {key_unknown, "invalid_api_key", "",
       "Incorrect API key provided. It may have been mistyped or revoked."},
      {route_not_found, "", "", "Invalid URL ({detail})"},
      {method_not_allowed, "method_not_supported"},
      {body_not_json},
      {body_not_object},
      {body_too_large},
      {parameter_missing, "missing_required_parameter"},
      {parameter_type, "invalid_type"},
      {parameter_value, "invalid_value"},
      {form_expected},
      {form_malformed},
      {file_part_missing, "missing_required_parameter", "file"},
      {file_too_large, "", "file"},
      {file_empty, "", "",
       "Invalid file format for Batch API. Must be .jsonl, but the file is empty."},
      {file_name, "", "", "Invalid file format for Batch API. Must be .jsonl"},
      {file_not_json, "", "",
       "Invalid file format for Batch API. Must be .jsonl, but the first line is not valid JSON."},
      {file_not_utf8, "", "", "Invalid file for Batch API. Must be utf-8 encoded"},
      {batch_not_found},
      {file_not_found, "", "id", "No such File object: {detail}"},
      {batch_not_cancellable},
      {cursor_unknown, "invalid_value", "after"},
      {upload_interrupted},
      {busy},
      {unanswered},
      {upstream_unreachable},
      {misconfigured},
      {internal},
      {request_invalid},
      {idempotency_conflict, "idempotency_conflict"},
      {results_not_ready, "results_not_ready"},
      {results_gone, "results_gone"},
      {rate_limited, "rate_limit_exceeded"},
      {job_not_found, "job_not_found", "job_id"},
      {file_not_temporary},
  }};
}();

constexpr std::size_t index(ProblemCode code) { return static_cast<std::size_t>(code); }

constexpr bool rows_follow_the_enum() {
  for (std::size_t i = 0; i < problems_count; ++i)
    if (index(table[i].code) != i) return false;
  return true;
}
static_assert(rows_follow_the_enum());

// The SDKs try these again by themselves.
bool retried_by_clients(std::uint32_t status) {
  return status == 408 || status == 409 || status == 429 || status >= 500;
}

// Where a request holds this parameter. Problems don't say; names do.
View place_of(View param) {
  if (param == "after" || param == "limit" || param == "order") return "query";
  return param == "Idempotency-Key" ? "header" : "body";
}

// `metadata.tags` → ["body","metadata","tags"]; what is behind the first dot is one name.
void append_location(json::Writer& out, View param) {
  out.key("loc").begin_array().string(place_of(param));
  const std::size_t dot = param.find('.');
  if (!param.empty()) out.string(param.substr(0, dot));
  if (dot != View::npos) out.string(param.substr(dot + 1));
  out.end_array();
}

void append_reasons(json::Writer& out, View param, View message, View code) {
  out.key("detail").begin_array().begin_object();
  append_location(out, param);
  out.member("msg", message).member("type", code.empty() ? View("value_error") : code);
  out.end_object().end_array();
}

enum class Reasons : std::uint8_t { in_the_envelope, listed };

Bytes envelope(const problem::Row& row, const Problem& problem, Reasons reasons) {
  const Words& words = table[index(row.code)];
  const View message = words.message.empty() ? row.message : words.message;
  const View param = problem.param.empty() ? words.param : View(problem.param);
  json::Writer out;
  out.begin_object().key("error").begin_object();
  const Bytes text = problem::filled_in(message, problem);
  out.member("message", text);
  out.member("type", row.status >= 500 ? "server_error" : "invalid_request_error");
  out.member("param", nullable(param));
  out.member("code", nullable(words.shown_code));
  out.end_object();
  if (reasons == Reasons::listed) append_reasons(out, param, text, words.shown_code);
  out.end_object();
  return out.take();
}

http::Response response_of(const problem::Row& row, const Problem& problem, Reasons reasons) {
  http::Response response;
  response.status = reasons == Reasons::listed ? 422 : row.status;
  response.headers.emplace_back("content-type", "application/json");
  if (retried_by_clients(row.status)) {
    if (row.retry_helps)
      response.headers.emplace_back("retry-after", problem::retry_after(problem));
    else
      response.headers.emplace_back("x-should-retry", "false");
  }
  if (row.status == 401) response.headers.emplace_back("www-authenticate", "Bearer");
  if (row.code == ProblemCode::method_not_allowed && !problem.detail.empty())
    response.headers.emplace_back("allow", problem.detail);
  response.body = envelope(row, problem, reasons);
  return response;
}

}  // namespace

http::Response error(const Problem& problem) {
  return response_of(problem::row(problem.code), problem, Reasons::in_the_envelope);
}

http::Response impala_error(const Problem& problem) {
  const problem::Row& row = problem::row(problem.code);
  const bool unprocessable = row.status == 400 && !row.retry_helps;
  return response_of(row, problem, unprocessable ? Reasons::listed : Reasons::in_the_envelope);
}

}  // namespace edgebatch::dialects::openai
