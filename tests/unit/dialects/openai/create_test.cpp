#include "core/dialects/openai/create.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::Problem;
using edgebatch::ProblemCode;
using edgebatch::View;
using namespace edgebatch::dialects::openai;

const CreateRules lenient{.windows = {"24h"}};
const CreateRules strict{.windows = {"24h"}, .strict = true};

auto parsed(View body, const CreateRules& rules = lenient) {
  return parse_create(edgebatch::support::Exact(body).view(), rules);
}

// A good body with other members behind the required ones.
Bytes with(View more) {
  return R"({"input_file_id":"file-1","endpoint":"/v1/responses","completion_window":"24h")" +
         Bytes(more) + "}";
}

std::optional<CreateBatch> accepted(View body, const CreateRules& rules = lenient) {
  auto result = parsed(body, rules);
  if (auto* create = std::get_if<CreateBatch>(&result)) return std::move(*create);
  return std::nullopt;
}

// "param: message" of what is wrong.
Bytes refused(View body, const CreateRules& rules = lenient) {
  const auto result = parsed(body, rules);
  const auto* wrong = std::get_if<Problem>(&result);
  if (wrong == nullptr) return "accepted";
  return wrong->param + ": " +
         edgebatch::problem::filled_in(edgebatch::problem::row(wrong->code).message, *wrong);
}

ProblemCode code(View body) {
  const auto result = parsed(body);
  const auto* wrong = std::get_if<Problem>(&result);
  return wrong != nullptr ? wrong->code : ProblemCode::internal;
}

Bytes repeated(View text, std::size_t times) {
  Bytes out;
  for (std::size_t i = 0; i < times; ++i) out.append(text);
  return out;
}

Bytes metadata_of(std::size_t keys) {
  Bytes out = R"(,"metadata":{)";
  for (std::size_t i = 0; i < keys; ++i)
    out += (i > 0 ? "," : "") + ("\"k" + std::to_string(i)) + "\":\"v\"";
  return with(out + "}");
}

}  // namespace

TEST_CASE("create: only what is required → accepted, nothing else is set") {
  const auto create = accepted(with(""));
  REQUIRE(create);
  CHECK(create->input_file_id == "file-1");
  CHECK(create->endpoint == "/v1/responses");
  CHECK(create->completion_window == "24h");
  CHECK(create->metadata.empty());
  CHECK_FALSE(create->output_expires_after_s);
  CHECK(create->job_id.empty());
  CHECK(create->job_model.empty());
}

TEST_CASE("create: everything, with nulls and unknown members → accepted, metadata in its order") {
  const auto create =
      accepted(with(R"(,"metadata":{"z":"1","a":"","é":"x"},"job_id":"j","unknown":null,)"
                    R"("output_expires_after":{"anchor":"created_at","seconds":3600,"more":1})"));
  REQUIRE(create);
  using Metadata = std::vector<std::pair<Bytes, Bytes>>;
  CHECK(create->metadata == Metadata{{"z", "1"}, {"a", ""}, {"é", "x"}});
  CHECK(create->output_expires_after_s == 3600U);
  CHECK(create->job_id == "j");
  CHECK(accepted(with(R"(,"metadata":null,"output_expires_after":null,"job_id":null)")));
  CHECK(accepted(with(R"(,"metadata":{})")));

  const auto again = edgebatch::wire::decode<CreateBatch>(edgebatch::wire::encode(*create));
  REQUIRE(again);
  CHECK(again->metadata == create->metadata);
  CHECK(again->output_expires_after_s == create->output_expires_after_s);
  CHECK(again->job_id == "j");
}

TEST_CASE("create: kept before there were jobs → still read, without one") {
  // Members are added at the end; what is absent there is empty.
  Bytes kept = edgebatch::wire::encode(*accepted(with("")));
  REQUIRE(kept.ends_with(Bytes(2, '\0')));
  kept.resize(kept.size() - 2);
  const auto read = edgebatch::wire::decode<CreateBatch>(kept);
  REQUIRE(read);
  CHECK(read->completion_window == "24h");
  CHECK(read->job_id.empty());
}

TEST_CASE("create: a body that isn't a JSON object → says so") {
  CHECK(code("") == ProblemCode::body_not_json);
  CHECK(code("{") == ProblemCode::body_not_json);
  CHECK(code("{}x") == ProblemCode::body_not_json);
  CHECK(code("\xFF") == ProblemCode::body_not_json);
  CHECK(code("[]") == ProblemCode::body_not_object);
  CHECK(code("null") == ProblemCode::body_not_object);
}

