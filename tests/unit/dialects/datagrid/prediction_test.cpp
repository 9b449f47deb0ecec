#include "core/dialects/datagrid/prediction.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <variant>

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects::datagrid;

// The output, or why there is none behind a `!`.
Bytes read(View body) {
  const auto prediction = read_prediction(edgebatch::support::Exact(body).view());
  if (!prediction) return "not JSON";
  if (const auto* output = std::get_if<Output>(&*prediction)) return output->json;
  return "!" + std::get_if<NoOutput>(&*prediction)->why;
}

Bytes quoted(View text) {
  Bytes out;
  edgebatch::json::append_string(out, text);
  return out;
}

// An answer whose only choice is this.
Bytes choice(View members) {
  return R"({"id":"x","choices":[{"index":0,)" + Bytes(members) + R"(}],"usage":{}})";
}
Bytes with_content(View content) {
  return choice(R"("message":{"role":"assistant","content":)" + Bytes(content) + "}");
}
Bytes saying(View text) { return with_content(quoted(text)); }

Bytes message_of(View body) { return error_message(edgebatch::support::Exact(body).view()); }

}  // namespace

TEST_CASE("prediction: one JSON object → compact, its values byte for byte") {
  CHECK(read(saying(R"({"k":"v"})")) == R"({"k":"v"})");
  CHECK(read(saying(" \n\t{ \"n\" : 1.50e0,\r\n \"a\": [ 1 , {} ] }\n ")) ==
        R"({"n":1.50e0,"a":[1,{}]})");
  CHECK(read(saying("{}")) == "{}");
  CHECK(read(with_content(R"("{\"k\":\"\u00e9 \\u2028 \\ud800\"}")")) ==
        "{\"k\":\"é \\u2028 \xEF\xBF\xBD\"}");
  CHECK(read(saying("{\"k\":\"\xE2\x80\xA8\"}")) == R"({"k":"\u2028"})");
}

TEST_CASE("prediction: content in parts → their texts, one behind another") {
  CHECK(read(with_content(R"([{"type":"text","text":"{\"a\""},{"type":"refusal","refusal":"x"},)"
                          R"({"type":"text","text":":1}"}])")) == R"({"a":1})");
  CHECK(read(with_content("[]")) == "!The model's answer is empty.");
  CHECK(read(with_content(R"([7,"{}",{"text":8}])")) == "!The model's answer is empty.");
}

TEST_CASE("prediction: several choices → the first") {
  CHECK(
      read(R"({"choices":[ {"message":{"content":"{\"a\":1}"}} ,{"message":{"content":"x"}}]})") ==
      R"({"a":1})");
}

TEST_CASE("prediction: an answer that isn't JSON → none at all") {
  for (const View body : {"", "<html>", R"({"choices":[)", R"({"choices":[]}x)", "\"\xFF\"",
                          R"({"choices":[{"message":{"content":"{}"}}])"})
    CHECK(read(body) == "not JSON");
}

TEST_CASE("prediction: cut off anywhere → never a prediction, and nothing read beyond") {
  const Bytes body = saying(R"({"k":"é"})");
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK(read(View(body).substr(0, size)) == "not JSON");
}

TEST_CASE("prediction: JSON without a choice → says so") {
  for (const View body : {"{}", "[]", "7", R"({"choices":[]})", R"({"choices":{}})",
                          R"({"choices":null})", R"({"Choices":[{}]})"})
    CHECK(read(body) == "!The provider's answer has no choices.");
}

TEST_CASE("prediction: a choice without content → empty") {
  for (const View members :
       {R"("x":1)", R"("message":null)", R"("message":{})", R"("message":{"content":null})",
        R"("message":{"content":7})", R"("message":{"content":{"k":"v"}})",
        R"("message":{"content":""})", R"("message":{"content":" \n"})"})
    CHECK(read(choice(members)) == "!The model's answer is empty.");
  CHECK(read(R"({"choices":[7]})") == "!The model's answer is empty.");
}

TEST_CASE("prediction: another text than one object → says what it is, and how it begins") {
  CHECK(read(saying("[1]")) == "!The model's answer is JSON, but an array instead of an object.");
  CHECK(read(saying(" \"{}\" ")) ==
        "!The model's answer is JSON, but a string instead of an object.");
  CHECK(read(saying("-1")) == "!The model's answer is JSON, but a number instead of an object.");
  CHECK(read(saying("true")) == "!The model's answer is JSON, but a boolean instead of an object.");
  CHECK(read(saying("null")) == "!The model's answer is JSON, but null instead of an object.");
  CHECK(read(saying("{} {}")) ==
        "!The model's answer is not one JSON object: there are several in it. It begins: '{} {}'.");
  CHECK(read(saying("so [{}]")) ==
        "!The model's answer is not one JSON object: it is in an array. It begins: 'so [{}]'.");
  CHECK(read(saying(Bytes(101, 'x'))) ==
        "!The model's answer is not one JSON object: there is none in it. It begins: '" +
            Bytes(100, 'x') + "…'.");
}

