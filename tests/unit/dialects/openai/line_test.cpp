#include "core/dialects/openai/line.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <variant>

#include "core/dialects/line_format.hpp"
#include "core/http/composed.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::ledger::Counts;
using edgebatch::ledger::Usage;
using namespace edgebatch::dialects;

const LineFormat& format() {
  static const auto lines = openai::line_format();
  return *lines;
}

Item item() { return {7, "my-id", "/chat/completions", "{}", "m"}; }

constexpr std::size_t id_size = sizeof("batch_req_") - 1 + 32;

// A line without its id, which stands first.
Bytes without_id(View line) {
  const View begin = R"({"id":")";
  if (!line.starts_with(begin) || line.size() < begin.size() + id_size + 1) return Bytes(line);
  return Bytes(line.substr(begin.size() + id_size + 1));
}

std::optional<ResultLine> answered(std::uint32_t status, View body) {
  return format().answered("batch_1", item(), {status, "req_9", Bytes(body)});
}

std::optional<Item> read(View line) {
  return format().read(edgebatch::support::Exact(line).view(), 3);
}

Bytes renamed(View body, View model) {
  return openai::with_model(edgebatch::support::Exact(body).view(), model);
}

}  // namespace

TEST_CASE("openai line: two result streams") {
  CHECK(format().streams() == 2);
  CHECK(openai::output_stream == 0);
  CHECK(openai::error_stream == 1);
}

TEST_CASE("openai line: an input line → its item, the body byte for byte") {
  const auto found =
      read(R"( {"custom_id":"é \u2028x" ,"method":"POST","url":"/v1/chat/completions",)"
           R"("body": { "model":"gpt", "messages" : [ ],"t":1.0e0 } } )");
  REQUIRE(found);
  CHECK(found->index == 3);
  CHECK(found->custom_id == "é \xE2\x80\xA8x");
  CHECK(found->path == "/chat/completions");
  CHECK(found->body == R"({ "model":"gpt", "messages" : [ ],"t":1.0e0 })");
  CHECK(found->model == "gpt");
}

TEST_CASE("openai line: a request to an upstream → the body as it is, under the upstream's name") {
  Item asked = item();
  asked.body = R"({"n":1.0,"model":"m"})";
  CHECK(format().body(asked, "m", Delivery::whole) == edgebatch::http::Composed{asked.body});
  CHECK(format().body(asked, "M-1", Delivery::whole) ==
        edgebatch::http::Composed{R"({"n":1.0,"model":"M-1"})"});
}

TEST_CASE("openai line: a request for a streamed answer → says so, whatever the line says") {
  const auto streamed = [](View body, View own_name = "m") {
    Item asked = item();
    asked.body = body;
    return std::get<Bytes>(format().body(asked, own_name, Delivery::streamed).front());
  };
  const Bytes options = R"("stream_options":{"include_usage":true})";
  CHECK(streamed(R"({"model":"m","n":1.0})") ==
        "{" + options + R"(,"stream":true,"model":"m","n":1.0})");
  CHECK(streamed(R"({"model":"m"})", "M-1") == "{" + options + R"(,"stream":true,"model":"M-1"})");
  CHECK(streamed(R"( { "stream" : false, "model":"m" } )") ==
        " {" + options + R"(, "stream" : true, "model":"m" } )");
  CHECK(streamed(R"({"stream_options":{"include_usage":false,"x":[1]},"str\u0065am":null})") ==
        "{" + options + R"(,"str\u0065am":true})");
  CHECK(streamed("{}") == "{" + options + R"(,"stream":true})");
  CHECK(streamed("{ \n}") == "{" + options + ",\"stream\":true \n}");
}

TEST_CASE("openai line: something that isn't a valid request → no item") {
  CHECK_FALSE(read(""));
  CHECK_FALSE(read("{"));
  CHECK_FALSE(read(R"({"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{}})"));
  CHECK_FALSE(read(R"({"custom_id":"a","method":"POST","url":"/v1/nothing",)"
                   R"("body":{"model":"m","input":"x"}})"));
}

TEST_CASE("openai line: a good answer → the output stream, its body compact, its usage counted") {
  const auto line = answered(200, "{ \"usage\": {\"total_tokens\": 5},\n \"n\": 1.50 }");
  REQUIRE(line);
  CHECK(line->stream == openai::output_stream);
  CHECK(without_id(line->text) ==
        R"(,"custom_id":"my-id","response":{"status_code":200,"request_id":"req_9",)"
        R"("body":{"usage":{"total_tokens":5},"n":1.50}},"error":null})");
  CHECK(line->counts == Counts{1, 0, 0, 0});
  CHECK(line->usage == Usage{0, 0, 0, 0, 5});
}

TEST_CASE("openai line: an answer that isn't 2xx → the error stream, top-level error null") {
  const Bytes body = R"({"error":{"message":"too long","type":"x","param":null,"code":"c"},)"
                     R"("usage":{"total_tokens":5}})";
  const auto line = answered(400, body);
  REQUIRE(line);
  CHECK(line->stream == openai::error_stream);
  CHECK(without_id(line->text) ==
        R"(,"custom_id":"my-id","response":{"status_code":400,"request_id":"req_9","body":)" +
            body + R"(},"error":null})");
  CHECK(line->counts == Counts{0, 1, 0, 0});
  CHECK(line->usage == Usage{});
}

TEST_CASE("openai line: statuses around 2xx → only 200 to 299 are successes") {
  const auto stream = [](std::uint32_t status) { return answered(status, "{}")->stream; };
  CHECK(stream(199) == openai::error_stream);
  CHECK(stream(200) == openai::output_stream);
  CHECK(stream(299) == openai::output_stream);
  CHECK(stream(300) == openai::error_stream);
}