TEST_CASE("create: required parameters missing, null or empty → named, in order") {
  CHECK(refused("{}") == "input_file_id: Missing required parameter: 'input_file_id'.");
  CHECK(refused(R"({"input_file_id":null})") ==
        "input_file_id: Missing required parameter: 'input_file_id'.");
  CHECK(refused(R"({"input_file_id":""})") ==
        "input_file_id: Missing required parameter: 'input_file_id'.");
  CHECK(refused(R"({"input_file_id":"f"})") == "endpoint: Missing required parameter: 'endpoint'.");
  CHECK(refused(R"({"input_file_id":"f","endpoint":"/v1/responses"})") ==
        "completion_window: Missing required parameter: 'completion_window'.");
}

TEST_CASE("create: parameters of other types → says what came") {
  CHECK(refused(R"({"input_file_id":5})") ==
        "input_file_id: Invalid type for 'input_file_id': expected a string, but got an integer "
        "instead.");
  CHECK(refused(R"({"input_file_id":"f","endpoint":["x"]})") ==
        "endpoint: Invalid type for 'endpoint': expected a string, but got an array instead.");
  CHECK(refused(R"({"input_file_id":"f","endpoint":"/v1/responses","completion_window":24})") ==
        "completion_window: Invalid type for 'completion_window': expected a string, but got an "
        "integer instead.");
}

TEST_CASE("create: endpoints → known ones, also without their slash; others are told all of them") {
  for (const View url :
       {"/v1/responses", "/v1/chat/completions", "/v1/embeddings", "/v1/completions",
        "/v1/moderations", "/v1/images/generations", "/v1/images/edits", "/v1/videos"})
    for (const View sent : {url, url.substr(1)}) {
      const auto create = accepted(
          R"({"input_file_id":"f","completion_window":"24h","endpoint":")" + Bytes(sent) + "\"}");
      REQUIRE(create);
      CHECK(create->endpoint == url);
    }
  CHECK(refused(R"({"input_file_id":"f","endpoint":"/v1/nothing"})") ==
        "endpoint: Invalid value: '/v1/nothing'. Supported values are: '/v1/responses', "
        "'/v1/chat/completions', '/v1/embeddings', '/v1/completions', '/v1/moderations', "
        "'/v1/images/generations', '/v1/images/edits', and '/v1/videos'.");
  CHECK(code(R"({"input_file_id":"f","endpoint":"//v1/responses"})") ==
        ProblemCode::parameter_value);
}

TEST_CASE("create: completion windows → only those that are allowed") {
  const Bytes body = R"({"input_file_id":"f","endpoint":"/v1/responses","completion_window":"1h"})";
  CHECK(refused(body) == "completion_window: Invalid value: '1h'. Supported values are: '24h'.");
  const auto longer = accepted(body, {.windows = {"24h", "1h"}});
  REQUIRE(longer);
  CHECK(longer->completion_window == "1h");
}

TEST_CASE("create: job_id at, below and above its limits → kept, or refused") {
  const auto with_job = [](View id) { return with(R"(,"job_id":")" + Bytes(id) + "\""); };
  for (const std::size_t bytes : {std::size_t{1}, job_id_bytes_max - 1, job_id_bytes_max}) {
    const auto create = accepted(with_job(Bytes(bytes, 'j')));
    REQUIRE(create);
    CHECK(create->job_id == Bytes(bytes, 'j'));
  }
  const Bytes wrong = "job_id: Invalid 'job_id': expected a string of 1 to 256 bytes.";
  CHECK(refused(with_job("")) == wrong);
  CHECK(refused(with_job(Bytes(job_id_bytes_max + 1, 'j'))) == wrong);
  CHECK(refused(with_job(repeated("é", job_id_bytes_max / 2 + 1))) == wrong);
  CHECK(refused(with(R"(,"job_id":7)")) ==
        "job_id: Invalid type for 'job_id': expected a string, but got an integer instead.");
}

TEST_CASE("create: strict → a job is required, and its window is unlimited, whatever is allowed") {
  const auto ask = [](View window, View more) {
    return R"({"input_file_id":"f","endpoint":"v1/responses","completion_window":")" +
           Bytes(window) + "\"" + Bytes(more) + "}";
  };
  const auto create = accepted(ask("unlimited", R"(,"job_id":"job-1")"), strict);
  REQUIRE(create);
  CHECK(create->job_id == "job-1");
  CHECK(create->completion_window == "unlimited");
  CHECK(create->endpoint == "/v1/responses");

  CHECK(refused(ask("24h", R"(,"job_id":"job-1")"), strict) ==
        "completion_window: Invalid value: '24h'. Supported values are: 'unlimited'.");
  for (const View none : {"", R"(,"job_id":null)"})
    CHECK(refused(ask("unlimited", none), strict) ==
          "job_id: Missing required parameter: 'job_id'.");
  CHECK(refused(ask("unlimited", R"(,"job_id":"")"), strict) ==
        "job_id: Invalid 'job_id': expected a string of 1 to 256 bytes.");
}

