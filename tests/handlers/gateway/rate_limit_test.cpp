// The rate limit as the gateway keeps it. How requests are counted is tested with the meter.
#include "handlers/gateway/rate_limit.hpp"

#include <catch_amalgamated.hpp>

#include "core/text/sha256.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/meter/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Progress;
using actors::meter::Count;
using actors::tenant::ListBatches;
using actors::tenant::ListFiles;
using ports::Fault;
using ports::GetKey;
using ports::Respond;
using ports::Tell;

const Bytes no_batch = "/datagrid/v1/batch-predictions/nothing";
const Bytes no_file = "/datagrid/v1/files/nothing";

Config limited() { return read_config({{"RATE_LIMIT", "200"}}); }

Script metered(View method, View target, std::vector<http::Header> headers = {}) {
  return authorized(method, target, std::move(headers), limited());
}

Tell<Count> counting(View route, View of = tenant) {
  return {Bytes(of),
          Count{.route = Bytes(route), .limit = 200, .window_ms = gateway::rate_window_ms}};
}

const Count::Counted plenty = {
    .allowed = true, .remaining = 199, .reset_at = began_at + 60'000, .retry_after_ms = 0};
const Count::Counted last = {
    .allowed = true, .remaining = 0, .reset_at = began_at + 41'001, .retry_after_ms = 41'001};
const Count::Counted refused = {
    .allowed = false, .remaining = 0, .reset_at = began_at + 41'001, .retry_after_ms = 41'001};

void check_headers(const Answer& answer, View remaining, View reset) {
  CHECK(answer.header("x-ratelimit-limit") == "200");
  CHECK(answer.header("x-ratelimit-remaining") == remaining);
  CHECK(answer.header("x-ratelimit-reset") == reset);
}

void check_no_headers(const Answer& answer) {
  for (const View name : {"limit", "remaining", "reset"})
    CHECK_FALSE(answer.header("x-ratelimit-" + Bytes(name)));
}

TEST_CASE("rate limit: a request → counted before its endpoint; its answer says what is left") {
  metered("GET", "/datagrid/v1/batch-predictions")
      .expects(counting("GET /batch-predictions"))
      .gives(plenty)
      .expects_one<Tell<ListBatches>>([](const auto& tell) { return tell.to == tenant; })
      .gives()
      .answers(200, [](const Answer& answer) {
        check_headers(answer, "199", "1790000060");
        CHECK_FALSE(answer.header("retry-after"));
      });
}

TEST_CASE("rate limit: the last request that is allowed → also how long the next has to wait") {
  metered("GET", "/datagrid/v1/files")
      .expects(counting("GET /files"))
      .gives(last)
      .expects_one<Tell<ListFiles>>([](const auto& tell) { return tell.to == tenant; })
      .gives()
      .answers(200, [](const Answer& answer) {
        check_headers(answer, "0", "1790000042");  // Rounded up, both.
        CHECK(answer.header("retry-after") == "42");
      });
}

TEST_CASE("rate limit: an error → says what is left, too") {
  metered("GET", no_batch)
      .expects(counting("GET /batch-predictions/{}"))
      .gives(plenty)
      .answers(404, [](const Answer& answer) {
        check_headers(answer, "199", "1790000060");
        CHECK_FALSE(answer.header("retry-after"));
      });
}

TEST_CASE("rate limit: an error that says when to retry, and nothing is left → the limit's time") {
  metered("GET", "/datagrid/v1/batch-predictions")
      .expects(counting("GET /batch-predictions"))
      .gives(last)
      .expects_one<Tell<ListBatches>>([](const auto&) { return true; })
      .fails(Fault::lost)
      .answers(503, [](const Answer& answer) {
        CHECK(answer.headers_count("retry-after") == 1);
        CHECK(answer.header("retry-after") == "42");
      });
}

TEST_CASE("rate limit: an answer that is written while its batch runs → says it at its beginning") {
  const Bytes id = "bpred_0123456789abcdef0123456789abcdef";
  metered("GET", "/datagrid/v1/batch-predictions/" + id + "/results?follow=true")
      .expects(counting("GET /batch-predictions/{}/results"))
      .gives(plenty)
      .expects_one<Tell<Progress>>([id](const auto& tell) { return tell.to == id; })
      .gives(Progress::Stored{})
      .expects(Respond{Respond::Begin{.status = 200,
                                      .headers = {{"x-request-id", Drawn().request_id()},
                                                  {"x-ratelimit-limit", "200"},
                                                  {"x-ratelimit-remaining", "199"},
                                                  {"x-ratelimit-reset", "1790000060"},
                                                  {"content-type", "application/x-ndjson"}}}})
      .fails(Fault::lost)  // The client is gone.
      .may_fail()
      .answers(200);
}

TEST_CASE("rate limit: one too many → 429, and its endpoint does nothing") {
  metered("GET", no_batch)
      .expects(counting("GET /batch-predictions/{}"))
      .gives(refused)
      .answers(429, [](const Answer& answer) {
        check_headers(answer, "0", "1790000042");
        CHECK(answer.headers_count("retry-after") == 1);
        CHECK(answer.header("retry-after") == "42");
        CHECK_FALSE(answer.header("x-should-retry"));  // SDKs are to ask again.
        CHECK(answer.header("content-type") == "application/problem+json");
        CHECK(answer.text("type") == "https://api.datagrid.com/errors/rate_limit_exceeded");
        CHECK(answer.number("status") == 429);
        CHECK(answer.text("detail") == "Too many requests. Try again in 42 s.");
      });
}

TEST_CASE("rate limit: one too many among files → 429 in the vendor's older form") {
  metered("DELETE", no_file)
      .expects(counting("DELETE /files/{}"))
      .gives(refused)
      .answers(429, [](const Answer& answer) {
        check_headers(answer, "0", "1790000042");
        CHECK(answer.header("retry-after") == "42");
        CHECK_FALSE(answer.header("x-should-retry"));
        CHECK(answer.header("content-type") == "application/json");
        CHECK(answer.number("status_code") == 429);
        CHECK(answer.number("statusCode") == 429);
        CHECK(answer.text("error") == "rate_limit_exceeded");
        CHECK(answer.truth("retryable"));
      });
}

TEST_CASE("rate limit: a wait of less than a second → one second") {
  auto counted = refused;
  counted.retry_after_ms = GENERATE(0, 1, 999, 1'000);
  metered("GET", no_batch)
      .expects(counting("GET /batch-predictions/{}"))
      .gives(counted)
      .answers(429, [](const Answer& answer) { CHECK(answer.header("retry-after") == "1"); });
}

TEST_CASE("rate limit: the meter doesn't answer → the request passes") {
  metered("GET", "/datagrid/v1/files")
      .expects(counting("GET /files"))
      .fails(Fault::lost)
      .expects_one<Tell<ListFiles>>([](const auto&) { return true; })
      .gives()
      .answers(200, [](const Answer& answer) {
        check_no_headers(answer);
        CHECK_FALSE(answer.header("retry-after"));
      });
}

TEST_CASE("rate limit: the mount of all dialects → the same count") {
  metered("GET", "/v1/batch-predictions/nothing")
      .expects(counting("GET /batch-predictions/{}"))
      .gives(plenty)
      .answers(404);
  metered("GET", "/v1/files/nothing", {{"user-agent", "Datagrid/JS 0.17.2"}})
      .expects(counting("GET /files/{}"))
      .gives(plenty)
      .answers(404);
}

TEST_CASE("rate limit: a teamspace → has a meter of its own") {
  metered("GET", no_file, {{"datagrid-teamspace", "space"}})
      .expects(counting("GET /files/{}", "dev.space"))
      .gives(plenty)
      .answers(404, [](const Answer& answer) { check_headers(answer, "199", "1790000060"); });
}

TEST_CASE("rate limit: the other dialect → isn't metered") {
  const View target = GENERATE(as<View>(), "/v1/files/nothing", "/openai/v1/batches/nothing",
                               "/impala/v1/batches/nothing");
  CAPTURE(target);
  metered("GET", target).answers(404, check_no_headers);
}

TEST_CASE("rate limit: off → nobody is metered") {
  const Config config =
      read_config(GENERATE(values<Variables>({{}, {{"RATE_LIMIT", "off"}}, {{"RATE_LIMIT", ""}}})));
  authorized("GET", no_batch, {}, config).answers(404, check_no_headers);
}

TEST_CASE("rate limit: who isn't known, or asks for nothing that exists → isn't metered") {
  Scene scene = request("GET", no_batch, {{"authorization", "Bearer guessed"}});
  scene.config = limited();
  Script guessed(scene);
  guessed.expects(GetKey{.key = "key/" + text::sha256_hex("guessed")}).fails(Fault::absent);
  guessed.answers(401, check_no_headers);

  scene = request("GET", "/datagrid/v1/nothing", {{"authorization", "Bearer " + Bytes(key)}});
  scene.config = limited();
  Script(scene).answers(404, check_no_headers);

  scene = request("GET", "/healthz", {{"user-agent", "Datagrid/JS 0.17.2"}});
  scene.config = limited();
  Script(scene).answers(200, check_no_headers);
}

}  // namespace
}  // namespace edgebatch::script
