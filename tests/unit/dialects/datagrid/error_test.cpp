#include "core/dialects/datagrid/error.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "core/http/message.hpp"
#include "core/json/value.hpp"
#include "core/problem/parameter.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::Problem;
using edgebatch::ProblemCode;
using edgebatch::problems_count;
using edgebatch::View;
using edgebatch::dialects::datagrid::error;
using edgebatch::dialects::datagrid::files_error;
using edgebatch::dialects::datagrid::upload_error;
using edgebatch::http::find_header;
using edgebatch::http::Response;
using edgebatch::json::Value;

Bytes body(const Response& response) {
  const auto* bytes = std::get_if<Bytes>(&response.body);
  return bytes != nullptr ? *bytes : "no bytes";
}

std::optional<Bytes> header(const Response& response, View name) {
  const auto found = find_header(response.headers, name);
  if (!found) return std::nullopt;
  return Bytes(*found);
}

ProblemCode code_at(std::size_t index) { return static_cast<ProblemCode>(index); }

// `<status> <end of the type>`
Bytes kind(ProblemCode code) {
  const Response response = error({code, "", "detail"});
  const Bytes type(*Value::parse(body(response))->member("type")->string());
  const Bytes base = "https://api.datagrid.com/errors/";
  CHECK(type.starts_with(base));
  return std::to_string(response.status) + " " + type.substr(base.size());
}

std::uint32_t files_status(ProblemCode code) { return files_error({code, "", "x"}).status; }

}  // namespace

TEST_CASE("datagrid error: every problem → problem details whose status is the response's") {
  for (std::size_t i = 0; i < problems_count; ++i) {
    const Response response = error({code_at(i), "", "detail"});
    CHECK(header(response, "content-type") == "application/problem+json");
    const auto details = Value::parse(body(response));
    REQUIRE(details);
    CHECK(details->member("status")->integer() == std::int64_t{response.status});
    CHECK_FALSE(details->member("title")->string().value_or("").empty());
    CHECK_FALSE(details->member("detail")->string().value_or("").empty());
    const bool has_errors = details->member("errors").has_value();
    CHECK(has_errors == (response.status == 422));
    CHECK(details->members().size() == (has_errors ? 5 : 4));
    if (has_errors) CHECK(details->member("errors")->elements().size() == 1);
  }
}

TEST_CASE("datagrid error: the catalogue's statuses → kept, but that 400 is 422") {
  for (std::size_t i = 0; i < problems_count; ++i) {
    const auto status = edgebatch::problem::row(code_at(i)).status;
    CHECK(error({code_at(i), "", ""}).status == (status == 400 ? 422 : status));
  }
}

TEST_CASE("datagrid error: problems → the vendor's types") {
  using enum ProblemCode;
  CHECK(kind(key_missing) == "401 no_authentication");
  CHECK(kind(key_unknown) == "401 no_authentication");
  CHECK(kind(route_not_found) == "404 resource_not_found");
  CHECK(kind(batch_not_found) == "404 resource_not_found");
  CHECK(kind(file_not_found) == "404 resource_not_found");
  CHECK(kind(method_not_allowed) == "405 method_not_allowed");
  for (const ProblemCode conflict :
       {batch_not_cancellable, idempotency_conflict, results_not_ready, file_not_temporary})
    CHECK(kind(conflict) == "409 conflict");
  CHECK(kind(results_gone) == "410 results_gone");
  CHECK(kind(body_too_large) == "413 payload_too_large");
  CHECK(kind(file_too_large) == "413 payload_too_large");
  for (const ProblemCode invalid :
       {request_invalid, body_not_json, body_not_object, parameter_missing, parameter_type,
        parameter_value, cursor_unknown, form_expected, form_malformed, file_part_missing})
    CHECK(kind(invalid) == "422 validation_failed");
  CHECK(kind(rate_limited) == "429 rate_limit_exceeded");
  CHECK(kind(internal) == "500 internal_error");
  CHECK(kind(misconfigured) == "500 internal_error");
  CHECK(kind(upstream_unreachable) == "502 upstream_unavailable");
  CHECK(kind(busy) == "503 service_unavailable");
  CHECK(kind(unanswered) == "503 service_unavailable");
}