TEST_CASE("create: metadata of other types → says which member") {
  CHECK(refused(with(R"(,"metadata":[])")) ==
        "metadata: Invalid type for 'metadata': expected an object, but got an array instead.");
  CHECK(refused(with(R"(,"metadata":{"tags":["a"]})")) ==
        "metadata.tags: Invalid type for 'metadata.tags': expected a string, but got an array "
        "instead.");
  CHECK(refused(with(R"(,"metadata":{"a":"b","n":null})")) ==
        "metadata.n: Invalid type for 'metadata.n': expected a string, but got null instead.");
}

TEST_CASE("create: metadata at, below and above its limits → counted in code points") {
  CHECK(accepted(metadata_of(metadata_count_max - 1)));
  CHECK(accepted(metadata_of(metadata_count_max)));
  CHECK(refused(metadata_of(metadata_count_max + 1)) ==
        "metadata: Invalid 'metadata': an object of 17 keys, but at most 16 are allowed.");

  const auto with_key = [](std::size_t chars) {
    return with(R"(,"metadata":{")" + repeated("é", chars) + R"(":"v"})");
  };
  CHECK(accepted(with_key(metadata_key_chars_max - 1)));
  CHECK(accepted(with_key(metadata_key_chars_max)));
  CHECK(refused(with_key(metadata_key_chars_max + 1)) ==
        "metadata: Invalid 'metadata': a key of 65 characters, but at most 64 are allowed.");

  const auto with_value = [](std::size_t chars) {
    return with(R"(,"metadata":{"k":")" + repeated("😀", chars) + R"("})");
  };
  CHECK(accepted(with_value(metadata_value_chars_max - 1)));
  CHECK(accepted(with_value(metadata_value_chars_max)));
  CHECK(refused(with_value(metadata_value_chars_max + 1)) ==
        "metadata.k: Invalid 'metadata.k': a string of 513 characters, but at most 512 are "
        "allowed.");
}

TEST_CASE("create: input_file_id at and above its limit → accepted, refused") {
  const auto with_id = [](std::size_t bytes) {
    return R"({"endpoint":"/v1/responses","completion_window":"24h","input_file_id":")" +
           Bytes(bytes, 'f') + "\"}";
  };
  CHECK(accepted(with_id(input_file_id_bytes_max - 1)));
  CHECK(accepted(with_id(input_file_id_bytes_max)));
  CHECK(code(with_id(input_file_id_bytes_max + 1)) == ProblemCode::parameter_value);
}

TEST_CASE("create: output_expires_after → anchor and seconds, within the limits") {
  const auto terms = [](View inside) {
    return with(R"(,"output_expires_after":)" + Bytes(inside));
  };
  const auto seconds = [&](View text) {
    return terms(R"({"anchor":"created_at","seconds":)" + Bytes(text) + "}");
  };
  CHECK(accepted(seconds("3600")));
  CHECK(accepted(seconds("3601")));
  CHECK(accepted(seconds("2591999")));
  CHECK(accepted(seconds("2592000")));
  const Bytes range =
      "output_expires_after.seconds: Invalid value for 'output_expires_after.seconds': expected "
      "an integer from 3600 to 2592000.";
  CHECK(refused(seconds("3599")) == range);
  CHECK(refused(seconds("2592001")) == range);
  CHECK(refused(seconds("-3600")) == range);
  CHECK(refused(seconds("3600.5")) ==
        "output_expires_after.seconds: Invalid type for 'output_expires_after.seconds': expected "
        "an integer, but got a decimal number instead.");
  CHECK(code(seconds("\"3600\"")) == ProblemCode::parameter_type);
  CHECK(refused(terms(R"({"anchor":"created_at"})")) ==
        "output_expires_after.seconds: Missing required parameter: "
        "'output_expires_after.seconds'.");
  CHECK(refused(terms(R"({"seconds":3600})")) ==
        "output_expires_after.anchor: Missing required parameter: "
        "'output_expires_after.anchor'.");
  CHECK(refused(terms(R"({"anchor":"now","seconds":3600})")) ==
        "output_expires_after.anchor: Invalid value: 'now'. Supported values are: 'created_at'.");
  CHECK(code(terms("3600")) == ProblemCode::parameter_type);
}
