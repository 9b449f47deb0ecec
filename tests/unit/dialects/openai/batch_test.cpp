#include "core/dialects/openai/batch.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/json/value.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::Ms;
using edgebatch::View;
using edgebatch::dialects::BatchView;
using edgebatch::json::Value;
using edgebatch::lifecycle::State;
using namespace edgebatch::dialects::openai;
using enum State;

void enter(BatchView& view, State state, Ms moment) {
  view.state = state;
  view.entered_ms[static_cast<std::size_t>(state)] = moment;
}

BatchView validating_batch() {
  CreateBatch request;
  request.input_file_id = "file-in";
  request.endpoint = "/v1/chat/completions";
  request.completion_window = "24h";
  BatchView view;
  view.id = "batch_1";
  view.input_file = "file-in";
  view.request = edgebatch::wire::encode(request);
  view.expires_at_ms = 86'401'999;
  enter(view, validating, 1'999);
  return view;
}

BatchView running_batch() {
  BatchView view = validating_batch();
  view.model = "gpt";
  view.total = 10;
  view.lines = {4, 2};
  view.usage = {10, 1, 20, 2, 30};
  enter(view, in_progress, 2'000);
  return view;
}

Value shown(const BatchView& view) {
  const auto parsed = Value::parse(batch_json(view));
  REQUIRE(parsed);
  return *parsed;
}

Bytes member(const BatchView& view, View name) {
  const auto value = shown(view).member(name);
  return value ? value->canonical() : "absent";
}

BatchView failed_batch(std::size_t listed, std::uint64_t count) {
  BatchView view = validating_batch();
  for (std::size_t i = 0; i < listed; ++i)
    view.errors.push_back({i + 1, edgebatch::validation::ErrorCode::url_mismatch, "url", ""});
  view.errors_count = count;
  enter(view, failed, 3'000);
  return view;
}

// code and message of the last listed error, and how many are listed.
struct Listed {
  std::size_t count = 0;
  Bytes last_code;
  Bytes last_message;
};

Listed listed(const BatchView& view) {
  const auto errors = shown(view).member("errors");
  REQUIRE(errors);
  CHECK(errors->member("object")->string() == "list");
  const auto data = errors->member("data")->elements();
  if (data.empty()) return {};
  return {data.size(), Bytes(*data.back().member("code")->string()),
          Bytes(*data.back().member("message")->string())};
}

}  // namespace

TEST_CASE("openai batch: just created → every member, null where nothing is known") {
  CHECK(batch_json(validating_batch()) ==
        R"({"id":"batch_1","object":"batch","endpoint":"/v1/chat/completions","model":null,)"
        R"("errors":null,"input_file_id":"file-in","job_id":null,"completion_window":"24h",)"
        R"("status":"validating","output_file_id":null,"error_file_id":null,"created_at":1,)"
        R"("in_progress_at":null,"expires_at":86401,"finalizing_at":null,"completed_at":null,)"
        R"("failed_at":null,"expired_at":null,"cancelling_at":null,"cancelled_at":null,)"
        R"("request_counts":{"total":0,"completed":0,"failed":0},)"
        R"("usage":{"input_tokens":0,"input_tokens_details":{"cached_tokens":0},)"
        R"("output_tokens":0,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":0},)"
        R"("metadata":{}})");
}

