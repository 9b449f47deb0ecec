#include "core/dialects/input_check.hpp"

#include <catch_amalgamated.hpp>
#include <memory>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::LineError;
using edgebatch::validation::Verdict;

std::unique_ptr<InputCheck> check_of(View endpoint, View job_model = "") {
  openai::CreateBatch request;
  request.endpoint = Bytes(endpoint);
  request.job_model = Bytes(job_model);
  return input_check(Dialect::openai, edgebatch::wire::encode(request),
                     [](View model) { return model == "m"; });
}

Verdict good_verdict() {
  Verdict verdict;
  verdict.items = 1;
  verdict.url = "/v1/embeddings";
  verdict.model = "m";
  return verdict;
}

// Without their places.
std::vector<LineError> errors_of(edgebatch::dialects::StreamInspector& inspector) {
  std::vector<LineError> errors;
  for (const LineError& error : inspector.finish().verdict.errors)
    errors.push_back({error.line, error.code, error.param, error.detail});
  return errors;
}

}  // namespace

TEST_CASE("openai input check: a verdict that fits the batch → good") {
  CHECK(check_of("/v1/embeddings")->good(good_verdict()));
}

TEST_CASE("openai input check: each thing that only a batch knows → in doubt") {
  const auto doubted = [](auto change) {
    Verdict verdict = good_verdict();
    change(verdict);
    return !check_of("/v1/embeddings")->good(verdict);
  };
  CHECK(doubted([](Verdict& v) { v.errors_count = 1; }));
  CHECK(doubted([](Verdict& v) { v.one_url = false; }));
  CHECK(doubted([](Verdict& v) { v.url = "/v1/responses"; }));
  CHECK(doubted([](Verdict& v) { v.model = "n"; }));
}

TEST_CASE("openai input check: the job has a model → only that one is beyond doubt") {
  CHECK(check_of("/v1/embeddings", "m")->good(good_verdict()));
  CHECK_FALSE(check_of("/v1/embeddings", "n")->good(good_verdict()));
  // The job's, but nobody serves it.
  Verdict verdict = good_verdict();
  verdict.model = "n";
  CHECK_FALSE(check_of("/v1/embeddings", "n")->good(verdict));
}

TEST_CASE("openai input check: lines for another model than the job's → an error each") {
  const auto again = check_of("/v1/embeddings", "m")->again({1, 2});
  for (const View model : {"n", "m", "gone"})
    again->feed(R"({"custom_id":")" + Bytes(model) +
                R"(","method":"POST","url":"/v1/embeddings","body":{"model":")" + Bytes(model) +
                "\",\"input\":\"x\"}}\n");
  CHECK(errors_of(*again) ==
        std::vector<LineError>{{1, ErrorCode::job_model_mismatch, "body.model", "m"},
                               {3, ErrorCode::job_model_mismatch, "body.model", "m"}});
}

TEST_CASE("openai input check: the job's model is served by nobody → says so, not a mismatch") {
  const auto again = check_of("/v1/embeddings", "n")->again({1, 2});
  again->feed(R"({"custom_id":"a","method":"POST","url":"/v1/embeddings",)");
  again->feed(R"("body":{"model":"n","input":"x"}})");
  CHECK(errors_of(*again) ==
        std::vector<LineError>{{1, ErrorCode::model_not_served, "body.model", "n"}});
}

TEST_CASE("openai input check: the input once more → errors of its lines against the batch") {
  const auto again = check_of("/v1/responses")->again({1, 2});
  again->feed(R"({"custom_id":"a","method":"POST","url":"/v1/embeddings",)");
  again->feed(R"("body":{"model":"m","input":"x"}})");
  CHECK(errors_of(*again) ==
        std::vector<LineError>{{1, ErrorCode::url_mismatch, "url", "/v1/embeddings"}});
}
