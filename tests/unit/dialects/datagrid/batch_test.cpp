#include "core/dialects/datagrid/batch.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/dialect.hpp"
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
using edgebatch::validation::ErrorCode;
using namespace edgebatch::dialects::datagrid;
using enum State;

using Metadata = std::vector<std::pair<Bytes, Bytes>>;

constexpr View mount = "/datagrid/v1";
constexpr Ms noon = 1'775'822'400'000;  // 2026-04-10T12:00:00.000Z

BatchView& enter(BatchView& view, State state, Ms moment) {
  view.state = state;
  view.entered_ms[static_cast<std::size_t>(state)] = moment;
  return view;
}

BatchView validating_batch(std::optional<Metadata> metadata = std::nullopt) {
  BatchView view;
  view.id = "bpred_1";
  view.dialect = edgebatch::dialects::Dialect::datagrid;
  view.request = edgebatch::wire::encode(CreateBatch{
      .model = "gpt \"5\"", .completion_window = "1h", .metadata = std::move(metadata)});
  view.expires_at_ms = noon + 86'400'000;
  view.total = 10;
  return enter(view, validating, noon);
}

BatchView running_batch() {
  BatchView view = validating_batch();
  view.model = "planned";
  view.counts = {.succeeded = 3, .errored = 2, .canceled = 1, .expired = 1};
  return enter(view, in_progress, noon + 1);
}

BatchView failed_batch(std::size_t listed, std::uint64_t count) {
  BatchView view = validating_batch();
  for (std::size_t i = 0; i < listed; ++i)
    view.errors.push_back({.line = i + 1,
                           .code = ErrorCode::file_not_found,
                           .param = "file_id",
                           .detail = "file_9",
                           .custom_id = "c" + std::to_string(i)});
  view.errors_count = count;
  return enter(view, failed, noon + 2);
}

Bytes member(const BatchView& view, View name) {
  const auto parsed = Value::parse(batch_json(view, mount));
  REQUIRE(parsed);
  const auto value = parsed->member(name);
  return value ? value->canonical() : "absent";
}

Bytes error_member(const BatchView& view, View name) {
  const auto error = Value::parse(batch_json(view, mount))->member("error");
  const auto value = error->member(name);
  return value ? value->canonical() : "absent";
}

}  // namespace

TEST_CASE("datagrid batch: just created → every member, null where nothing is known") {
  CHECK(batch_json(validating_batch(), mount) ==
        R"({"object":"batch_prediction","id":"bpred_1","status":"validating",)"
        R"("model":"gpt \"5\"","completion_window":"1h",)"
        R"("created_at":"2026-04-10T12:00:00.000Z","expires_at":"2026-04-11T12:00:00.000Z",)"
        R"("in_progress_at":null,"finalizing_at":null,"completed_at":null,"failed_at":null,)"
        R"("cancelling_at":null,"cancelled_at":null,"expired_at":null,)"
        R"("request_counts":{"total":10,"processing":10,"succeeded":0,"errored":0,"canceled":0,)"
        R"("expired":0},"metadata":null,"error":null,"results_url":null})");
}

TEST_CASE("datagrid batch: completed → counts, times, no error even with errored items, results") {
  BatchView view = running_batch();
  view.counts = {.succeeded = 8, .errored = 2};
  enter(view, finalizing, noon + 3);
  enter(view, completed, noon + 4);
  CHECK(batch_json(view, mount) ==
        R"({"object":"batch_prediction","id":"bpred_1","status":"completed",)"
        R"("model":"gpt \"5\"","completion_window":"1h",)"
        R"("created_at":"2026-04-10T12:00:00.000Z","expires_at":"2026-04-11T12:00:00.000Z",)"
        R"("in_progress_at":"2026-04-10T12:00:00.001Z",)"
        R"("finalizing_at":"2026-04-10T12:00:00.003Z",)"
        R"("completed_at":"2026-04-10T12:00:00.004Z","failed_at":null,)"
        R"("cancelling_at":null,"cancelled_at":null,"expired_at":null,)"
        R"("request_counts":{"total":10,"processing":0,"succeeded":8,"errored":2,"canceled":0,)"
        R"("expired":0},"metadata":null,"error":null,)"
        R"("results_url":"/datagrid/v1/batch-predictions/bpred_1/results"})");
}

