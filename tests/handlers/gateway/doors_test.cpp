// What every request meets before its endpoint: routes, keys, the operator's variables.
#include <catch_amalgamated.hpp>

#include "core/text/sha256.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/gateway.hpp"

#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using ports::Fault;
using ports::GetKey;

Config misconfigured() { return read_config({{"CONNECTIONS_MAX", "many"}}); }

TEST_CASE("health: no key is needed → ok") {
  Script(request("GET", "/healthz")).answers(200, [](const Answer& answer) {
    CHECK(answer.header("content-type") == "application/json");
    CHECK(answer.text("status") == "ok");
    CHECK(answer.text("service") == "edgebatch");
  });
}

TEST_CASE("gateway: an answer carries a request id drawn from the seed") {
  Script(request("GET", "/healthz")).answers(200, [](const Answer& answer) {
    CHECK(answer.header("x-request-id") == Drawn().request_id());
  });
}

TEST_CASE("gateway: nothing at an address → 404 that names it") {
  const View target = GENERATE(as<View>(), "/", "", "/v1", "/v2/files", "/files", "/healthz/more",
                               "/v1/files/a/b", "/v1//files", "/openai/files", "/v1/healthz");
  CAPTURE(target);
  Script(request("GET", target)).answers(404, [target](const Answer& answer) {
    CHECK(answer.text("error/type") == "invalid_request_error");
    CHECK(answer.text("error/message") == "Invalid URL (GET " + Bytes(target) + ")");
    CHECK_FALSE(answer.header("x-should-retry"));
  });
}

TEST_CASE("gateway: another method than an address takes → 405 that names those it takes") {
  struct Case {
    View method, target, allowed;
  };
  const auto given = GENERATE(values<Case>({
      {"POST", "/healthz", "GET"},
      {"DELETE", "/v1/models", "GET"},
      {"PUT", "/v1/files", "POST, GET"},
      {"PATCH", "/openai/v1/files/file-1", "GET, DELETE"},
      {"POST", "/v1/files/file-1/content", "GET"},
      {"DELETE", "/v1/batches/batch_1", "GET"},
      {"GET", "/v1/batches/batch_1/cancel", "POST"},
      {"BREW", "/v1/batches", "POST, GET"},
  }));
  CAPTURE(given.method, given.target);
  Script(request(given.method, given.target)).answers(405, [given](const Answer& answer) {
    CHECK(answer.header("allow") == given.allowed);
    CHECK(answer.headers_count("allow") == 1);
    CHECK(answer.text("error/code") == "method_not_supported");
  });
}

TEST_CASE("gateway: no key → 401 before anything is asked") {
  const auto headers = GENERATE(values<std::vector<http::Header>>({
      {},
      {{"authorization", ""}},
      {{"authorization", "Bearer"}},
      {{"authorization", "Bearer "}},
      {{"authorization", "Basic ZWItZGV2"}},
      {{"authorization", "Bearereb-dev"}},
      {{"x-api-key", "eb-dev"}},
  }));
  Script(request("GET", "/v1/files", headers)).answers(401, [](const Answer& answer) {
    CHECK(answer.text("error/code") == "invalid_api_key");
    CHECK(answer.header("www-authenticate") == "Bearer");
  });
}

TEST_CASE("gateway: a key nobody knows → 401") {
  Script script(request("GET", "/v1/files", {{"Authorization", "bearer   guessed "}}));
  script.expects(GetKey{.key = "key/" + text::sha256_hex("guessed")}).fails(Fault::absent);
  script.answers(
      401, [](const Answer& answer) { CHECK(answer.text("error/code") == "invalid_api_key"); });
}

TEST_CASE("gateway: the key store doesn't answer → 503, and the client may ask again") {
  Script script(request("GET", "/v1/files", {{"authorization", "Bearer eb-dev"}}));
  script.expects(GetKey{.key = "key/" + text::sha256_hex("eb-dev")}).fails(Fault::lost);
  script.answers(503, [](const Answer& answer) {
    CHECK(answer.header("retry-after") == "1");
    CHECK_FALSE(answer.header("x-should-retry"));
  });
}