TEST_CASE("datagrid error: not found, conflict → details, no errors") {
  CHECK(body(error({ProblemCode::batch_not_found, "", "bpred_7"})) ==
        R"({"type":"https://api.datagrid.com/errors/resource_not_found",)"
        R"("title":"Resource Not Found","status":404,)"
        R"("detail":"No batch found with id 'bpred_7'."})");
  CHECK(body(error({ProblemCode::batch_not_cancellable, "", "completed"})) ==
        R"({"type":"https://api.datagrid.com/errors/conflict","title":"Conflict","status":409,)"
        R"("detail":"Cannot cancel a batch with status 'completed'."})");
}

TEST_CASE("datagrid error: violations → errors, custom_id only where it is known") {
  const Problem problem{
      .code = ProblemCode::request_invalid,
      .detail = "Duplicate custom_id 'drawing_001' in batch (and 1 more: see `errors`)",
      .violations = {{.pointer = "/items/1/custom_id",
                      .code = "duplicate_custom_id",
                      .message = "Duplicate custom_id 'drawing_001' in batch",
                      .custom_id = "drawing_001"},
                     {.pointer = "/prompt",
                      .code = "required",
                      .message = "prompt is required and must be a string",
                      .custom_id = ""}}};
  CHECK(body(error(problem)) ==
        R"({"type":"https://api.datagrid.com/errors/validation_failed",)"
        R"("title":"Validation Failed","status":422,)"
        R"_("detail":"Duplicate custom_id 'drawing_001' in batch (and 1 more: see `errors`)",)_"
        R"("errors":[{"pointer":"/items/1/custom_id","code":"duplicate_custom_id",)"
        R"("message":"Duplicate custom_id 'drawing_001' in batch","custom_id":"drawing_001"},)"
        R"({"pointer":"/prompt","code":"required",)"
        R"("message":"prompt is required and must be a string"}]})");
}

TEST_CASE("datagrid error: a parameter's fault → one error, whose pointer is the parameter") {
  const auto errors = [](const Problem& problem) {
    return Value::parse(body(error(problem)))->member("errors")->canonical();
  };
  CHECK(errors(edgebatch::problem::missing("metadata.a/b.c")) ==
        R"([{"code":"required","message":"Missing required parameter: 'metadata.a/b.c'.",)"
        R"("pointer":"/metadata/a~1b/c"}])");
  CHECK(errors(edgebatch::problem::bad_value("limit", "Too much.")) ==
        R"([{"code":"invalid_value","message":"Too much.","pointer":"/limit"}])");
  CHECK(errors({ProblemCode::cursor_unknown, "", "bpred_x"}) ==
        R"([{"code":"invalid_value","message":"Nothing on this list has the cursor 'bpred_x'. )"
        R"(Begin again without one.","pointer":"/after"}])");
  CHECK(errors({ProblemCode::body_not_json, "", ""}) ==
        R"([{"code":"invalid_json","message":"The body of the request is not valid JSON. Send )"
        R"(one JSON object in UTF-8.","pointer":""}])");
  CHECK(errors({ProblemCode::file_part_missing, "", ""}).find(R"("pointer":"/file")") !=
        Bytes::npos);
}

TEST_CASE("datagrid error: statuses that SDKs retry → told whether that helps, and when") {
  using enum ProblemCode;
  for (std::size_t i = 0; i < problems_count; ++i) {
    const Problem problem{code_at(i), "", ""};
    for (const Response& response : {error(problem), files_error(problem)}) {
      const bool retried =
          response.status == 409 || response.status == 429 || response.status >= 500;
      const bool helps = edgebatch::problem::row(code_at(i)).retry_helps;
      CHECK(header(response, "x-should-retry") ==
            (retried && !helps ? std::optional<Bytes>("false") : std::nullopt));
      CHECK(header(response, "retry-after") ==
            (retried && helps ? std::optional<Bytes>("1") : std::nullopt));
    }
  }
  CHECK(header(error({rate_limited, "", "17"}), "retry-after") == "17");
  CHECK(header(files_error({rate_limited, "", "17"}), "retry-after") == "17");
  CHECK(header(error({batch_not_cancellable, "", "completed"}), "x-should-retry") == "false");
}