TEST_CASE("datagrid batch: it waits → why, and until when; else there is no such member") {
  using edgebatch::dialects::Waiting;
  BatchView view = running_batch();
  CHECK(member(view, "waiting") == "absent");
  const auto shown = [&](Waiting waiting) {
    view.waiting = waiting;
    return member(view, "waiting");
  };
  CHECK(shown({.what = Waiting::For::upstream_refuses, .status = 404, .until_ms = noon}) ==
        R"({"message":"The model provider answers every request with 404. It is tried again with )"
        R"(one request now and then.","reason":"upstream_refuses",)"
        R"("until":"2026-04-10T12:00:00.000Z"})");
  CHECK(shown({.what = Waiting::For::upstream_unavailable, .until_ms = noon + 1})
            .find(R"("reason":"upstream_unavailable","until":"2026-04-10T12:00:00.001Z")") !=
        Bytes::npos);
  CHECK(shown({.what = Waiting::For::retry, .until_ms = noon}).find(R"("reason":"retry")") !=
        Bytes::npos);
}

TEST_CASE("datagrid batch: each state → its own time, and only that") {
  for (const auto& [state, name] :
       {std::pair(in_progress, "in_progress_at"), std::pair(finalizing, "finalizing_at"),
        std::pair(completed, "completed_at"), std::pair(failed, "failed_at"),
        std::pair(cancelling, "cancelling_at"), std::pair(cancelled, "cancelled_at"),
        std::pair(expired, "expired_at")}) {
    BatchView view = validating_batch();
    enter(view, state, noon + 5);
    CHECK(member(view, name) == R"("2026-04-10T12:00:00.005Z")");
    for (const View other : {"in_progress_at", "finalizing_at", "completed_at", "failed_at",
                             "cancelling_at", "cancelled_at", "expired_at"})
      if (other != name) CHECK(member(view, other) == "null");
  }
}

TEST_CASE("datagrid batch: internal states → shown as what came before, without results") {
  BatchView view = validating_batch();
  CHECK(member(enter(view, failing, noon + 1), "status") == "\"validating\"");
  view = running_batch();
  CHECK(member(enter(view, failing, noon + 2), "status") == "\"in_progress\"");
  CHECK(member(enter(view, expiring, noon + 2), "status") == "\"in_progress\"");
  CHECK(member(view, "results_url") == "null");
  CHECK(member(view, "error") == "null");
}

TEST_CASE("datagrid batch: counts → always add up to the total") {
  CHECK(member(running_batch(), "request_counts") ==
        R"({"canceled":1,"errored":2,"expired":1,"processing":3,"succeeded":3,"total":10})");
}

TEST_CASE("datagrid batch: metadata → as it was given, nothing and none told apart") {
  CHECK(member(validating_batch(), "metadata") == "null");
  CHECK(member(validating_batch(Metadata{}), "metadata") == "{}");
  CHECK(batch_json(validating_batch(Metadata{{"z", "1"}, {"a", "é\n"}}), mount)
            .find(R"("metadata":{"z":"1","a":"é\n"},)") != Bytes::npos);
}

TEST_CASE("datagrid batch: results → at any end, under the mount, until they are gone") {
  for (const State end : {completed, failed, cancelled, expired}) {
    BatchView view = running_batch();
    enter(view, end, noon + 5);
    CHECK(member(view, "results_url") == R"("/datagrid/v1/batch-predictions/bpred_1/results")");
    CHECK(batch_json(view, "/v1")
              .ends_with(R"("results_url":"/v1/batch-predictions/bpred_1/results"})"));
    view.results_gone = true;
    CHECK(member(view, "results_url") == "null");
  }
  for (const State before : {validating, in_progress, finalizing, cancelling}) {
    BatchView view = running_batch();
    CHECK(member(enter(view, before, noon + 5), "results_url") == "null");
  }
}

