#include <catch_amalgamated.hpp>

#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using ports::AskUpstream;
using ports::Fault;

Script asking(const Variables& variables) {
  return authorized("GET", "/v1/models", {}, read_config(variables));
}

AskUpstream list_of(View url, View upstream_key = {}) {
  AskUpstream ask{.method = "GET",
                  .url = Bytes(url) + "/models",
                  .headers = {{"accept", "application/json"}},
                  .wanted_headers = {},
                  .answer_bytes_max = 4 * 1024 * 1024,
                  .timeout_ms = 20'000,
                  .body = {}};
  if (!upstream_key.empty())
    ask.headers.emplace_back("authorization", "Bearer " + Bytes(upstream_key));
  return ask;
}

AskUpstream::Answered says(std::uint32_t status, View body) {
  return {.status = status, .headers = {}, .body = Bytes(body)};
}

TEST_CASE("list_models: no upstream is set → the sandbox, without asking anybody") {
  asking({}).answers(200, [](const Answer& answer) {
    CHECK(answer.text("object") == "list");
    CHECK(answer.at("data").elements().size() == 1);
    CHECK(answer.text("data/0/id") == "sandbox");
  });
}

TEST_CASE("list_models: the operator names models → those, without asking anybody") {
  asking(
      {{"UPSTREAMS",
        R"([{"url":"http://a/v1","models":["x","y"]},{"url":"http://b/v1","models":{"z":"zz"}}])"}})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.at("data").elements().size() == 3);
        CHECK(answer.text("data/2/id") == "z");
      });
}

TEST_CASE("list_models: an upstream that serves any model → its own list, with its own key") {
  asking({{"UPSTREAM_URL", "https://up/v1/"}, {"UPSTREAM_KEY", "sk-1"}})
      .expects(list_of("https://up/v1", "sk-1"))
      .gives(says(200, R"({"object":"list","data":[{"id":"m1"},{"id":"m2"}]})"))
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("data/0/id") == "m1");
        CHECK(answer.text("data/1/id") == "m2");
      });
}

TEST_CASE("list_models: the upstream refuses, or answers with something else → 502") {
  for (const auto& answered : {says(401, R"({"data":[]})"), says(200, "<html>"), says(200, "{}")})
    asking({{"UPSTREAM_URL", "http://up/v1"}})
        .expects(list_of("http://up/v1"))
        .gives(answered)
        .answers(502, [](const Answer& answer) { CHECK(answer.header("retry-after") == "1"); });
}

TEST_CASE("list_models: the upstream doesn't answer → 502") {
  for (const Fault fault : {Fault::lost, Fault::late, Fault::too_large})
    asking({{"UPSTREAM_URL", "http://up/v1"}})
        .expects(list_of("http://up/v1"))
        .fails(fault)
        .answers(502);
}

}  // namespace
}  // namespace edgebatch::script
