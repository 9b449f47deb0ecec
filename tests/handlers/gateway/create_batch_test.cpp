#include <catch_amalgamated.hpp>

#include "core/dialects/openai/file.hpp"
#include "core/json/value.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"

#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Indexed;
using actors::batch::Start;
using actors::tenant::FileRow;
using actors::tenant::IndexBatch;
using actors::tenant::ReserveBatch;
using dialects::openai::CreateBatch;
using ports::Fault;
using ports::Tell;
using validation::ErrorCode;

const Bytes body = R"({"input_file_id":")" + file_id +
                   R"(","endpoint":"/v1/chat/completions","completion_window":"24h"})";

/// What a good create comes to: everything random is known from the seed.
struct Expected {
  Bytes id;
  Bytes fingerprint;
  Start start;

  explicit Expected(const CreateBatch& create, View with = body) {
    Drawn drawn;
    (void)drawn.request_id();
    start.tenant = tenant;
    start.request = wire::encode(create);
    start.input = {.file_id = file_id, .stream = a_file_row().stream, .missing = {}};
    start.window_ms = 86'400'000;
    start.results_life_ms = dialects::openai::batch_file_life_ms;
    for (Bytes& seed : start.result_seeds)
      seed = text::hex(View(drawn.rest().draw()).substr(0, 10));
    id = drawn.sortable_id(dialects::openai::batch_id_prefix);
    fingerprint = text::sha256_hex("batch_" + json::Value::parse(with)->canonical());
  }

  ReserveBatch reserve() const {
    ReserveBatch command;
    command.id = id;
    command.input_file = file_id;
    command.fingerprint = fingerprint;
    return command;
  }
  ReserveBatch::Reply reserved(std::optional<FileRow> input = a_file_row()) const {
    return ReserveBatch::Reserved{.id = id, .input = std::move(input)};
  }
  Indexed started() const { return {.revision = 1, .view = a_batch(id)}; }
  IndexBatch index() const { return {.revision = 1, .view = a_batch(id)}; }
};

CreateBatch plain() {
  return {.input_file_id = file_id,
          .endpoint = "/v1/chat/completions",
          .completion_window = "24h",
          .metadata = {},
          .output_expires_after_s = {}};
}

Script creating(View with = body, const Config& config = read_config({}),
                std::vector<http::Header> headers = {}) {
  Script script = authorized("POST", "/v1/batches", std::move(headers), config);
  with_body(script, with);
  return script;
}

TEST_CASE("create_batch: a good input → reserved, started, indexed, shown") {
  const Expected expected(plain());
  creating()
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .gives()
      .may_fail()
      .answers(200, [&](const Answer& answer) {
        CHECK(answer.text("id") == expected.id);
        CHECK(answer.text("status") == "validating");
        CHECK(answer.text("input_file_id") == file_id);
        CHECK(answer.text("completion_window") == "24h");
      });
}

TEST_CASE("create_batch: the index doesn't answer → 200 all the same: the batch has started") {
  const Expected expected(plain());
  creating()
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .fails(Fault::lost)
      .may_fail()
      .answers(200);
}

TEST_CASE("create_batch: the body comes in pieces → put together") {
  const Expected expected(plain());
  Script script = authorized("POST", "/v1/batches");
  for (const char byte : body) script.expects(ports::ReadBody{}).gives(Bytes(1, byte));
  script.expects(ports::ReadBody{})
      .fails(Fault::absent)
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .gives()
      .may_fail()
      .answers(200);
}

TEST_CASE("create_batch: no such file → the batch is made, and told what is missing") {
  Expected expected(plain());
  expected.start.input = {
      .file_id = file_id,
      .stream = {},
      .missing = validation::LineError{
          .line = 0, .code = ErrorCode::file_not_found, .param = "file_id", .detail = file_id}};
  creating()
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved(std::nullopt))
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .gives()
      .may_fail()
      .answers(200);
}

TEST_CASE("create_batch: a file of another purpose → the batch is made, and told so") {
  Expected expected(plain());
  expected.start.input = {
      .file_id = file_id,
      .stream = {},
      .missing = validation::LineError{
          .line = 0, .code = ErrorCode::file_wrong_purpose, .param = "file_id", .detail = file_id}};
  creating()
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved(a_file_row(file_id, "user_data")))
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .gives()
      .may_fail()
      .answers(200);
}

TEST_CASE("create_batch: another window, a life of its own for the results → told to the batch") {
  CreateBatch create = plain();
  create.completion_window = "30s";
  create.output_expires_after_s = 3'600;
  const Bytes with = R"({"input_file_id":")" + file_id + R"(","endpoint":"/v1/chat/completions",
              "completion_window":"30s",
              "output_expires_after":{"anchor":"created_at","seconds":3600}})";
  Expected expected(create, with);
  expected.start.window_ms = 30'000;
  expected.start.results_life_ms = 3'600'000;
  creating(with, read_config({{"EDGEBATCH_WINDOWS", "30s"}}))
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .gives()
      .may_fail()
      .answers(200);
}

TEST_CASE(
    "create_batch: the start's answer is lost → the very same start again, up to three times") {
  const Expected expected(plain());
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .fails(Fault::lost)
      .expects(Tell{expected.id, expected.start})
      .fails(Fault::lost);
  SECTION("the third is answered → 200") {
    script.expects(Tell{expected.id, expected.start})
        .gives(expected.started())
        .expects(Tell{tenant, expected.index()})
        .gives()
        .may_fail()
        .answers(200);
  }
  SECTION("the third is lost too → 503") {
    script.expects(Tell{expected.id, expected.start}).fails(Fault::lost).answers(503);
  }
}