TEST_CASE("datagrid batch: cancelled, expired → why, as problem details") {
  BatchView view = running_batch();
  enter(view, cancelled, noon + 5);
  CHECK(member(view, "error") ==
        R"({"detail":"The batch was cancelled before all of its items had run.","status":409,)"
        R"("title":"Batch Cancelled","type":"https://api.datagrid.com/errors/batch_cancelled"})");
  view = running_batch();
  enter(view, expired, noon + 5);
  CHECK(member(view, "error") ==
        R"({"detail":"The completion window was over before all items had run.","status":408,)"
        R"("title":"Batch Expired","type":"https://api.datagrid.com/errors/batch_expired"})");
}

TEST_CASE("datagrid batch: failed by one item → validation_failed with its pointer and id") {
  CHECK(
      batch_json(failed_batch(1, 1), mount)
          .find(R"("error":{"type":"https://api.datagrid.com/errors/validation_failed",)"
                R"("title":"Validation Failed","status":422,)"
                R"("detail":"There is no file 'file_9', or this batch may not read it. Upload it )"
                R"(with `POST /files` and use the id that is returned.",)"
                R"("errors":[{"pointer":"/items/0/file_id","code":"file_not_found",)"
                R"("message":"There is no file 'file_9', or this batch may not read it. Upload )"
                R"(it with `POST /files` and use the id that is returned.",)"
                R"("custom_id":"c0"}]},"results_url")") != Bytes::npos);
}

TEST_CASE("datagrid batch: failed by several items → how many of how many") {
  CHECK(error_member(failed_batch(3, 3), "detail") ==
        R"("3 of 10 items can't be sent, so none was: `errors` says why.")");
  CHECK(Value::parse(error_member(failed_batch(3, 3), "errors"))->elements().size() == 3);
  CHECK(error_member(failed_batch(1, 2), "detail") ==
        R"("2 of 10 items can't be sent, so none was: `errors` says why.")");
}

TEST_CASE("datagrid batch: failed with more errors than are listed → one more says how many") {
  const auto last = [](std::size_t listed, std::uint64_t count) {
    return Value::parse(error_member(failed_batch(listed, count), "errors"))
        ->elements()
        .back()
        .canonical();
  };
  CHECK(last(8, 8).find("/items/7/file_id") != Bytes::npos);
  CHECK(last(8, 9) ==
        R"({"code":"more_errors","message":"… and 1 more, not listed here: retrieve this batch to )"
        R"(see them.","pointer":"/items"})");
  CHECK(last(999, 1'001).find("\"more_errors\"") != Bytes::npos);
  CHECK(last(1'000, 1'000).find("/items/999/file_id") != Bytes::npos);
  CHECK(last(1'000, 5'000) ==
        R"({"code":"too_many_errors","message":"… and 4000 more items can't be sent.",)"
        R"("pointer":"/items"})");
}

TEST_CASE("datagrid batch: failed without a known error → still says so") {
  CHECK(error_member(failed_batch(0, 0), "detail") ==
        R"("The batch failed before any of its items was run.")");
  CHECK(error_member(failed_batch(0, 0), "errors") == "[]");
}

TEST_CASE("datagrid batch: lists → a cursor only if there is more") {
  const BatchView first = validating_batch();
  BatchView second = validating_batch();
  second.id = "bpred_2";
  CHECK(batch_list_json({}, false, mount) ==
        R"({"object":"list","data":[],"next_cursor":null,"has_more":false})");
  CHECK(batch_list_json({first}, false, mount) == R"({"object":"list","data":[)" +
                                                      batch_json(first, mount) +
                                                      R"(],"next_cursor":null,"has_more":false})");
  CHECK(batch_list_json({first, second}, true, mount) ==
        R"({"object":"list","data":[)" + batch_json(first, mount) + "," +
            batch_json(second, mount) + R"(],"next_cursor":"bpred_2","has_more":true})");
}

TEST_CASE("datagrid batch: an empty page → ends the walk, whatever is said") {
  CHECK(batch_list_json({}, true, mount) ==
        R"({"object":"list","data":[],"next_cursor":null,"has_more":false})");
}

TEST_CASE("datagrid batch: statuses → the eight that clients see, and no other") {
  for (const auto& [text, state] :
       {std::pair("validating", validating), std::pair("in_progress", in_progress),
        std::pair("finalizing", finalizing), std::pair("completed", completed),
        std::pair("failed", failed), std::pair("cancelling", cancelling),
        std::pair("cancelled", cancelled), std::pair("expired", expired)})
    CHECK(parse_status(text) == state);
  for (const View text : {"", "failing", "expiring", "canceled", "Completed", "completed "})
    CHECK_FALSE(parse_status(text));
}
