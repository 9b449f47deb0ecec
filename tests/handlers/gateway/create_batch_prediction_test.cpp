#include <catch_amalgamated.hpp>

#include "core/dialects/datagrid/batch.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/json/value.hpp"
#include "core/text/ids.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/start_batch.hpp"

#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Indexed;
using actors::batch::Retrieve;
using actors::batch::Start;
using actors::tenant::IndexBatch;
using actors::tenant::ReserveBatch;
using dialects::Dialect;
using ports::Fault;
using ports::PutObject;
using ports::Tell;

const Bytes first_file = "file_" + Bytes(32, '1');
const Bytes second_file = "file_" + Bytes(32, '2');

const Bytes body = R"({"model":"m1","prompt":"Read it.","output_schema":{"type":"object"},)"
                   R"("items":[{"custom_id":"a","file_id":")" +
                   second_file + R"("},{"custom_id":"b","file_id":")" + first_file +
                   R"("},{"custom_id":"c","file_id":")" + second_file + R"("}]})";
const Bytes lines = R"({"custom_id":"a","file_id":")" + second_file + "\"}\n" +
                    R"({"custom_id":"b","file_id":")" + first_file + "\"}\n" +
                    R"({"custom_id":"c","file_id":")" + second_file + "\"}\n";

dialects::datagrid::CreateBatch request_of_body() {
  dialects::datagrid::CreateBatch create;
  create.model = "m1";
  create.completion_window = "24h";
  return create;
}

/// What a good create comes to: everything random is known from the seed.
struct Expected {
  Bytes owner = tenant;  // Who it is made for.
  Bytes id;
  Bytes inline_name;
  Bytes prefix;
  ReserveBatch reserve;
  Start start;

  explicit Expected(Bytes whose = tenant) : owner(std::move(whose)) {
    Drawn drawn;
    (void)drawn.request_id();
    for (int word = 0; word < 2; ++word) (void)drawn.number();  // Against colliding custom_ids.
    for (Bytes& seed : start.result_seeds)
      seed = text::hex(View(drawn.rest().draw()).substr(0, 10));
    id = drawn.sortable_id("bpred_");
    inline_name = text::random_id("inline_", drawn.rest());
    prefix = "in/" + owner + "/" + inline_name + "/";

    reserve.id = id;
    reserve.inline_name = inline_name;
    reserve.files = {first_file, second_file};
    reserve.fingerprint = text::sha256_hex("bpred_" + json::Value::parse(body)->canonical());

    start.tenant = owner;
    start.dialect = Dialect::datagrid;
    start.request = wire::encode(request_of_body());
    start.input = {.file_id = inline_name,
                   .stream = {.prefix = prefix, .bytes = lines.size()},
                   .missing = {},
                   .own = true};
    start.window_ms = 86'400'000;
    start.results_life_ms = 30LL * 86'400'000;
    start.items = 3;
  }

  ReserveBatch::Reply reserved() const { return ReserveBatch::Reserved{.id = id, .input = {}}; }
  dialects::BatchView view() const { return view_of(id); }
  static dialects::BatchView view_of(const Bytes& batch) {
    dialects::BatchView view;
    view.id = batch;
    view.dialect = Dialect::datagrid;
    view.entered_ms[0] = began_at;
    view.expires_at_ms = began_at + 86'400'000;
    view.request = wire::encode(request_of_body());
    view.total = 3;
    return view;
  }

  PutObject put_brief() const {
    return {.key = prefix + "brief",
            .checksum = {},
            .content = wire::encode(dialects::datagrid::Brief{
                .prompt = "Read it.", .output_schema = R"({"type":"object"})"})};
  }
  std::function<bool(const PutObject&)> put_inspection() const {
    return [key = prefix + "inspection"](const PutObject& put) {
      const auto inspection = wire::decode<validation::Inspection>(put.content);
      return put.key == key && inspection && inspection->verdict.valid() &&
             inspection->verdict.items == 3 && inspection->verdict.model == "m1" &&
             inspection->index ==
                 std::vector<validation::IndexEntry>{
                     {.first = 0, .count = 3, .byte_begin = 0, .byte_end = lines.size()}};
    };
  }
  PutObject put_lines() const {
    return {.key = prefix + "part/000000", .checksum = {}, .content = lines};
  }
  void stores_items(Script& script) const {
    script.expects(put_brief()).gives({});
    script.expects_one<PutObject>(put_inspection()).gives({});
    script.expects(put_lines()).gives({});
  }
  /// From the start on.
  Script& starts(Script& script) const {
    script.expects(Tell{id, start}).gives(Indexed{.revision = 1, .view = view()});
    return script.expects(Tell{owner, IndexBatch{.revision = 1, .view = view()}})
        .gives()
        .may_fail();
  }
};