TEST_CASE("create_batch: the reservation's answer is lost → 503, and nothing is started") {
  creating().expects(Tell{tenant, Expected(plain()).reserve()}).fails(Fault::lost).answers(503);
}

TEST_CASE("create_batch: a key and the client's count of tries → told to the tenant") {
  Expected expected(plain());
  auto reserve = expected.reserve();
  reserve.key = "k-1";
  reserve.retry = true;
  creating(body, read_config({}), {{"Idempotency-Key", "k-1"}, {"X-Stainless-Retry-Count", "1"}})
      .expects(Tell{tenant, reserve})
      .fails(Fault::lost)
      .answers(503);
  creating(body, read_config({}), {{"Idempotency-Key", "k 1"}})
      .answers(400, [](const Answer& answer) {
        CHECK(answer.text("error/param") == "Idempotency-Key");
      });
}

TEST_CASE("create_batch: equal bodies, written in another way → the same fingerprint") {
  const Bytes other = R"( {"completion_window" : "24h", "endpoint":"\u002fv1/chat/completions",
                           "input_file_id":")" +
                      file_id + "\"}\n";
  creating(other)
      .expects(Tell{tenant, Expected(plain()).reserve()})
      .fails(Fault::lost)
      .answers(503);
}

TEST_CASE("create_batch: the same create has led to a batch → that one, as it is now") {
  const Bytes earlier = "batch_" + Bytes(32, '7');
  creating()
      .expects(Tell{tenant, Expected(plain()).reserve()})
      .gives(ReserveBatch::Started{.id = earlier})
      .expects(Tell{earlier, actors::batch::Retrieve{.tenant = tenant}})
      .gives(a_batch(earlier, lifecycle::State::in_progress))
      .answers(200, [&](const Answer& answer) {
        CHECK(answer.text("id") == earlier);
        CHECK(answer.text("status") == "in_progress");
      });
}

TEST_CASE("create_batch: the same create isn't heard of yet → its id is started") {
  const Expected expected(plain());
  const Bytes earlier = "batch_" + Bytes(32, '7');
  creating()
      .expects(Tell{tenant, expected.reserve()})
      .gives(ReserveBatch::Reserved{.id = earlier, .input = a_file_row()})
      .expects(Tell{earlier, expected.start})
      .gives(Indexed{.revision = 2, .view = a_batch(earlier)})
      .expects(Tell{tenant, IndexBatch{.revision = 2, .view = a_batch(earlier)}})
      .gives()
      .may_fail()
      .answers(200, [&](const Answer& answer) { CHECK(answer.text("id") == earlier); });
}

TEST_CASE("create_batch: the key is another create's → 409 that isn't worth retrying") {
  auto reserve = Expected(plain()).reserve();
  reserve.key = "k-1";
  creating(body, read_config({}), {{"idempotency-key", "k-1"}})
      .expects(Tell{tenant, reserve})
      .gives(ReserveBatch::Conflict{})
      .answers(409, [](const Answer& answer) {
        CHECK(answer.text("error/code") == "idempotency_conflict");
        CHECK(answer.header("x-should-retry") == "false");
      });
}

TEST_CASE("create_batch: the id was abandoned meanwhile → 503") {
  const Expected expected(plain());
  creating()
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .gives(Problem{.code = ProblemCode::unanswered})
      .answers(503);
}

TEST_CASE(
    "create_batch: a body that says too little or the wrong thing → 400, and nobody is asked") {
  struct Case {
    View body, param;
  };
  for (const Case& bad : std::initializer_list<Case>{
           {"", ""},
           {"[]", ""},
           {"{\"input_file_id\":", ""},
           {R"({"endpoint":"/v1/responses","completion_window":"24h"})", "input_file_id"},
           {R"({"input_file_id":"f","endpoint":"/v1/nothing","completion_window":"24h"})",
            "endpoint"},
           {R"({"input_file_id":"f","endpoint":"/v1/responses","completion_window":"1h"})",
            "completion_window"}}) {
    CAPTURE(bad.body);
    Script script = authorized("POST", "/v1/batches");
    if (!bad.body.empty()) script.expects(ports::ReadBody{}).gives(Bytes(bad.body));
    script.expects(ports::ReadBody{})
        .fails(Fault::absent)
        .answers(400, [&bad](const Answer& answer) {
          if (!bad.param.empty()) CHECK(answer.text("error/param") == bad.param);
        });
  }
}

TEST_CASE("create_batch: the client breaks off → 400") {
  authorized("POST", "/v1/batches").expects(ports::ReadBody{}).fails(Fault::lost).answers(400);
}

TEST_CASE("create_batch: a body at its limit → read; a byte more → 413 without reading on") {
  Bytes full = body;
  full.resize(gateway::json_body_bytes_max, ' ');
  const Expected expected(plain());
  creating(full)
      .expects(Tell{tenant, expected.reserve()})
      .gives(expected.reserved())
      .expects(Tell{expected.id, expected.start})
      .gives(expected.started())
      .expects(Tell{tenant, expected.index()})
      .gives()
      .may_fail()
      .answers(200);

  authorized("POST", "/v1/batches")
      .expects(ports::ReadBody{})
      .gives(full + ' ')
      .answers(413, [](const Answer& answer) {
        CHECK(answer.text("error/message").find("1048576") != Bytes::npos);
      });
}

}  // namespace
}  // namespace edgebatch::script
