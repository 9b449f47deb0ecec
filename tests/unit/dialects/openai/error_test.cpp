#include "core/dialects/openai/error.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
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
using edgebatch::dialects::openai::error;
using edgebatch::dialects::openai::impala_error;
using edgebatch::http::find_header;
using edgebatch::http::Response;

Bytes body(const Response& response) {
  const auto* bytes = std::get_if<Bytes>(&response.body);
  return bytes != nullptr ? *bytes : "no bytes";
}

Bytes body(const Problem& problem) { return body(error(problem)); }

std::optional<Bytes> header(const Response& response, View name) {
  const auto found = find_header(response.headers, name);
  if (!found) return std::nullopt;
  return Bytes(*found);
}

ProblemCode code_at(std::size_t index) { return static_cast<ProblemCode>(index); }

}  // namespace

TEST_CASE("openai error: every problem → the envelope, with all four members") {
  for (std::size_t i = 0; i < problems_count; ++i) {
    const Response response = error({code_at(i), "", "detail"});
    CHECK(response.status == edgebatch::problem::row(code_at(i)).status);
    CHECK(header(response, "content-type") == "application/json");
    const auto parsed = edgebatch::json::Value::parse(body(response));
    REQUIRE(parsed);
    const auto inside = parsed->member("error");
    REQUIRE(inside);
    CHECK_FALSE(inside->member("message")->string().value_or("").empty());
    CHECK(inside->member("type")->string() ==
          (response.status >= 500 ? "server_error" : "invalid_request_error"));
    CHECK(inside->member("param"));
    CHECK(inside->member("code"));
    CHECK(inside->members().size() == 4);
  }
}

TEST_CASE("openai error: the vendor's own texts → word for word") {
  using enum ProblemCode;
  CHECK(body(edgebatch::problem::missing("input_file_id")) ==
        R"({"error":{"message":"Missing required parameter: 'input_file_id'.",)"
        R"("type":"invalid_request_error","param":"input_file_id",)"
        R"("code":"missing_required_parameter"}})");
  CHECK(
      body(edgebatch::problem::unsupported_value("endpoint", "/v1/x", {"/v1/a", "/v1/b"})) ==
      R"({"error":{"message":"Invalid value: '/v1/x'. Supported values are: '/v1/a' and '/v1/b'.",)"
      R"("type":"invalid_request_error","param":"endpoint","code":"invalid_value"}})");
  CHECK(
      body(edgebatch::problem::wrong_type("metadata.tags", "a string", "an array")) ==
      R"({"error":{"message":"Invalid type for 'metadata.tags': expected a string, but got an array instead.",)"
      R"("type":"invalid_request_error","param":"metadata.tags","code":"invalid_type"}})");
  CHECK(body({batch_not_found, "", "batch_7"}) ==
        R"({"error":{"message":"No batch found with id 'batch_7'.",)"
        R"("type":"invalid_request_error","param":null,"code":null}})");
  CHECK(body({file_not_found, "", "file-7"}) ==
        R"({"error":{"message":"No such File object: file-7",)"
        R"("type":"invalid_request_error","param":"id","code":null}})");
  CHECK(body({batch_not_cancellable, "", "completed"}) ==
        R"({"error":{"message":"Cannot cancel a batch with status 'completed'.",)"
        R"("type":"invalid_request_error","param":null,"code":null}})");
  CHECK(body({file_name, "", ""}) ==
        R"({"error":{"message":"Invalid file format for Batch API. Must be .jsonl",)"
        R"("type":"invalid_request_error","param":null,"code":null}})");
  CHECK(body({file_not_utf8, "", ""}) ==
        R"({"error":{"message":"Invalid file for Batch API. Must be utf-8 encoded",)"
        R"("type":"invalid_request_error","param":null,"code":null}})");
}

TEST_CASE("openai error: uploads that aren't JSONL → what client libraries look for in the text") {
  for (const ProblemCode code : {ProblemCode::file_empty, ProblemCode::file_not_json}) {
    CHECK(body(Problem{code, "", ""}).find("nvalid file format") != Bytes::npos);
    CHECK(body(Problem{code, "", ""}).find("jsonl") != Bytes::npos);
  }
}

TEST_CASE("openai error: keys → 401, and how to send one") {
  for (const ProblemCode code : {ProblemCode::key_missing, ProblemCode::key_unknown}) {
    const Response response = error({code, "", ""});
    CHECK(response.status == 401);
    CHECK(body(response).find(R"("code":"invalid_api_key")") != Bytes::npos);
    CHECK(header(response, "www-authenticate") == "Bearer");
  }
}

