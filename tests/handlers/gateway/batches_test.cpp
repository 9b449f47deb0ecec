#include <catch_amalgamated.hpp>

#include "core/validation/verdict.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Cancel;
using actors::batch::Indexed;
using actors::batch::Retrieve;
using actors::tenant::IndexBatch;
using actors::tenant::ListBatches;
using lifecycle::State;
using ports::Fault;
using ports::Tell;

const Bytes path = "/v1/batches/" + batch_id;
const Problem not_found{.code = ProblemCode::batch_not_found, .detail = batch_id};

void check_no_such_batch(const Answer& answer) {
  CHECK(answer.text("error/message").starts_with("No batch found with id '"));
  CHECK(answer.at("error/code").is_null());
}

// ---- Retrieve

const Retrieve retrieve{.tenant = tenant};

TEST_CASE("retrieve_batch: the batch is there → its object") {
  authorized("GET", path)
      .expects(Tell{batch_id, retrieve})
      .gives(a_batch())
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id") == batch_id);
        CHECK(answer.text("object") == "batch");
        CHECK(answer.text("status") == "validating");
        CHECK(answer.text("input_file_id") == file_id);
      });
}

TEST_CASE("retrieve_batch: no such batch of this tenant → 404") {
  authorized("GET", path)
      .expects(Tell{batch_id, retrieve})
      .gives(not_found)
      .answers(404, check_no_such_batch);
}

TEST_CASE("retrieve_batch: what can't be an id → 404 without asking an actor") {
  for (const View id : {"batch_1", "file-0123456789abcdef0123456789abcdef", "batch_%2F..%2Fother"})
    authorized("GET", "/v1/batches/" + Bytes(id)).answers(404, check_no_such_batch);
}

dialects::BatchView failed_batch() {
  dialects::BatchView view = a_batch(batch_id, State::failed);
  view.errors_count = 3;
  view.errors = {
      {.line = 1, .code = validation::ErrorCode::invalid_json_line, .param = {}, .detail = {}}};
  view.errors_object = "out/dev/b/1.0.errors";
  return view;
}

validation::Inspection all_errors() {
  validation::Inspection inspection;
  for (std::uint64_t line = 1; line <= 3; ++line)
    inspection.verdict.errors.push_back({.line = line,
                                         .code = validation::ErrorCode::invalid_json_line,
                                         .param = {},
                                         .detail = {}});
  inspection.verdict.errors_count = 3;
  return inspection;
}

const ports::GetObject get_errors{.key = "out/dev/b/1.0.errors", .offset = 0, .length = {}};

TEST_CASE("retrieve_batch: more errors than the view carries → all of them are read") {
  authorized("GET", path)
      .expects(Tell{batch_id, retrieve})
      .gives(failed_batch())
      .expects(get_errors)
      .gives(wire::encode(all_errors()))
      .may_fail()
      .answers(200, [](const Answer& answer) {
        CHECK(answer.at("errors/data").elements().size() == 3);
        CHECK(answer.number("errors/data/2/line") == 3);
      });
}

TEST_CASE("retrieve_batch: the errors can't be read → the few that the view carries") {
  const auto shows_the_few = [](const Answer& answer) {
    CHECK(answer.number("errors/data/0/line") == 1);
    // … and an entry that says how many there are.
    CHECK(answer.at("errors/data").elements().size() == 2);
    CHECK(answer.text("errors/data/1/message").find("2 more errors") != Bytes::npos);
  };
  authorized("GET", path)
      .expects(Tell{batch_id, retrieve})
      .gives(failed_batch())
      .expects(get_errors)
      .fails(Fault::absent)
      .may_fail()
      .answers(200, shows_the_few);
  authorized("GET", path)
      .expects(Tell{batch_id, retrieve})
      .gives(failed_batch())
      .expects(get_errors)
      .gives("no inspection")
      .may_fail()
      .answers(200, shows_the_few);
}

// ---- Cancel

