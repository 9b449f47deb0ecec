// Impala's profile of the OpenAI dialect: strict below /impala/v1, lenient elsewhere.
#include <catch_amalgamated.hpp>
#include <functional>
#include <optional>

#include "core/dialects/openai/create.hpp"
#include "core/text/sha256.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/config.hpp"

#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::batch::Indexed;
using actors::batch::Start;
using actors::tenant::FindFile;
using actors::tenant::IndexBatch;
using actors::tenant::ReserveBatch;
using dialects::openai::CreateBatch;
using ports::Fault;
using ports::Tell;

constexpr View strict = "/impala/v1/batches";
const Bytes job = R"(,"job_id":"job-1")";

Config jobs(View json) { return read_config({{"JOBS", Bytes(json)}}); }

Bytes body_with(View window, View more = "") {
  return R"({"input_file_id":")" + file_id +
         R"(","endpoint":"/v1/chat/completions","completion_window":")" + Bytes(window) + "\"" +
         Bytes(more) + "}";
}

Script creating(View target, View body, const Config& config = read_config({})) {
  Script script = authorized("POST", target, {}, config);
  with_body(script, body);
  return script;
}

CreateBatch create_of(const Start& start) {
  return wire::decode<CreateBatch>(start.request).value_or(CreateBatch{});
}

Indexed started(const Tell<Start>& asked) {
  Indexed indexed{.revision = 1, .view = a_batch(asked.to)};
  indexed.view.request = asked.command.request;
  indexed.view.expires_at_ms.reset();
  if (asked.command.window_ms) indexed.view.expires_at_ms = began_at + *asked.command.window_ms;
  return indexed;
}

/// What follows on a create that is taken, with the start that it comes to.
Script& starts(Script& script, std::function<bool(const Start&)> fits) {
  return script
      .expects_one<Tell<ReserveBatch>>([](const auto& asked) { return asked.to == tenant; })
      .gives_to([](const Tell<ReserveBatch>& asked) {
        return ReserveBatch::Reserved{.id = asked.command.id, .input = a_file_row()};
      })
      .expects_one<Tell<Start>>(
          [fits = std::move(fits)](const auto& asked) { return fits(asked.command); })
      .gives_to(started)
      .expects_one<Tell<IndexBatch>>([](const auto& asked) { return asked.to == tenant; })
      .gives()
      .may_fail();
}

// ---- Creating

TEST_CASE("impala: strict, no job → 422 in OpenAI's form and in FastAPI's, and nobody is asked") {
  const View none = GENERATE(as<View>(), "", R"(,"job_id":null)");
  creating(strict, body_with("unlimited", none)).answers(422, [](const Answer& answer) {
    const Bytes words = "Missing required parameter: 'job_id'.";
    CHECK(answer.text("error/message") == words);
    CHECK(answer.text("error/type") == "invalid_request_error");
    CHECK(answer.text("error/param") == "job_id");
    CHECK(answer.text("error/code") == "missing_required_parameter");
    CHECK(answer.at("detail").elements().size() == 1);
    CHECK(answer.at("detail/0/loc").canonical() == R"(["body","job_id"])");
    CHECK(answer.text("detail/0/msg") == words);
    CHECK(answer.text("detail/0/type") == "missing_required_parameter");
  });
}

TEST_CASE("impala: strict, another window → 422, although others take it") {
  const View window = GENERATE(as<View>(), "24h", "1h", "Unlimited");
  creating(strict, body_with(window, job), read_config({{"EDGEBATCH_WINDOWS", "1h"}}))
      .answers(422, [](const Answer& answer) {
        CHECK(answer.text("error/param") == "completion_window");
        CHECK(answer.at("detail/0/loc").canonical() == R"(["body","completion_window"])");
        CHECK(answer.text("detail/0/msg").find("'unlimited'") != Bytes::npos);
      });
}

TEST_CASE("impala: strict, a good create → started without an end, its job shown") {
  Script script = creating(strict, body_with("unlimited", job));
  starts(script, [](const Start& start) {
    const CreateBatch create = create_of(start);
    return start.tenant == tenant && !start.window_ms && start.concurrency == 0 &&
           create.job_id == "job-1" && create.job_model.empty();
  }).answers(200, [](const Answer& answer) {
    CHECK(answer.text("object") == "batch");
    CHECK(answer.text("job_id") == "job-1");
    CHECK(answer.text("completion_window") == "unlimited");
    CHECK(answer.at("expires_at").is_null());
    CHECK(answer.text("status") == "validating");
  });
}

TEST_CASE("impala: lenient, unlimited and a job → taken where 24h is") {
  const View target = GENERATE(as<View>(), "/v1/batches", "/openai/v1/batches");
  Script script = creating(target, body_with("unlimited", job));
  starts(script, [](const Start& start) {
    return !start.window_ms;
  }).answers(200, [](const Answer& answer) {
    CHECK(answer.text("job_id") == "job-1");
    CHECK(answer.at("expires_at").is_null());
  });
}

