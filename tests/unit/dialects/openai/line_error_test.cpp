#include "core/dialects/openai/line_error.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <set>
#include <utility>

#include "core/json/value.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::LineError;
using enum ErrorCode;

Bytes shown(const LineError& error) {
  edgebatch::json::Writer out;
  edgebatch::dialects::openai::append_line_error(out, error);
  return out.take();
}

Bytes element(View code, View line, View message, View param) {
  const Bytes quoted = param.empty() ? "null" : '"' + Bytes(param) + '"';
  return R"({"code":")" + Bytes(code) + R"(","line":)" + Bytes(line) + R"(,"message":")" +
         Bytes(message) + R"(","param":)" + quoted + "}";
}

}  // namespace

TEST_CASE("openai line error: codes that the vendor has → its code, text and param") {
  CHECK(shown({3, invalid_json_line, "", "17"}) ==
        element("invalid_json_line", "3", "This line is not parseable as valid JSON.", ""));
  CHECK(shown({1, missing_member, "url", ""}) ==
        element("missing_required_parameter", "1", "Missing required parameter: 'url'.", "url"));
  CHECK(shown({1, url_mismatch, "url", "/v1/x"}) ==
        element("invalid_url", "1",
                "The URL provided for this request does not match the batch endpoint.", "url"));
  CHECK(shown({1, model_not_served, "body.model", "m"}) ==
        element("model_not_found", "1", "The provided model 'm' is not supported by the Batch API.",
                "body.model"));
  CHECK(shown({1, model_missing, "body.model", ""}) ==
        element("invalid_request", "1", "Model parameter is required.", "body.model"));
  CHECK(shown({1, input_missing, "body.messages", "messages"}) ==
        element("invalid_request", "1", "Messages parameter is required.", "body.messages"));
  CHECK(shown({1, streaming_unsupported, "body.stream", "Chat Completions"}) ==
        element("streaming_unsupported", "1",
                "Chat Completions: Streaming is not supported in the Batch API.", "body.stream"));
}

TEST_CASE("openai line error: errors of the whole input → no line") {
  CHECK(shown({0, file_not_found, "", "file-7"}) ==
        element("invalid_request", "null",
                "Cannot find file file-7, or your organization does not have access to it.",
                "file_id"));
  CHECK(shown({0, file_wrong_purpose, "", "file-7"}) ==
        element("invalid_request", "null",
                "File file-7 can't be the input of a batch: it was not uploaded with purpose "
                "'batch'.",
                "file_id"));
  CHECK(shown({0, no_items, "", ""}) ==
        element("empty_file", "null", "The file has no requests. It must have one a line.", ""));
}

TEST_CASE("openai line error: our own → what is wrong, where, what would be right") {
  CHECK(shown({9, duplicate_custom_id, "custom_id", "2"}) ==
        element("duplicate_custom_id", "9",
                "This custom_id was already used on line 2. Each must be unique in its file.",
                "custom_id"));
  CHECK(shown({1, wrong_type, "body.model", "expected a string, but got a number instead"}) ==
        element("invalid_type", "1",
                "Invalid type for 'body.model': expected a string, but got a number instead.",
                "body.model"));
  CHECK(shown({1, wrong_type, "", "expected an object"}) ==
        element("invalid_type", "1", "This line must be a JSON object.", ""));
  CHECK(shown({1, method_not_post, "method", "GET"}) ==
        element("invalid_value", "1", "Invalid value: 'GET'. Supported values are: 'POST'.",
                "method"));
  const Bytes url = shown({1, url_unsupported, "url", "/v2"});
  CHECK(url.find("Invalid value: '/v2'. Supported values are: '/v1/responses', ") != Bytes::npos);
  CHECK(url.find(", and '/v1/videos'.\"") != Bytes::npos);
  CHECK(shown({50'001, too_many_items, "", "60000"}).find("60000 requests") != Bytes::npos);
  CHECK(shown({2, model_mismatch, "body.model", "gpt-a"}).find("'gpt-a'") != Bytes::npos);
  CHECK(shown({2, job_model_mismatch, "body.model", "gpt-a"}) ==
        element("mismatched_model", "2",
                "The model of this request is not that of the batch's job, 'gpt-a'. All requests "
                "of a job must have its model.",
                "body.model"));
}

TEST_CASE("openai line error: every code → four members, no mark left unfilled") {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(job_model_mismatch); ++i) {
    const Bytes text = shown({7, static_cast<ErrorCode>(i), "p", "d"});
    const auto parsed = edgebatch::json::Value::parse(text);
    REQUIRE(parsed);
    CHECK(parsed->members().size() == 4);
    CHECK(parsed->member("line")->integer() == 7);
    CHECK(text.find("{param}") == Bytes::npos);
    CHECK(text.find("{detail}") == Bytes::npos);
  }
  CHECK(shown({7, static_cast<ErrorCode>(200), "", ""}).find("invalid_json_line") != Bytes::npos);
}