TEST_CASE("openai batch: running and completed → counts, usage, times and files") {
  BatchView view = running_batch();
  CHECK(member(view, "status") == R"("in_progress")");
  CHECK(member(view, "model") == R"("gpt")");
  CHECK(member(view, "in_progress_at") == "2");
  CHECK(member(view, "request_counts") == R"({"completed":4,"failed":2,"total":10})");
  CHECK(member(view, "usage") ==
        R"({"input_tokens":10,"input_tokens_details":{"cached_tokens":1},"output_tokens":20,)"
        R"("output_tokens_details":{"reasoning_tokens":2},"total_tokens":30})");

  enter(view, finalizing, 4'000);
  CHECK(member(view, "finalizing_at") == "4");
  enter(view, completed, 5'000);
  view.lines = {8, 2};
  view.result_files = {"file-out", "file-err"};
  CHECK(member(view, "status") == R"("completed")");
  CHECK(member(view, "completed_at") == "5");
  CHECK(member(view, "output_file_id") == R"("file-out")");
  CHECK(member(view, "error_file_id") == R"("file-err")");
  CHECK(member(view, "errors") == "null");
}

TEST_CASE("openai batch: it waits → why, in words, and until when; else there is no such member") {
  using edgebatch::dialects::Waiting;
  BatchView view = running_batch();
  CHECK(member(view, "waiting") == "absent");
  view.waiting = Waiting{.what = Waiting::For::upstream_refuses, .status = 401, .until_ms = 9'999};
  CHECK(member(view, "waiting") ==
        R"({"message":"The model provider answers every request with 401. It is tried again with )"
        R"(one request now and then.","reason":"upstream_refuses","until":9})");
  view.waiting = Waiting{.what = Waiting::For::upstream_unavailable, .until_ms = 10'000};
  CHECK(member(view, "waiting") ==
        R"({"message":"The model provider is unavailable, or asked to be left alone.",)"
        R"("reason":"upstream_unavailable","until":10})");
  view.waiting = Waiting{.what = Waiting::For::retry, .until_ms = 10'000};
  CHECK(member(view, "waiting") ==
        R"({"message":"The model provider asked to repeat the requests that are left later.",)"
        R"("reason":"retry","until":10})");
}

TEST_CASE("openai batch: cancelled and expired → each its own timestamps") {
  BatchView view = running_batch();
  enter(view, cancelling, 6'000);
  CHECK(member(view, "status") == R"("cancelling")");
  CHECK(member(view, "cancelling_at") == "6");
  CHECK(member(view, "cancelled_at") == "null");
  enter(view, cancelled, 7'000);
  CHECK(member(view, "cancelled_at") == "7");
  CHECK(member(view, "request_counts") == R"({"completed":4,"failed":2,"total":10})");

  BatchView late = running_batch();
  enter(late, expiring, 8'000);
  CHECK(member(late, "status") == R"("in_progress")");
  CHECK(member(late, "expired_at") == "null");
  enter(late, expired, 9'000);
  CHECK(member(late, "status") == R"("expired")");
  CHECK(member(late, "expired_at") == "9");
}

TEST_CASE("openai batch: validating or failed → nothing is counted") {
  BatchView view = validating_batch();
  view.total = 10;
  view.lines = {0, 3};
  CHECK(member(view, "request_counts") == R"({"completed":0,"failed":0,"total":0})");
  enter(view, expiring, 2'000);  // Never started: shown as validating.
  CHECK(member(view, "status") == R"("validating")");
  CHECK(member(view, "request_counts") == R"({"completed":0,"failed":0,"total":0})");
  enter(view, failed, 2'000);
  CHECK(member(view, "request_counts") == R"({"completed":0,"failed":0,"total":0})");
}

TEST_CASE("openai batch: a window without an end → expires_at null") {
  BatchView view = validating_batch();
  view.expires_at_ms.reset();
  CHECK(member(view, "expires_at") == "null");
}

TEST_CASE("openai batch: made for a job → its id, and not what the operator has set for it") {
  BatchView view = validating_batch();
  CreateBatch request;
  request.job_id = "job-\"1\"";
  request.job_model = "secret";
  view.request = edgebatch::wire::encode(request);
  CHECK(member(view, "job_id") == R"("job-\"1\"")");
  CHECK(batch_json(view).find("secret") == Bytes::npos);
}

TEST_CASE("openai batch: metadata → in the order that it came in") {
  BatchView view = validating_batch();
  CreateBatch request;
  request.metadata = {{"z", "1"}, {"a", "\"2\""}};
  view.request = edgebatch::wire::encode(request);
  CHECK(batch_json(view).ends_with(R"("metadata":{"z":"1","a":"\"2\""}})"));
}

TEST_CASE("openai batch: a request that can't be read → still an object that clients can parse") {
  BatchView view = validating_batch();
  view.request = "\xFF";
  CHECK(member(view, "metadata") == "{}");
  CHECK(member(view, "endpoint") == "\"\"");
}

TEST_CASE("openai batch: failed → its errors, and only then") {
  CHECK(member(failed_batch(1, 1), "errors") ==
        R"({"data":[{"code":"invalid_url","line":1,"message":"The URL provided for this request )"
        R"(does not match the batch endpoint.","param":"url"}],"object":"list"})");
  CHECK(member(failed_batch(1, 1), "failed_at") == "3");
  CHECK(member(failed_batch(0, 0), "errors") == R"({"data":[],"object":"list"})");
  BatchView failing_batch = failed_batch(1, 1);
  failing_batch.state = failing;
  CHECK(member(failing_batch, "errors") == "null");
}

TEST_CASE(
    "openai batch: as many errors as are listed at most, and one more → a last entry counts") {
  constexpr std::size_t max = edgebatch::validation::errors_count_max;
  CHECK(listed(failed_batch(max, max)).count == max);
  CHECK(listed(failed_batch(max, max)).last_code == "invalid_url");
  const Listed more = listed(failed_batch(max, max + 234));
  CHECK(more.count == max + 1);
  CHECK(more.last_code == "too_many_errors");
  CHECK(more.last_message == "… and 234 more lines have errors.");
}

TEST_CASE("openai batch: a view that carries only the first errors → says where the rest is") {
  const Listed few = listed(failed_batch(8, 9));
  CHECK(few.count == 9);
  CHECK(few.last_code == "more_errors");
  CHECK(few.last_message ==
        "… and 1 more errors, not listed here: retrieve this batch to see them.");
}

TEST_CASE("openai batch: lists → first and last id, null where the page is empty") {
  CHECK(batch_list_json({}, false) ==
        R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
  BatchView other = running_batch();
  other.id = "batch_2";
  CHECK(batch_list_json({validating_batch(), other}, true) ==
        R"({"object":"list","data":[)" + batch_json(validating_batch()) + "," + batch_json(other) +
            R"(],"first_id":"batch_1","last_id":"batch_2","has_more":true})");
}