TEST_CASE("impala: lenient, as OpenAI's clients ask → no job, and that is shown") {
  Script script = creating("/v1/batches", body_with("24h"), jobs(R"({"job-1":{"window":"1h"}})"));
  starts(script, [](const Start& start) {
    return start.window_ms == text::day_ms && create_of(start).job_id.empty();
  }).answers(200, [](const Answer& answer) {
    CHECK(answer.at("job_id").is_null());
    CHECK(answer.number("expires_at") == (began_at + text::day_ms) / 1'000);
  });
}

TEST_CASE("impala: lenient, a job's id of another type → 400 in OpenAI's form alone") {
  creating("/v1/batches", body_with("24h", R"(,"job_id":7)"))
      .answers(400, [](const Answer& answer) {
        CHECK(answer.text("error/param") == "job_id");
        CHECK(answer.at("").members().size() == 1);
      });
}

// ---- Jobs

TEST_CASE("impala: JOBS doesn't have this job → 404 that names it, and nobody is asked") {
  const View target = GENERATE(as<View>(), strict, "/v1/batches", "/openai/v1/batches");
  creating(target, body_with("unlimited", job), jobs(R"({"job-2":{}})"))
      .answers(404, [](const Answer& answer) {
        CHECK(answer.text("error/message") == "No job found with id 'job-1'.");
        CHECK(answer.text("error/param") == "job_id");
        CHECK(answer.text("error/code") == "job_not_found");
        CHECK(answer.at("").members().size() == 1);
      });
}

TEST_CASE("impala: the job has a model, a window and a concurrency → the batch is started so") {
  const View target = GENERATE(as<View>(), strict, "/v1/batches");
  Script script =
      creating(target, body_with("unlimited", job),
               jobs(R"({"job-0":{},"job-1":{"model":"m","window":"2h","concurrency":8}})"));
  starts(script, [](const Start& start) {
    return start.window_ms == 2 * text::hour_ms && start.concurrency == 8 &&
           create_of(start).job_model == "m";
  }).answers(200, [](const Answer& answer) {
    CHECK(answer.text("completion_window") == "unlimited");
    CHECK(answer.number("expires_at") == (began_at + 2 * text::hour_ms) / 1'000);
    CHECK(answer.at("model").is_null());
  });
}

TEST_CASE("impala: the job is unlimited → no end, whichever window is asked for") {
  Script script =
      creating("/v1/batches", body_with("24h", job), jobs(R"({"job-1":{"window":"unlimited"}})"));
  starts(script, [](const Start& start) {
    return !start.window_ms;
  }).answers(200, [](const Answer& answer) {
    CHECK(answer.text("completion_window") == "24h");
    CHECK(answer.at("expires_at").is_null());
  });
}

TEST_CASE("impala: the job leaves its window open → the one that is asked for") {
  Script script =
      creating("/v1/batches", body_with("24h", job), jobs(R"({"job-1":{"model":"m"}})"));
  starts(script, [](const Start& start) {
    return start.window_ms == text::day_ms && start.concurrency == 0;
  }).answers(200);
}

// ---- Keys

Scene without_key(View target, std::vector<http::Header> headers = {}) {
  Scene scene = request("GET", target, std::move(headers));
  scene.config = read_config({{"ANONYMOUS_TENANT", "guests"}});
  return scene;
}

const Bytes a_file_path = "/files/" + file_id;

TEST_CASE("impala: no key, and there is an anonymous tenant → its files") {
  Script(without_key("/impala/v1" + a_file_path))
      .expects(Tell{"guests", FindFile{.id = file_id}})
      .gives(a_file_row())
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id") == file_id);
        CHECK(answer.at("expires_at").is_null());
        CHECK(answer.text("status") == "processed");
      });
}

TEST_CASE("impala: no key, and no anonymous tenant or another mount → 401") {
  SECTION("no anonymous tenant") {
    Script(request("GET", "/impala/v1" + a_file_path)).answers(401);
  }
  SECTION("OpenAI's mounts") {
    const View mount = GENERATE(as<View>(), "/v1", "/openai/v1");
    Script(without_key(Bytes(mount) + a_file_path)).answers(401);
  }
}

TEST_CASE("impala: no key, from a page in a browser → 401: pages mustn't spend for their visitor") {
  Script(without_key("/impala/v1" + a_file_path, {{"origin", "https://page.example"}}))
      .answers(401);
}

TEST_CASE("impala: a key is given → it has to be a good one, anonymous tenant or not") {
  const Bytes target = "/impala/v1" + a_file_path;
  SECTION("a good one → its own tenant") {
    Script(without_key(target, {{"authorization", "Bearer eb-dev"}}))
        .expects(ports::GetKey{.key = "key/" + text::sha256_hex("eb-dev")})
        .gives(tenant)
        .expects(Tell{tenant, FindFile{.id = file_id}})
        .gives(a_file_row())
        .answers(200);
  }
  SECTION("an unknown one → 401") {
    Script(without_key(target, {{"authorization", "Bearer guessed"}}))
        .expects(ports::GetKey{.key = "key/" + text::sha256_hex("guessed")})
        .fails(Fault::absent)
        .answers(401, [](const Answer& answer) {
          CHECK(answer.text("error/code") == "invalid_api_key");
        });
  }
  SECTION("one that can't be read → 401") {
    Script(without_key(target, {{"authorization", "Basic Z3Vlc3Q="}})).answers(401);
  }
}

}  // namespace
}  // namespace edgebatch::script
