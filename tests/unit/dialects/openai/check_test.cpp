#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/dialects/openai/input.hpp"
#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"
#include "core/validation/verdict.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::LineError;
using namespace edgebatch::dialects::openai;
using enum ErrorCode;

std::vector<LineError> all_of(View line, const Expected& expected = {}) {
  std::vector<LineError> errors;
  check(edgebatch::validation::scan_line(edgebatch::support::Exact(line).view()), expected, errors);
  return errors;
}

// The first error, but for its place.
std::optional<LineError> checked(View line, const Expected& expected = {}) {
  const auto errors = all_of(line, expected);
  if (errors.empty()) return std::nullopt;
  const LineError& first = errors.front();
  return LineError{first.line, first.code, first.param, first.detail};
}

Bytes places(const std::vector<LineError>& errors) {
  Bytes text;
  for (const LineError& error : errors) {
    text += error.pointer + "@" + std::to_string(error.byte_column) + "," +
            std::to_string(error.column) + "," + std::to_string(error.offset) + " ";
  }
  return text;
}

struct Request {
  Bytes custom_id = R"("a")";
  Bytes method = R"("POST")";
  Bytes url = R"("/v1/chat/completions")";
  Bytes body = R"({"model":"m","messages":[]})";

  Bytes text() const {
    return R"({"custom_id":)" + custom_id + R"(,"method":)" + method + R"(,"url":)" + url +
           R"(,"body":)" + body + "}";
  }
};

std::optional<LineError> with_id(View custom_id) {
  return checked(Request{.custom_id = Bytes(custom_id)}.text());
}
std::optional<LineError> with_method(View method) {
  return checked(Request{.method = Bytes(method)}.text());
}
std::optional<LineError> with_url(View url) { return checked(Request{.url = Bytes(url)}.text()); }
std::optional<LineError> with_body(View body) {
  return checked(Request{.body = Bytes(body)}.text());
}

LineError error(ErrorCode code, View param, View detail = "") {
  return {1, code, Bytes(param), Bytes(detail)};
}

}  // namespace

TEST_CASE("check: a request as it should be → nothing is wrong") {
  CHECK_FALSE(checked(Request{}.text()));
  CHECK_FALSE(checked(R"({"body":{"messages":[],"stream":false,"model":"m"},"x":1,)"
                      R"("url":"/v1/chat/completions","method":"POST","custom_id":"é"})"));
}

TEST_CASE("check: lines that aren't requests at all → their fault and where it is") {
  using edgebatch::json::Wanted;
  const auto wanted = [](Wanted what) { return std::to_string(static_cast<int>(what)); };
  CHECK(checked("") == error(invalid_json_line, "", wanted(Wanted::value)));
  CHECK(checked(R"({"a":tru})") == error(invalid_json_line, "", wanted(Wanted::literal)));
  CHECK(checked("\"\xFF\"") == error(not_utf8, ""));
  CHECK(checked("[]") == error(wrong_type, "", "expected an object"));
  CHECK(checked(R"({"url":"a","url":"a"})") == error(repeated_member, "", "/url"));
  CHECK(checked(Bytes(600, '[') + Bytes(600, ']'))->code == line_too_deep);
}

TEST_CASE("check: members missing or null → each named, in their order") {
  CHECK(checked("{}") == error(missing_member, "custom_id"));
  CHECK(checked(R"({"custom_id":"a"})") == error(missing_member, "method"));
  CHECK(checked(R"({"custom_id":"a","method":"POST"})") == error(missing_member, "url"));
  CHECK(checked(R"({"custom_id":"a","method":"POST","url":"/v1/responses"})") ==
        error(missing_member, "body"));
  CHECK(with_id("null") == error(missing_member, "custom_id"));
  CHECK(with_method("null") == error(missing_member, "method"));
  CHECK(with_url("null") == error(missing_member, "url"));
  CHECK(with_body("null") == error(missing_member, "body"));
}

TEST_CASE("check: members of other types → what came") {
  CHECK(with_id("7") ==
        error(wrong_type, "custom_id", "expected a string, but got a number instead"));
  CHECK(with_method("true") ==
        error(wrong_type, "method", "expected a string, but got a boolean instead"));
  CHECK(with_url("{}") == error(wrong_type, "url", "expected a string, but got an object instead"));
  CHECK(with_body("[]") ==
        error(wrong_type, "body", "expected an object, but got an array instead"));
  CHECK(with_body("\"{}\"") ==
        error(wrong_type, "body", "expected an object, but got a string instead"));
}

