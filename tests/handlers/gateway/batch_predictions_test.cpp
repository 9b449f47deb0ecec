// Datagrid's batches: retrieved, cancelled, listed.
#include <catch_amalgamated.hpp>

#include "core/dialects/datagrid/create.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Cancel;
using actors::batch::Indexed;
using actors::batch::Retrieve;
using actors::tenant::IndexBatch;
using actors::tenant::ListBatches;
using dialects::Dialect;
using lifecycle::State;
using ports::Fault;
using ports::Tell;

const Bytes its_id = "bpred_0123456789abcdef0123456789abcdef";
const Bytes path = "/v1/batch-predictions/" + its_id;
const Retrieve retrieve{.tenant = tenant, .dialect = Dialect::datagrid};
const Cancel cancel{.tenant = tenant, .dialect = Dialect::datagrid};

dialects::BatchView a_view(State state = State::in_progress) {
  dialects::datagrid::CreateBatch request;
  request.model = "m1";
  request.completion_window = "24h";
  dialects::BatchView view;
  view.id = its_id;
  view.dialect = Dialect::datagrid;
  view.state = state;
  view.entered_ms[0] = began_at;
  view.entered_ms[static_cast<std::size_t>(state)] = began_at;
  view.request = wire::encode(request);
  view.total = 3;
  return view;
}

void check_not_found(const Answer& answer) {
  CHECK(answer.header("content-type") == "application/problem+json");
  CHECK(answer.text("type").ends_with("/resource_not_found"));
}

TEST_CASE("retrieve_batch: of Datagrid's → its object, with links to the mount it was asked at") {
  for (const View mount : {"/v1", "/datagrid/v1"})
    authorized("GET", Bytes(mount) + "/batch-predictions/" + its_id)
        .expects(Tell{its_id, retrieve})
        .gives(a_view(State::completed))
        .answers(200, [mount](const Answer& answer) {
          CHECK(answer.text("object") == "batch_prediction");
          CHECK(answer.text("id") == its_id);
          CHECK(answer.text("status") == "completed");
          CHECK(answer.text("results_url") ==
                Bytes(mount) + "/batch-predictions/" + its_id + "/results");
        });
}

TEST_CASE("retrieve_batch: an id of the other vendor's, or none → 404 without asking an actor") {
  for (const View id : {"batch_0123456789abcdef0123456789abcdef", "bpred_1", "%2e%2e"})
    authorized("GET", "/v1/batch-predictions/" + Bytes(id)).answers(404, check_not_found);
  authorized("GET", "/v1/batches/" + its_id).answers(404);
}

TEST_CASE("retrieve_batch: no such batch of Datagrid's → 404; no answer → 503") {
  authorized("GET", path)
      .expects(Tell{its_id, retrieve})
      .gives(Problem{.code = ProblemCode::batch_not_found, .param = {}, .detail = its_id})
      .answers(404, check_not_found);
  authorized("GET", path).expects(Tell{its_id, retrieve}).fails(Fault::lost).answers(503);
}

TEST_CASE("retrieve_batch: of Datagrid's, more errors than it carries → all of them are read") {
  auto view = a_view(State::failed);
  view.errors_count = 2;
  view.errors = {{.line = 1,
                  .code = validation::ErrorCode::file_not_found,
                  .param = "file_id",
                  .detail = "f",
                  .custom_id = "a"}};
  view.errors_object = "out/dev/b/1.0.errors";
  validation::Inspection all;
  all.verdict.errors_count = 2;
  all.verdict.errors = {view.errors[0], view.errors[0]};
  all.verdict.errors[1].line = 2;
  all.verdict.errors[1].custom_id = "b";
  authorized("GET", path)
      .expects(Tell{its_id, retrieve})
      .gives(view)
      .expects(ports::GetObject{.key = view.errors_object, .offset = 0, .length = {}})
      .gives(wire::encode(all))
      .may_fail()
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("status") == "failed");
        CHECK(answer.at("error/errors").elements().size() == 2);
        CHECK(answer.text("error/errors/1/custom_id") == "b");
      });
}

TEST_CASE("cancel_batch: of Datagrid's → cancelling, and the index hears of it") {
  const Indexed indexed{.revision = 7, .view = a_view(State::cancelling)};
  authorized("POST", path + "/cancel")
      .expects(Tell{its_id, cancel})
      .gives(indexed)
      .expects(Tell{tenant, IndexBatch{.revision = 7, .view = indexed.view}})
      .gives()
      .may_fail()
      .answers(200, [](const Answer& answer) { CHECK(answer.text("status") == "cancelling"); });
}

TEST_CASE("cancel_batch: of Datagrid's that has ended → 409 that isn't worth retrying") {
  authorized("POST", path + "/cancel")
      .expects(Tell{its_id, cancel})
      .gives(
          Problem{.code = ProblemCode::batch_not_cancellable, .param = {}, .detail = "completed"})
      .answers(409, [](const Answer& answer) {
        CHECK(answer.text("type").ends_with("/conflict"));
        CHECK(answer.header("x-should-retry") == "false");
      });
}

// ---- List

ListBatches list(View status = {}, View after = {}, std::uint32_t limit_count = 20) {
  return {.id_prefix = "bpred_",
          .status = Bytes(status),
          .after = Bytes(after),
          .limit_count = limit_count};
}

TEST_CASE("list_batches: Datagrid's → newest first, with the cursor of the next page") {
  authorized("GET", "/v1/batch-predictions")
      .expects(Tell{tenant, list()})
      .gives({.batches = {a_view()}, .has_more = true})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("object") == "list");
        CHECK(answer.text("data/0/id") == its_id);
        CHECK(answer.text("next_cursor") == its_id);
        CHECK(answer.truth("has_more"));
      });
  authorized("GET", "/v1/batch-predictions")
      .expects(Tell{tenant, list()})
      .gives({.batches = {a_view()}, .has_more = false})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.at("next_cursor").is_null());
        CHECK_FALSE(answer.truth("has_more"));
      });
}

TEST_CASE("list_batches: a status, a cursor, a limit → told to the tenant") {
  for (const View status : {"validating", "in_progress", "finalizing", "completed", "failed",
                            "expired", "cancelling", "cancelled"})
    authorized("GET", "/datagrid/v1/batch-predictions?limit=1&status=" + Bytes(status) +
                          "&after=" + its_id)
        .expects(Tell{tenant, list(status, its_id, 1)})
        .gives()
        .answers(200);
  authorized("GET", "/v1/batch-predictions?limit=100&status=&after=")
      .expects(Tell{tenant, list({}, {}, 100)})
      .gives()
      .answers(200);
}

TEST_CASE("list_batches: no such status, limit or cursor → 422, and the tenant isn't asked") {
  for (const View query :
       {"status=failing", "status=expiring", "status=done", "status=Completed", "limit=0",
        "limit=101", "after=bpred_1", "after=batch_0123456789abcdef0123456789abcdef"}) {
    CAPTURE(query);
    authorized("GET", "/v1/batch-predictions?" + Bytes(query))
        .answers(422, [query](const Answer& answer) {
          CHECK(answer.text("type").ends_with("/validation_failed"));
          CHECK(answer.text("errors/0/pointer") == "/" + Bytes(query.substr(0, query.find('='))));
        });
  }
}

TEST_CASE("list_batches: a status, where OpenAI's are listed → not looked at") {
  authorized("GET", "/v1/batches?status=done")
      .expects(Tell{
          tenant, ListBatches{.id_prefix = "batch_", .status = {}, .after = {}, .limit_count = 20}})
      .gives()
      .answers(200);
}

}  // namespace
}  // namespace edgebatch::script
