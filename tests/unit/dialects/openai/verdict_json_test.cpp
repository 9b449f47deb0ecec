#include "core/dialects/openai/verdict_json.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/dialects/openai/input.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects::openai;

Bytes verdict_of(View text) {
  Inspector inspector({1, 2});
  inspector.feed(text);
  return verdict_json(inspector.finish().verdict);
}

}  // namespace

TEST_CASE("verdict: a good input → what is in it") {
  CHECK(verdict_of("\xEF\xBB\xBF"
                   R"({"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m")"
                   R"(,"input":"0123456789"}})"
                   "\n\n") ==
        R"({"object":"batch.input.verdict","valid":true,"bytes":103,"lines":2,"items":1,)"
        R"("urls":[{"url":"/v1/embeddings","items":1}],"models":[{"model":"m","items":1}],)"
        R"("estimated_input_tokens":3,"errors_count":0,"errors":[]})");
}

TEST_CASE("verdict: a bad line → each error with its place, and how to mend it") {
  CHECK(verdict_of("{\"\xC3\xA9\":[1,]}") ==
        R"({"object":"batch.input.verdict","valid":false,"bytes":11,"lines":1,"items":1,)"
        R"("urls":[],"models":[],"estimated_input_tokens":0,"errors_count":1,"errors":[{)"
        R"("code":"invalid_json_line","message":"This line is not parseable as valid JSON.",)"
        R"("hint":"A value has to stand here: an object, an array, a string in double quotes, a )"
        R"(number, true, false or null. There is no NaN, and no comma behind the last element.",)"
        R"("line":1,"column":9,"byte_column":10,"offset":9,"pointer":"/é","first_line":null}]})");
}

TEST_CASE("verdict: an error of the whole input → no place") {
  const Bytes verdict = verdict_of("\n");
  CHECK(verdict.find(R"("code":"empty_file")") != Bytes::npos);
  CHECK(verdict.find(R"("line":null,"column":null,"byte_column":null,"offset":null,"pointer":"",)"
                     R"("first_line":null)") != Bytes::npos);
}

TEST_CASE("verdict: another line is concerned → it is named") {
  const Bytes line =
      R"({"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m",)"
      R"("input":""}})"
      "\n";
  CHECK(verdict_of(line + "{}\n" + line).find(R"("line":3,"column":14,"byte_column":14,)") !=
        Bytes::npos);
  CHECK(verdict_of(line + "{}\n" + line).find(R"("first_line":1)") != Bytes::npos);
}

TEST_CASE("verdict: every kind of error → a code, a message and a hint") {
  using edgebatch::validation::ErrorCode;
  for (const auto code :
       {ErrorCode::invalid_json_line, ErrorCode::blank_line, ErrorCode::too_many_members,
        ErrorCode::streaming_unsupported, ErrorCode::job_model_mismatch}) {
    edgebatch::validation::Verdict verdict;
    verdict.errors_count = 1;
    verdict.errors.push_back({.line = 1, .code = code});
    const auto json = edgebatch::json::Value::parse(verdict_json(verdict));
    REQUIRE(json);
    const Bytes text = verdict_json(verdict);
    CHECK(text.find(R"("hint":"")") == Bytes::npos);
    CHECK(text.find(R"("message":"")") == Bytes::npos);
    CHECK(text.find(R"("code":"")") == Bytes::npos);
  }
}