TEST_CASE("check: custom_id empty, at, below and above its limit") {
  const auto of = [](std::size_t bytes) { return with_id('"' + Bytes(bytes, 'x') + '"'); };
  CHECK(of(0) == error(missing_member, "custom_id"));
  CHECK_FALSE(of(1));
  CHECK_FALSE(of(custom_id_bytes_max - 1));
  CHECK_FALSE(of(custom_id_bytes_max));
  CHECK(of(custom_id_bytes_max + 1) == error(custom_id_too_long, "custom_id"));
  CHECK(of(5'000) == error(custom_id_too_long, "custom_id"));
}

TEST_CASE("check: methods → only POST") {
  CHECK(with_method("\"GET\"") == error(method_not_post, "method", "GET"));
  CHECK(with_method("\"post\"") == error(method_not_post, "method", "post"));
  CHECK(with_method("\"POST" + Bytes(2'000, 'T') + '"')->code == method_not_post);
}

TEST_CASE("check: urls → known endpoints, and the batch's where one is expected") {
  CHECK(with_url("\"/v1/nothing\"") == error(url_unsupported, "url", "/v1/nothing"));
  CHECK(with_url("\"v1/chat/completions\"")->code == url_unsupported);
  CHECK(with_url("\"/v1/chat/completions/\"")->code == url_unsupported);

  const Expected expected{.endpoint = "/v1/chat/completions", .serves = {}};
  CHECK_FALSE(checked(Request{}.text(), expected));
  const Request other{.url = R"("/v1/embeddings")", .body = R"({"model":"m","input":"x"})"};
  CHECK_FALSE(checked(other.text()));
  CHECK(checked(other.text(), expected) == error(url_mismatch, "url", "/v1/embeddings"));
  CHECK(checked(Request{.url = R"("/v1/nothing")"}.text(), expected)->code == url_mismatch);
}

TEST_CASE("check: models → required, and served where that is asked") {
  CHECK(with_body(R"({"messages":[]})") == error(model_missing, "body.model"));
  CHECK(with_body(R"({"messages":[],"model":null})") == error(model_missing, "body.model"));
  CHECK(with_body(R"({"messages":[],"model":""})") == error(model_missing, "body.model"));
  CHECK(with_body(R"({"messages":[],"model":["m"]})") ==
        error(wrong_type, "body.model", "expected a string, but got an array instead"));
  CHECK(with_body(R"({"messages":[],"model":")" + Bytes(2'000, 'm') + "\"}")->code ==
        model_not_served);

  const Expected expected{.endpoint = "", .serves = [](View model) { return model == "m"; }};
  CHECK_FALSE(checked(Request{}.text(), expected));
  CHECK(checked(Request{.body = R"({"model":"n","messages":[]})"}.text(), expected) ==
        error(model_not_served, "body.model", "n"));
}

TEST_CASE("check: models of a job → its own, before anybody asks whether it is served") {
  const auto of = [](View model, const Expected& expected) {
    return checked(Request{.body = R"({"messages":[],"model":")" + Bytes(model) + "\"}"}.text(),
                   expected);
  };
  const Expected expected{
      .endpoint = "", .job_model = "m", .serves = [](View model) { return model != "x"; }};
  CHECK_FALSE(of("m", expected));
  CHECK(of("n", expected) == error(job_model_mismatch, "body.model", "m"));
  CHECK(of("x", expected) == error(job_model_mismatch, "body.model", "m"));
  CHECK(of("", expected) == error(model_missing, "body.model"));
  CHECK(of(Bytes(2'000, 'm'), expected)->code == job_model_mismatch);
}

TEST_CASE("check: each endpoint's input → required, in the kinds it takes") {
  const auto of = [](View url, View member) {
    return checked(
        Request{.url = '"' + Bytes(url) + '"', .body = R"({"model":"m")" + Bytes(member) + "}"}
            .text());
  };
  CHECK(of("/v1/chat/completions", "") == error(input_missing, "body.messages", "messages"));
  CHECK(of("/v1/chat/completions", R"(,"messages":null)")->code == input_missing);
  CHECK(of("/v1/chat/completions", R"(,"messages":"hi")") ==
        error(wrong_type, "body.messages", "expected an array, but got a string instead"));
  CHECK(of("/v1/chat/completions", R"(,"input":"hi")")->code == input_missing);
  for (const View url : {"/v1/responses", "/v1/embeddings", "/v1/moderations"}) {
    CHECK(of(url, "") == error(input_missing, "body.input", "input"));
    CHECK_FALSE(of(url, R"(,"input":"hi")"));
    CHECK_FALSE(of(url, R"(,"input":["hi"])"));
    CHECK(of(url, R"(,"input":7)") == error(wrong_type, "body.input",
                                            "expected a string or an array, but got a number "
                                            "instead"));
  }
  CHECK_FALSE(of("/v1/responses", R"(,"prompt":{"id":"pmpt_1"})"));  // A stored prompt.
  CHECK(of("/v1/embeddings", R"(,"prompt":"hi")")->code == input_missing);
  CHECK(of("/v1/completions", "") == error(input_missing, "body.prompt", "prompt"));
  CHECK_FALSE(of("/v1/completions", R"(,"prompt":[1,2])"));
  for (const View url : {"/v1/images/generations", "/v1/images/edits", "/v1/videos"}) {
    CHECK(of(url, "")->code == input_missing);
    CHECK_FALSE(of(url, R"(,"prompt":"a cat")"));
    CHECK(of(url, R"(,"prompt":["a cat"])")->code == wrong_type);
  }
}

TEST_CASE("check: streaming → refused, in the endpoint's name; anything but true passes") {
  CHECK(with_body(R"({"model":"m","messages":[],"stream":true})") ==
        error(streaming_unsupported, "body.stream", "Chat Completions"));
  CHECK_FALSE(with_body(R"({"model":"m","messages":[],"stream":null})"));
  CHECK_FALSE(with_body(R"({"model":"m","messages":[{"stream":true}]})"));
}

TEST_CASE("check: several things wrong → all of them, in order, each where it is") {
  const auto params = [](const std::vector<LineError>& errors) {
    Bytes text;
    for (const LineError& error : errors) text += error.param + " ";
    return text;
  };
  CHECK(params(all_of(Request{.custom_id = "1", .method = "2", .url = "3", .body = "4"}.text())) ==
        "custom_id method url body ");
  CHECK(params(all_of(Request{.method = "\"GET\"", .body = R"({"stream":true})"}.text())) ==
        "method body.model body.messages body.stream ");
  // Which input it would have to have isn't known.
  CHECK(params(all_of(Request{.url = "\"/v1/x\"", .body = R"({"stream":true})"}.text())) ==
        "url body.model ");
  CHECK(params(all_of(R"({"custom_id":"","custom_id":"b"})")) == " custom_id method url body ");
}

TEST_CASE("check: places → of the value, or of the object that misses it; bytes and code points") {
  CHECK(places(all_of(" {}")) == "/custom_id@2,2,1 /method@2,2,1 /url@2,2,1 /body@2,2,1 ");
  CHECK(places(all_of(R"({"custom_id":"é€😀","method":null,"url":7,"body":{"x":"é"}})")) ==
        "/method@35,29,34 /url@46,40,45 /body/model@55,49,54 ");
  CHECK(places(all_of(R"({"custom_id":"é","method":"POST","url":"/v1/embeddings","body":)"
                      R"({"model":"é","input":1,"stream":true}})")) ==
        "/body/input@87,85,86 /body/stream@98,96,97 ");
  CHECK(places(all_of(R"({"body":{"é":1,"é":2}})")) ==
        "/body/é@17,16,16 /custom_id@1,1,0 /method@1,1,0 /url@1,1,0 /body/model@9,9,8 ");
  CHECK(places(all_of(R"({"body":{"messages":[{"é":tru}]}})")) == "/body/messages@31,30,30 ");
  CHECK(places(all_of(R"({"a~b/":[}})")) == "/a~0b~1@10,10,9 ");
  CHECK(places(all_of(R"({"body":{"model")")) == "/body/model@17,17,16 ");
}

TEST_CASE("check: other members at their limit → taken; above → too many") {
  const auto with_others = [](std::size_t count) {
    Bytes body = R"({"model":"m","messages":[])";
    for (std::size_t i = 0; i < count; ++i) body += ",\"x" + std::to_string(i) + "\":{}";
    return with_body(body + "}");
  };
  using edgebatch::validation::other_members_count_max;
  CHECK_FALSE(with_others(other_members_count_max - 1));
  CHECK_FALSE(with_others(other_members_count_max));
  CHECK(with_others(other_members_count_max + 1) == error(too_many_members, ""));
}

TEST_CASE("check: names at the limit of what is compared, below and above → repeated, or passed") {
  using edgebatch::validation::name_bytes_max;
  const auto twice = [](std::size_t size) {
    const Bytes name(size, 'n');
    return with_body(R"({"model":"m","messages":[],")" + name + "\":1,\"" + name + "\":2}");
  };
  CHECK(twice(name_bytes_max - 1)->code == repeated_member);
  CHECK(twice(name_bytes_max)->code == repeated_member);
  CHECK_FALSE(twice(name_bytes_max + 1));
}

TEST_CASE("check: very long values → excerpts in the error") {
  CHECK(with_url("\"/" + Bytes(900, 'x') + '"')->detail.size() < 120);
  CHECK(with_method('"' + Bytes(900, 'x') + '"')->detail.size() < 120);
}