TEST_CASE("cancel_batch: it runs → cancelling, and the index hears of it before the client") {
  const Indexed indexed{.revision = 7, .view = a_batch(batch_id, State::cancelling)};
  authorized("POST", path + "/cancel")
      .expects(Tell{batch_id, Cancel{.tenant = tenant}})
      .gives(indexed)
      .expects(Tell{tenant, IndexBatch{.revision = 7, .view = indexed.view}})
      .gives()
      .may_fail()
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id") == batch_id);
        CHECK(answer.text("status") == "cancelling");
      });
}

TEST_CASE("cancel_batch: the index doesn't answer → 200 all the same: a letter will reach it") {
  const Indexed indexed{.revision = 7, .view = a_batch(batch_id, State::cancelling)};
  authorized("POST", path + "/cancel")
      .expects(Tell{batch_id, Cancel{.tenant = tenant}})
      .gives(indexed)
      .expects(Tell{tenant, IndexBatch{.revision = 7, .view = indexed.view}})
      .fails(Fault::lost)
      .may_fail()
      .answers(200);
}

TEST_CASE("cancel_batch: it can't be cancelled any more → 409 that isn't worth retrying") {
  authorized("POST", path + "/cancel")
      .expects(Tell{batch_id, Cancel{.tenant = tenant}})
      .gives(Problem{.code = ProblemCode::batch_not_cancellable, .detail = "completed"})
      .answers(409, [](const Answer& answer) {
        CHECK(answer.text("error/message") == "Cannot cancel a batch with status 'completed'.");
        CHECK(answer.header("x-should-retry") == "false");
      });
}

TEST_CASE("cancel_batch: the actor's reply is lost → 503, and the client may ask again") {
  authorized("POST", path + "/cancel")
      .expects(Tell{batch_id, Cancel{.tenant = tenant}})
      .fails(Fault::lost)
      .answers(503, [](const Answer& answer) { CHECK(answer.header("retry-after") == "1"); });
}

TEST_CASE("cancel_batch: no such batch, or no id at all → 404") {
  authorized("POST", path + "/cancel")
      .expects(Tell{batch_id, Cancel{.tenant = tenant}})
      .gives(not_found)
      .answers(404, check_no_such_batch);
  authorized("POST", "/v1/batches/nothing/cancel").answers(404, check_no_such_batch);
}

// ---- List

ListBatches list(View after = {}, std::uint32_t limit_count = 20) {
  return {.id_prefix = "batch_", .status = {}, .after = Bytes(after), .limit_count = limit_count};
}

TEST_CASE("list_batches: nothing said → the vendor's page, newest first") {
  authorized("GET", "/v1/batches")
      .expects(Tell{tenant, list()})
      .gives({.batches = {a_batch()}, .has_more = true})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("object") == "list");
        CHECK(answer.text("data/0/id") == batch_id);
        CHECK(answer.text("last_id") == batch_id);
        CHECK(answer.truth("has_more"));
      });
}

TEST_CASE("list_batches: a cursor and a limit → told to the tenant") {
  for (const std::uint32_t limit : {1U, 100U})
    authorized("GET", "/openai/v1/batches?after=" + batch_id + "&limit=" + std::to_string(limit))
        .expects(Tell{tenant, list(batch_id, limit)})
        .gives()
        .answers(200, [](const Answer& answer) { CHECK_FALSE(answer.truth("has_more")); });
}

TEST_CASE("list_batches: a limit beyond its bounds, a cursor that is none → 400") {
  for (const View limit : {"0", "101", "x"})
    authorized("GET", "/v1/batches?limit=" + Bytes(limit)).answers(400, [](const Answer& answer) {
      CHECK(answer.text("error/param") == "limit");
    });
  authorized("GET", "/v1/batches?after=" + file_id).answers(400, [](const Answer& answer) {
    CHECK(answer.text("error/param") == "after");
  });
}

TEST_CASE("list_batches: the tenant doesn't answer → 503") {
  authorized("GET", "/v1/batches").expects(Tell{tenant, list()}).fails(Fault::lost).answers(503);
}

}  // namespace
}  // namespace edgebatch::script