TEST_CASE("openai error: statuses that SDKs retry → told whether that helps; others say nothing") {
  using enum ProblemCode;
  CHECK(header(error({batch_not_cancellable, "", ""}), "x-should-retry") == "false");
  CHECK(header(error({internal, "", ""}), "x-should-retry") == "false");
  CHECK(header(error({busy, "", ""}), "retry-after") == "1");
  CHECK(header(error({unanswered, "", ""}), "retry-after") == "1");
  CHECK(header(error({upstream_unreachable, "", ""}), "retry-after") == "1");
  for (std::size_t i = 0; i < problems_count; ++i) {
    const Response response = error({code_at(i), "", ""});
    const bool retried = response.status == 409 || response.status == 429 || response.status >= 500;
    const bool helps = edgebatch::problem::row(code_at(i)).retry_helps;
    CHECK(header(response, "retry-after").has_value() == (retried && helps));
    CHECK(header(response, "x-should-retry").has_value() == (retried && !helps));
  }
}

TEST_CASE("openai error: another method → the methods that are allowed") {
  const Response response = error({ProblemCode::method_not_allowed, "", "GET, POST"});
  CHECK(response.status == 405);
  CHECK(header(response, "allow") == "GET, POST");
  CHECK(body(response).find("GET, POST") != Bytes::npos);
  CHECK_FALSE(header(error({ProblemCode::route_not_found, "", "GET /x"}), "allow"));
}

TEST_CASE("openai error: other people's bytes in it → still JSON") {
  const Bytes text = body({ProblemCode::batch_not_found, "", "a\"\n\xFF\xE2\x80\xA8"});
  CHECK(edgebatch::json::Value::parse(text));
  CHECK(text.find('\n') == Bytes::npos);
}

// ---- Impala's

TEST_CASE(
    "impala error: every problem → OpenAI's envelope; what was 400 is 422 and lists reasons") {
  for (std::size_t i = 0; i < problems_count; ++i) {
    CAPTURE(i);
    const Problem problem{code_at(i), "param", "detail"};
    const Response plain = error(problem);
    const Response impala = impala_error(problem);
    // An upload that broke off is fine as it is: it may be sent again.
    const bool listed = plain.status == 400 && problem.code != ProblemCode::upload_interrupted;
    CHECK(impala.status == (listed ? 422 : plain.status));
    CHECK(impala.headers == plain.headers);

    const auto parsed = edgebatch::json::Value::parse(body(impala));
    REQUIRE(parsed);
    const auto envelope = edgebatch::json::Value::parse(body(plain));
    REQUIRE(envelope);
    REQUIRE(parsed->member("error"));
    CHECK(parsed->member("error")->canonical() == envelope->member("error")->canonical());
    CHECK(parsed->member("detail").has_value() == listed);
    CHECK(parsed->members().size() == (listed ? 2 : 1));
  }
}

TEST_CASE("impala error: a missing parameter → both forms, word for word") {
  const Response response = impala_error(edgebatch::problem::missing("job_id"));
  CHECK(response.status == 422);
  CHECK(header(response, "content-type") == "application/json");
  CHECK(body(response) ==
        R"({"error":{"message":"Missing required parameter: 'job_id'.",)"
        R"("type":"invalid_request_error","param":"job_id","code":"missing_required_parameter"},)"
        R"("detail":[{"loc":["body","job_id"],"msg":"Missing required parameter: 'job_id'.",)"
        R"("type":"missing_required_parameter"}]})");
}

TEST_CASE("impala error: where the parameter is → loc, member by member") {
  const auto location = [](const Problem& problem) {
    const auto parsed = edgebatch::json::Value::parse(body(impala_error(problem)));
    REQUIRE(parsed);
    const auto reasons = parsed->member("detail")->elements();
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].members().size() == 3);
    return reasons[0].member("loc")->canonical();
  };
  const auto of = [&](View param) { return location(edgebatch::problem::bad_value(param, "No.")); };
  CHECK(of("metadata.tags") == R"(["body","metadata","tags"])");
  CHECK(of("metadata.a.b") == R"(["body","metadata","a.b"])");
  CHECK(of("metadata.") == R"(["body","metadata",""])");
  CHECK(of("expires_after[seconds]") == R"(["body","expires_after[seconds]"])");
  CHECK(of("limit") == R"(["query","limit"])");
  CHECK(of("Idempotency-Key") == R"(["header","Idempotency-Key"])");
  CHECK(location({ProblemCode::cursor_unknown, "", "batch_7"}) == R"(["query","after"])");
  CHECK(location({ProblemCode::file_part_missing, "", ""}) == R"(["body","file"])");
  CHECK(location({ProblemCode::body_not_json, "", ""}) == R"(["body"])");
}

TEST_CASE("impala error: no code of OpenAI's → FastAPI's general type") {
  CHECK(body(impala_error({ProblemCode::body_not_json, "", ""})).find(R"("type":"value_error")") !=
        Bytes::npos);
}

TEST_CASE("impala error: an unknown job → 404 that names it") {
  const Response response = impala_error({ProblemCode::job_not_found, "", "job-7"});
  CHECK(response.status == 404);
  CHECK(body(response) ==
        R"({"error":{"message":"No job found with id 'job-7'.","type":"invalid_request_error",)"
        R"("param":"job_id","code":"job_not_found"}})");
}