TEST_CASE("openai line: a good answer whose body isn't JSON → no line") {
  CHECK_FALSE(answered(200, "<html>"));
  CHECK_FALSE(answered(200, ""));
  CHECK_FALSE(answered(200, R"({"a":1)"));
  CHECK_FALSE(answered(200, "\"\xFF\""));
}

TEST_CASE("openai line: a bad answer whose body isn't JSON → its text, as an error object") {
  CHECK(without_id(answered(502, "<html>\n\"Bad\xFF</html>")->text) ==
        R"(,"custom_id":"my-id","response":{"status_code":502,"request_id":"req_9","body":)"
        R"({"error":{"message":"<html>\n\"Bad)"
        "\xEF\xBF\xBD"
        R"(</html>","type":"upstream_error","param":null,"code":null}}},"error":null})");
  CHECK(answered(503, "")->text.find("status 503 and an empty body") != Bytes::npos);

  const auto shown = [](std::size_t chars) { return answered(500, Bytes(chars, 'x'))->text; };
  CHECK(shown(500).find(Bytes(500, 'x') + '"') != Bytes::npos);
  CHECK(shown(501).find(Bytes(500, 'x') + "…\"") != Bytes::npos);
}

TEST_CASE("openai line: line separators in an answer or a custom_id → never raw in the line") {
  Item odd = item();
  odd.custom_id = "a\xE2\x80\xA8\n\xC2\x85";
  const auto line = format().answered("b", odd, {200, "", "\"\xE2\x80\xA9\\ud800\""});
  REQUIRE(line);
  CHECK(without_id(line->text) ==
        R"(,"custom_id":"a\u2028\n\u0085","response":{"status_code":200,"request_id":"",)"
        "\"body\":\"\\u2029\xEF\xBF\xBD\"},\"error\":null}");
}

TEST_CASE("openai line: items that never ran → the vendor's words, in the error stream") {
  const auto line = [](Unanswered why) { return format().unanswered("batch_1", item(), why, ""); };
  CHECK(without_id(line(Unanswered::expired).text) ==
        R"(,"custom_id":"my-id","response":null,"error":{"code":"batch_expired","message":)"
        R"("This request could not be executed before the completion window expired."}})");
  CHECK(without_id(line(Unanswered::cancelled).text) ==
        R"(,"custom_id":"my-id","response":null,"error":{"code":"batch_cancelled","message":)"
        R"("This request was not executed because the batch was cancelled."}})");
  CHECK(line(Unanswered::expired).counts == Counts{0, 0, 0, 1});
  CHECK(line(Unanswered::cancelled).counts == Counts{0, 0, 1, 0});
  CHECK(line(Unanswered::expired).stream == openai::error_stream);
}

TEST_CASE("openai line: items that ran in vain → each reason its own code, and the detail") {
  std::set<Bytes> texts;
  for (const auto& [why, code] : {std::pair(Unanswered::unreachable, "upstream_unreachable"),
                                  std::pair(Unanswered::not_json, "upstream_invalid_response"),
                                  std::pair(Unanswered::too_large, "upstream_response_too_large"),
                                  std::pair(Unanswered::given_up, "request_given_up"),
                                  std::pair(Unanswered::timed_out, "upstream_timeout")}) {
    const auto line = format().unanswered("batch_1", item(), why, "It hung \"up\".");
    CHECK(line.text.find(R"("response":null,"error":{"code":")" + Bytes(code) + '"') !=
          Bytes::npos);
    CHECK(line.text.ends_with(R"( It hung \"up\"."}})"));
    CHECK(line.counts == Counts{0, 1, 0, 0});
    CHECK(line.stream == openai::error_stream);
    texts.insert(line.text);
  }
  CHECK(texts.size() == 5);
}

TEST_CASE("openai line: written twice → the same bytes; another item or batch → another id") {
  const auto id = [](View batch, std::uint32_t index) {
    Item other = item();
    other.index = index;
    return format().unanswered(batch, other, Unanswered::expired, "").text.substr(7, id_size);
  };
  CHECK(answered(200, "{}")->text == answered(200, "{}")->text);
  CHECK(id("batch_1", 1).starts_with("batch_req_"));
  CHECK(id("batch_1", 1) == id("batch_1", 1));
  CHECK(std::set{id("batch_1", 1), id("batch_1", 11), id("batch_11", 1), id("batch_2", 1)}.size() ==
        4);
}

TEST_CASE("with_model: a body with a model → its value is replaced, all other bytes stay") {
  CHECK(renamed(R"({"model":"a","n":1.0})", "b") == R"({"model":"b","n":1.0})");
  CHECK(renamed(" { \"n\" : 1e2 ,\t\"model\" : \"a\" } ", "long/name:1") ==
        " { \"n\" : 1e2 ,\t\"model\" : \"long/name:1\" } ");
  CHECK(renamed(R"({"mod\u0065l":"a"})", "b") == R"({"mod\u0065l":"b"})");
  CHECK(renamed(R"({"model":7})", "b") == R"({"model":"b"})");
  CHECK(renamed(R"({"model":"a"})", "q\"uote") == R"({"model":"q\"uote"})");
}

TEST_CASE("with_model: only a deeper model, none, or no object → the body itself") {
  for (const View body : {R"({"x":{"model":"a"},"y":["model","a"]})", R"({})", R"(["model","a"])",
                          R"({"model":"a")", "", R"({"models":"a"})"})
    CHECK(renamed(body, "b") == body);
}