Script creating(View with = body, std::vector<http::Header> headers = {},
                View target = "/v1/batch-predictions", const Config& config = read_config({})) {
  Script script = authorized("POST", target, std::move(headers), config);
  with_body(script, with);
  return script;
}

void check_problem(const Answer& answer, View type) {
  CHECK(answer.header("content-type") == "application/problem+json");
  CHECK(answer.text("type") == "https://api.datagrid.com/errors/" + Bytes(type));
}

// ---- A good one

TEST_CASE("create_batch_prediction: a good body → its items stored, started, indexed, 201") {
  const Expected expected;
  for (const View mount : {"/v1", "/datagrid/v1"}) {
    Script script = creating(body, {}, Bytes(mount) + "/batch-predictions");
    script.expects(Tell{tenant, expected.reserve}).gives(expected.reserved());
    expected.stores_items(script);
    expected.starts(script).answers(201, [&](const Answer& answer) {
      CHECK(answer.header("content-type") == "application/json");
      CHECK(answer.text("object") == "batch_prediction");
      CHECK(answer.text("id") == expected.id);
      CHECK(answer.text("status") == "validating");
      CHECK(answer.text("model") == "m1");
      CHECK(answer.number("request_counts/total") == 3);
      CHECK(answer.number("request_counts/processing") == 3);
      CHECK(answer.at("error").is_null());
      CHECK(answer.at("results_url").is_null());
    });
  }
}

TEST_CASE("create_batch_prediction: for a teamspace → everything of it is the teamspace's") {
  const Expected expected("dev.space-1");
  Script script = creating(body, {{"Datagrid-Teamspace", "space-1"}});
  script.expects(Tell{expected.owner, expected.reserve}).gives(expected.reserved());
  expected.stores_items(script);
  expected.starts(script).answers(201);
}

TEST_CASE("create_batch_prediction: the index doesn't answer → 201 all the same: it has started") {
  const Expected expected;
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve}).gives(expected.reserved());
  expected.stores_items(script);
  script.expects(Tell{expected.id, expected.start})
      .gives(Indexed{.revision = 1, .view = expected.view()})
      .expects(Tell{tenant, IndexBatch{.revision = 1, .view = expected.view()}})
      .fails(Fault::lost)
      .may_fail()
      .answers(201);
}

TEST_CASE("create_batch_prediction: an operator's own window → told to the batch") {
  const Config config = read_config({{"EDGEBATCH_WINDOWS", "30s"}});
  Bytes with = body;
  with.insert(1, R"("completion_window":"30s",)");
  auto request = request_of_body();
  request.completion_window = "30s";
  Expected expected;
  expected.reserve.fingerprint = text::sha256_hex("bpred_" + json::Value::parse(with)->canonical());
  expected.start.request = wire::encode(request);
  expected.start.window_ms = 30'000;
  Script script = creating(with, {}, "/v1/batch-predictions", config);
  script.expects(Tell{tenant, expected.reserve}).gives(expected.reserved());
  expected.stores_items(script);
  expected.starts(script).answers(201);
}

// ---- The same create again