TEST_CASE("datagrid error: keys, methods → how to authenticate, what is allowed") {
  using enum ProblemCode;
  CHECK(header(error({key_missing, "", ""}), "www-authenticate") == "Bearer");
  CHECK(header(files_error({key_unknown, "", ""}), "www-authenticate") == "Bearer");
  CHECK(header(error({method_not_allowed, "", "GET, POST"}), "allow") == "GET, POST");
  CHECK_FALSE(header(error({route_not_found, "", "GET /x"}), "allow"));
  CHECK_FALSE(header(error({route_not_found, "", "GET /x"}), "www-authenticate"));
}

TEST_CASE("datagrid error: a code that no problem has → an internal error") {
  CHECK(error({code_at(problems_count), "", ""}).status == 500);
  CHECK(files_error({code_at(255), "", ""}).status == 500);
}

TEST_CASE("datagrid error: other people's bytes in it → still one line of JSON") {
  for (const Response& response :
       {error({ProblemCode::batch_not_found, "", "a\"\n\xFF\xE2\x80\xA8"}),
        files_error({ProblemCode::file_not_found, "", "a\"\n\xFF\xE2\x80\xA8"})}) {
    CHECK(Value::parse(body(response)));
    CHECK(body(response).find('\n') == Bytes::npos);
    CHECK(body(response).find("\xE2\x80\xA8") == Bytes::npos);
  }
}

TEST_CASE("datagrid files error: too many requests → the form that the vendor documents") {
  CHECK(body(files_error({ProblemCode::rate_limited, "", "17"})) ==
        R"({"status_code":429,"statusCode":429,"error":"rate_limit_exceeded",)"
        R"("message":"Too many requests. Try again in 17 s.",)"
        R"("mitigation":"Wait for as long as `retry-after` says, then send the request again.",)"
        R"("retryable":true,"details":{"reason":"rate_limited"}})");
}

TEST_CASE("datagrid files error: every problem → all members, in JSON") {
  for (std::size_t i = 0; i < problems_count; ++i) {
    const Response response = files_error({code_at(i), "", "detail"});
    CHECK(header(response, "content-type") == "application/json");
    const auto form = Value::parse(body(response));
    REQUIRE(form);
    CHECK(form->members().size() == 7);
    CHECK(form->member("status_code")->integer() == std::int64_t{response.status});
    CHECK(form->member("statusCode")->integer() == std::int64_t{response.status});
    for (const View name : {"error", "message", "mitigation"})
      CHECK_FALSE(form->member(name)->string().value_or("").empty());
    CHECK(form->member("retryable")->boolean() == edgebatch::problem::row(code_at(i)).retry_helps);
    CHECK_FALSE(form->member("details")->member("reason")->string().value_or("").empty());
  }
}

TEST_CASE("datagrid files error: bodies that can't be read → 400; all else as everywhere") {
  using enum ProblemCode;
  for (const ProblemCode unread :
       {body_not_json, form_expected, form_malformed, upload_interrupted})
    CHECK(files_status(unread) == 400);
  for (const ProblemCode invalid : {body_not_object, parameter_value, file_part_missing, file_empty,
                                    cursor_unknown, request_invalid})
    CHECK(files_status(invalid) == 422);
  CHECK(files_status(file_not_found) == 404);
  CHECK(files_status(file_not_temporary) == 409);
  CHECK(files_status(file_too_large) == 413);
  CHECK(files_status(key_unknown) == 401);
}

TEST_CASE("datagrid upload error: npm datagrid-ai, which can't send again → told not to") {
  const auto should_retry = [](ProblemCode code, View agent) {
    const auto response = upload_error({.code = code}, agent);
    CHECK(body(response) == body(files_error({.code = code})));
    const auto said = find_header(response.headers, "x-should-retry");
    return said ? std::optional<Bytes>(*said) : std::nullopt;  // The response goes with this scope.
  };
  using enum ProblemCode;
  CHECK(should_retry(busy, "Datagrid/JS 0.17.2") == "false");
  CHECK(should_retry(unanswered, "Datagrid/JS 0.17.2") == "false");
  CHECK_FALSE(should_retry(busy, "Datagrid/Python 0.17.2"));
  CHECK_FALSE(should_retry(busy, ""));
  CHECK_FALSE(should_retry(file_empty, "Datagrid/JS 0.17.2"));
}
