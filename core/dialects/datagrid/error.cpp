#include "core/dialects/datagrid/error.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/dialects/datagrid/problem_details.hpp"
#include "core/dialects/datagrid/words.hpp"
#include "core/http/message.hpp"
#include "core/json/pointer.hpp"
#include "core/json/writer.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

namespace {

constexpr std::uint32_t unread_status = 400;

// The SDKs try these again by themselves.
bool retried_by_clients(std::uint32_t status) {
  return status == 408 || status == 409 || status == 429 || status >= 500;
}

void append_retry_header(std::vector<http::Header>& headers, const Problem& problem) {
  if (problem::row(problem.code).retry_helps)
    headers.emplace_back("retry-after", problem::retry_after(problem));
  else
    headers.emplace_back("x-should-retry", "false");
}

http::Response refusal(const Problem& problem, std::uint32_t status, View content_type,
                       Bytes body) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("content-type", content_type);
  if (retried_by_clients(status)) append_retry_header(response.headers, problem);
  if (status == 401) response.headers.emplace_back("www-authenticate", "Bearer");
  if (problem.code == ProblemCode::method_not_allowed && !problem.detail.empty())
    response.headers.emplace_back("allow", problem.detail);
  response.body = std::move(body);
  return response;
}

// Where there are violations, the detail is a whole sentence about them.
Bytes message(const Problem& problem) {
  if (problem.code == ProblemCode::request_invalid && !problem.detail.empty())
    return problem.detail;
  return problem::filled_in(problem::row(problem.code).message, problem);
}

// `metadata.tags` → `/metadata/tags`
Bytes pointer_of(View param) {
  Bytes pointer;
  while (!param.empty()) {
    const View name = param.substr(0, param.find('.'));
    pointer = json::member_pointer(pointer, name);
    param.remove_prefix(std::min(name.size() + 1, param.size()));
  }
  return pointer;
}

void append_errors(json::Writer& out, const Problem& problem) {
  out.key("errors").begin_array();
  for (const Violation& violation : problem.violations) append_violation(out, violation);
  if (problem.violations.empty()) {
    const Words& said = words(problem.code);
    const View param = problem.param.empty() ? said.param : View(problem.param);
    append_violation(out, {.pointer = pointer_of(param),
                           .code = Bytes(said.reason),
                           .message = message(problem),
                           .custom_id = {}});
  }
  out.end_array();
}

}  // namespace

http::Response error(const Problem& problem) {
  const Kind& kind = words(problem.code).kind;
  json::Writer out;
  out.begin_object();
  append_details(out, kind, message(problem));
  if (kind.status == kinds::validation_failed.status) append_errors(out, problem);
  out.end_object();
  return refusal(problem, kind.status, "application/problem+json", out.take());
}

http::Response files_error(const Problem& problem) {
  const Words& said = words(problem.code);
  const std::uint32_t status = said.unread ? unread_status : said.kind.status;
  json::Writer out;
  out.begin_object();
  out.integer_member("status_code", status);
  out.integer_member("statusCode", status);
  out.member("error", said.kind.name);
  out.member("message", message(problem));
  out.member("mitigation", said.mitigation);
  out.key("retryable").boolean(problem::row(problem.code).retry_helps);
  out.key("details").begin_object().member("reason", said.reason).end_object();
  out.end_object();
  return refusal(problem, status, "application/json", out.take());
}

http::Response upload_error(const Problem& problem, View user_agent) {
  http::Response response = files_error(problem);
  const bool retried = retried_by_clients(response.status) && user_agent.starts_with("Datagrid/JS");
  if (retried && !http::find_header(response.headers, "x-should-retry"))
    response.headers.emplace_back("x-should-retry", "false");
  return response;
}

}  // namespace edgebatch::dialects::datagrid