TEST_CASE("create_batch_prediction: a key and the client's count of tries → told to the tenant") {
  struct Case {
    std::vector<http::Header> headers;
    Bytes key;
    bool retry;
  };
  const auto given = GENERATE(values<Case>({
      {{{"Idempotency-Key", "k-1"}}, "k-1", false},
      {{{"idempotency-key", "  k-1\t"}}, "k-1", false},
      {{{"x-stainless-retry-count", "0"}}, {}, false},
      {{{"x-stainless-retry-count", "1"}}, {}, true},
      {{{"X-Stainless-Retry-Count", "2"}, {"idempotency-key", "k-2"}}, "k-2", true},
      {{{"x-stainless-retry-count", "many"}}, {}, false},
      {{{"idempotency-key", ""}}, {}, false},
      {{{"idempotency-key", Bytes(gateway::idempotency_key_bytes_max, 'k')}},
       Bytes(gateway::idempotency_key_bytes_max, 'k'),
       false},
  }));
  Expected expected;
  expected.reserve.key = given.key;
  expected.reserve.retry = given.retry;
  Script script = creating(body, given.headers);
  script.expects(Tell{tenant, expected.reserve}).fails(Fault::lost).answers(503);
}

TEST_CASE("create_batch_prediction: a key that is too long or none → 422, and nobody is asked") {
  for (const Bytes& key : {Bytes(gateway::idempotency_key_bytes_max + 1, 'k'), Bytes("k 1"),
                           Bytes("k\t1"), Bytes("caf\xC3\xA9")})
    creating(body, {{"idempotency-key", key}}).answers(422, [](const Answer& answer) {
      check_problem(answer, "validation_failed");
      CHECK(answer.text("detail").find("Idempotency-Key") != Bytes::npos);
      CHECK(answer.text("errors/0/pointer") == "/Idempotency-Key");
    });
}

TEST_CASE("create_batch_prediction: the same create has led to a batch → that one, as it is now") {
  const Expected expected;
  const Bytes earlier = "bpred_" + Bytes(32, '7');
  const Retrieve retrieve{.tenant = tenant, .dialect = Dialect::datagrid};
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve}).gives(ReserveBatch::Started{.id = earlier});
  SECTION("it is there → 201, as for the first") {
    dialects::BatchView view = Expected::view_of(earlier);
    view.state = lifecycle::State::in_progress;
    script.expects(Tell{earlier, retrieve}).gives(view).answers(201, [&](const Answer& answer) {
      CHECK(answer.text("id") == earlier);
      CHECK(answer.text("status") == "in_progress");
    });
  }
  SECTION("it doesn't answer → 503, and the client may ask again") {
    script.expects(Tell{earlier, retrieve})
        .fails(Fault::lost)
        .answers(503, [](const Answer& answer) { CHECK(answer.header("retry-after") == "1"); });
  }
}

TEST_CASE("create_batch_prediction: the same create isn't heard of yet → its id is started") {
  // Whoever starts it first decides what it is: the same, from either's own copy of the items.
  const Expected expected;
  const Bytes earlier = "bpred_" + Bytes(32, '7');
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve})
      .gives(ReserveBatch::Reserved{.id = earlier, .input = {}});
  expected.stores_items(script);
  const dialects::BatchView view = Expected::view_of(earlier);
  script.expects(Tell{earlier, expected.start})
      .gives(Indexed{.revision = 3, .view = view})
      .expects(Tell{tenant, IndexBatch{.revision = 3, .view = view}})
      .gives()
      .may_fail()
      .answers(201, [&](const Answer& answer) { CHECK(answer.text("id") == earlier); });
}

TEST_CASE("create_batch_prediction: the key is another create's → 409 that isn't worth retrying") {
  Expected expected;
  expected.reserve.key = "k-1";
  creating(body, {{"idempotency-key", "k-1"}})
      .expects(Tell{tenant, expected.reserve})
      .gives(ReserveBatch::Conflict{})
      .answers(409, [](const Answer& answer) {
        check_problem(answer, "conflict");
        CHECK(answer.text("detail").find("'k-1'") != Bytes::npos);
        CHECK(answer.header("x-should-retry") == "false");
      });
}

// ---- What goes wrong

TEST_CASE("create_batch_prediction: one of its objects can't be stored → 503, nothing is started") {
  const Expected expected;
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve}).gives(expected.reserved());
  SECTION("the brief") { script.expects(expected.put_brief()).fails(Fault::lost); }
  SECTION("the inspection") {
    script.expects(expected.put_brief()).gives({});
    script.expects_one<PutObject>(expected.put_inspection()).fails(Fault::lost);
  }
  SECTION("the lines") {
    script.expects(expected.put_brief()).gives({});
    script.expects_one<PutObject>(expected.put_inspection()).gives({});
    script.expects(expected.put_lines()).fails(Fault::lost);
  }
  script.answers(503, [](const Answer& answer) { check_problem(answer, "service_unavailable"); });
}