TEST_CASE("prediction: an object in a fence, or between words → taken out, compact") {
  CHECK(read(saying("```json\n{ \"a\": 1 }\n```")) == R"({"a":1})");
  CHECK(read(saying("Sure! {\"a\" : \"\xE2\x80\xA8\"} – done.")) == R"({"a":"\u2028"})");
}

TEST_CASE("prediction: what the model wrote is wrong → mendable, with what it said; else not") {
  const auto none = [](View body) {
    const auto prediction = read_prediction(body);
    REQUIRE(prediction);
    return std::get<NoOutput>(*prediction);
  };
  for (const View text : {"prose", "[1]", "{} {}", R"({"a":)"}) {
    CHECK(none(saying(text)).mendable);
    CHECK(none(saying(text)).said == text);
  }
  CHECK(none(saying("")).mendable);
  CHECK_FALSE(none(R"({"choices":[]})").mendable);
  CHECK_FALSE(none(choice(R"("finish_reason":"length","message":{"content":"{"})")).mendable);
  CHECK_FALSE(none(choice(R"("message":{"refusal":"no","content":"x"})")).mendable);
}

TEST_CASE("prediction: why the model stopped → said instead, unless there is an object") {
  const auto stopped = [](View reason, View text) {
    return read(choice(R"("finish_reason":")" + Bytes(reason) + R"(","message":{"content":)" +
                       quoted(text) + "}"));
  };
  CHECK(stopped("length", R"({"k":"v)") == "!The answer was cut off at the model's output limit.");
  CHECK(stopped("content_filter", "") == "!The provider's content filter stopped the answer.");
  CHECK(stopped("stop", R"({"k":"v)") ==
        R"(!The model's answer is not one JSON object: what begins as one is no JSON. It begins: )"
        R"('{"k":"v'.)");
  CHECK(stopped("length", "{}") == "{}");
  // An example's, perhaps.
  CHECK(stopped("length", "So {\"k\":1} it is:\n```json\n{") ==
        "!The answer was cut off at the model's output limit.");
}

TEST_CASE("prediction: a refusal → the model's own words, bounded") {
  const auto refusing = [](View refusal, View content) {
    return read(choice(R"("finish_reason":"length","message":{"refusal":)" + Bytes(refusal) +
                       R"(,"content":)" + Bytes(content) + "}"));
  };
  CHECK(refusing("\"I can't.\"", "null") == "!The model refused: 'I can't.'.");
  CHECK(refusing(quoted(Bytes(501, 'n')), "null") ==
        "!The model refused: '" + Bytes(500, 'n') + "…'.");
  CHECK(refusing("\"I can't.\"", "\"{}\"") == "{}");
  CHECK(refusing("\"\"", "\"\"") == "!The answer was cut off at the model's output limit.");
  CHECK(refusing("null", "\"\"") == "!The answer was cut off at the model's output limit.");
}

TEST_CASE("prediction: an object nested too deeply → none") {
  const auto nested = [](std::size_t levels) {
    Bytes text = "1";
    for (std::size_t level = 0; level < levels; ++level) text = R"({"a":)" + text + "}";
    return read(saying(text));
  };
  CHECK(nested(512).starts_with(R"({"a":)"));
  CHECK(nested(513).starts_with("!The model's answer is not one JSON object: what begins"));
}

TEST_CASE("error_message: the forms in use → their message") {
  CHECK(message_of(R"({"error":{"message":"too long","code":7}})") == "too long");
  CHECK(message_of(R"({"error":"no such model","message":"other"})") == "no such model");
  CHECK(message_of(R"({"message":"slow \u00e9"})") == "slow é");
  CHECK(message_of(R"({"detail":"gone"})") == "gone");
}

TEST_CASE("error_message: anything else → an excerpt of it") {
  CHECK(message_of("").empty());
  CHECK(message_of("<html>\xFF") == "<html>\xEF\xBF\xBD");
  CHECK(message_of(R"({"error":{"message":""}})") == R"({"error":{"message":""}})");
  CHECK(message_of(R"({"detail":[{"msg":"x"}]})") == R"({"detail":[{"msg":"x"}]})");
  CHECK(message_of(Bytes(500, 'x')) == Bytes(500, 'x'));
  CHECK(message_of(Bytes(501, 'x')) == Bytes(500, 'x') + "…");
  CHECK(message_of(R"({"error":{"message":)" + quoted(Bytes(501, 'y')) + "}}") ==
        Bytes(500, 'y') + "…");
}