TEST_CASE("gateway: variables that can't be read → 500 that says what is wrong, for health too") {
  const View target = GENERATE(as<View>(), "/healthz", "/v1/models", "/v1/batches");
  CAPTURE(target);
  Scene scene = request("GET", target, {{"authorization", "Bearer eb-dev"}});
  scene.config = misconfigured();
  Script(scene).answers(500, [](const Answer& answer) {
    CHECK(answer.text("error/type") == "server_error");
    CHECK(answer.text("error/message").find("CONNECTIONS_MAX") != Bytes::npos);
    CHECK(answer.header("x-should-retry") == "false");
  });
}

TEST_CASE("gateway: variables that can't be read → an unknown address is still 404") {
  Scene scene = request("GET", "/nothing");
  scene.config = misconfigured();
  Script(scene).answers(404);
}

TEST_CASE("gateway: bytes that are no request → 404, not a crash") {
  Script({.config = read_config({}), .input = "\xFF\xFF\xFF", .is_task = false}).answers(404);
}

TEST_CASE(
    "gateway: an upload, inline items → an instance of their own; all else → the shared one") {
  const auto own = [](View method, View target) {
    return gateway::wants_own_instance(
        {.method = Bytes(method), .target = Bytes(target), .headers = {}});
  };
  CHECK(own("POST", "/v1/files"));
  CHECK(own("POST", "/openai/v1/files/?a=b"));
  CHECK(own("POST", "/datagrid/v1/files"));
  CHECK(own("POST", "/v1/batch-predictions"));
  CHECK_FALSE(own("GET", "/v1/files"));
  CHECK_FALSE(own("POST", "/v1/batches"));
  CHECK_FALSE(own("POST", "/v1/nothing"));
  CHECK_FALSE(own("PUT", "/v1/files"));
}

// ---- Whose it is

actors::tenant::ListBatches list_of(View prefix) {
  return {.id_prefix = Bytes(prefix), .status = {}, .after = {}, .limit_count = 20};
}

TEST_CASE("gateway: a teamspace, where Datagrid is spoken → a tenant of its own") {
  const Bytes longest(64, 'z');
  struct Case {
    View given;
    Bytes owner;
  };
  for (const Case& space : std::initializer_list<Case>{{"space-1", "dev.space-1"},
                                                       {"  A_b-9\t", "dev.A_b-9"},
                                                       {longest, "dev." + longest},
                                                       {"", "dev"},
                                                       {"  ", "dev"}}) {
    CAPTURE(space.given);
    authorized("GET", "/v1/batch-predictions", {{"Datagrid-Teamspace", Bytes(space.given)}})
        .expects(ports::Tell{space.owner, list_of("bpred_")})
        .gives()
        .answers(200);
  }
}

TEST_CASE("gateway: a teamspace that is none → 422, and no tenant is asked") {
  for (const Bytes& space : {Bytes("a.b"), Bytes("a/b"), Bytes("a b"), Bytes("caf\xC3\xA9"),
                             Bytes(65, 'z'), Bytes("..")}) {
    CAPTURE(space);
    authorized("GET", "/v1/batch-predictions", {{"datagrid-teamspace", space}})
        .answers(422, [](const Answer& answer) {
          CHECK(answer.header("content-type") == "application/problem+json");
          CHECK(answer.text("detail").find("Datagrid-Teamspace") != Bytes::npos);
        });
  }
}

TEST_CASE("gateway: a teamspace, where another dialect is spoken → the tenant itself") {
  for (const View target : {"/openai/v1/batches", "/v1/batches", "/impala/v1/batches"})
    authorized("GET", target, {{"datagrid-teamspace", "space-1"}})
        .expects(ports::Tell{tenant, list_of("batch_")})
        .gives()
        .answers(200);
}

}  // namespace
}  // namespace edgebatch::script