TEST_CASE(
    "create_batch_prediction: the start's answer is lost → the same start, up to three times") {
  const Expected expected;
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve}).gives(expected.reserved());
  expected.stores_items(script);
  for (int tries = 0; tries < 2; ++tries)
    script.expects(Tell{expected.id, expected.start}).fails(Fault::lost);
  SECTION("the third is answered → 201") { expected.starts(script).answers(201); }
  SECTION("the third is lost too → 503") {
    script.expects(Tell{expected.id, expected.start}).fails(Fault::lost).answers(503);
  }
}

TEST_CASE("create_batch_prediction: the id was abandoned meanwhile → 503") {
  const Expected expected;
  Script script = creating();
  script.expects(Tell{tenant, expected.reserve}).gives(expected.reserved());
  expected.stores_items(script);
  script.expects(Tell{expected.id, expected.start})
      .gives(Problem{.code = ProblemCode::unanswered})
      .answers(503);
}

TEST_CASE("create_batch_prediction: much is wrong → 422 that says all of it, and nobody is asked") {
  creating(R"({"model":7,"items":[{"custom_id":"a","file_id":"f"},{"custom_id":"a"}],)"
           R"("output_schema":{"type":"object"}})")
      .answers(422, [](const Answer& answer) {
        check_problem(answer, "validation_failed");
        const auto errors = answer.at("errors").elements();
        std::vector<Bytes> pointers;
        pointers.reserve(errors.size());
        for (std::size_t i = 0; i < errors.size(); ++i)
          pointers.push_back(answer.text("errors/" + std::to_string(i) + "/pointer"));
        CHECK(std::ranges::find(pointers, "/items/1/file_id") != pointers.end());
        CHECK(std::ranges::find(pointers, "/items/1/custom_id") != pointers.end());
        CHECK(std::ranges::find(pointers, "/model") != pointers.end());
        CHECK(std::ranges::find(pointers, "/prompt") != pointers.end());
        CHECK(pointers.size() == 4);
      });
}

TEST_CASE("create_batch_prediction: a model that isn't for batch predictions → 422") {
  Config config = read_config({});
  config.datagrid_models = {"m2"};
  creating(body, {}, "/v1/batch-predictions", config).answers(422, [](const Answer& answer) {
    CHECK(answer.text("errors/0/pointer") == "/model");
    CHECK(answer.at("errors").elements().size() == 1);
  });
  config.datagrid_models = {"m2", "m1"};
  const Expected expected;
  creating(body, {}, "/v1/batch-predictions", config)
      .expects(Tell{tenant, expected.reserve})
      .fails(Fault::lost)
      .answers(503);
}

TEST_CASE("create_batch_prediction: no JSON object → 422; a body that breaks off → 422") {
  for (const View bad : {"{", "[]", "7", "null"})
    creating(bad).answers(422,
                          [](const Answer& answer) { check_problem(answer, "validation_failed"); });
  authorized("POST", "/v1/batch-predictions")
      .expects(ports::ReadBody{})
      .fails(Fault::absent)
      .answers(422);
  authorized("POST", "/v1/batch-predictions")
      .expects(ports::ReadBody{})
      .fails(Fault::lost)
      .answers(422);
}

TEST_CASE("create_batch_prediction: a body at its limit → read; a byte more → 413 at once") {
  Bytes full = body;
  full.resize(dialects::datagrid::create_bytes_max, ' ');
  const Expected expected;
  creating(full).expects(Tell{tenant, expected.reserve}).fails(Fault::lost).answers(503);

  authorized("POST", "/v1/batch-predictions")
      .expects(ports::ReadBody{})
      .gives(full + ' ')
      .answers(413, [](const Answer& answer) {
        check_problem(answer, "payload_too_large");
        CHECK(answer.text("detail").find("8388608") != Bytes::npos);
      });
}

}  // namespace
}  // namespace edgebatch::script
