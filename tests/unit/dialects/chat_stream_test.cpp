#include "core/dialects/chat_stream.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/ndjson/compact.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::Exact;
using namespace edgebatch::dialects;

using Finished = std::variant<Folded, Unanswered>;

Bytes event(View data) { return "data: " + Bytes(data) + "\n\n"; }
const Bytes done = event("[DONE]");

// A chunk with those choices.
Bytes chunk(View choices) { return event(R"({"id":"c","choices":[)" + Bytes(choices) + "]}"); }
// … with a delta of the first choice.
Bytes delta(View members) { return chunk(R"({"index":0,"delta":{)" + Bytes(members) + "}}"); }
const Bytes stop = chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})");

Finished finished(View stream, std::size_t bytes_max = 10'000) {
  ChatStream chat(bytes_max);
  chat.feed(Exact(stream).view());
  return chat.finish();
}

Bytes folded(View stream) {
  const Finished found = finished(stream);
  REQUIRE(std::holds_alternative<Folded>(found));
  CHECK(std::get<Folded>(found).status == 200);
  return std::get<Folded>(found).body;
}

// The message of the one choice that there is.
Bytes message(View stream) {
  const Bytes body = folded(Bytes(stream) + stop + done);
  const View front = R"({"id":"c","object":"chat.completion","choices":[{"index":0,"message":)";
  const View back = R"(,"finish_reason":"stop"}]})";
  CAPTURE(body);
  REQUIRE(body.starts_with(front));
  REQUIRE(body.ends_with(back));
  return body.substr(front.size(), body.size() - front.size() - back.size());
}

bool is(const Finished& found, Unanswered why) {
  return std::holds_alternative<Unanswered>(found) && std::get<Unanswered>(found) == why;
}

Folded failed(View stream) {
  const Finished found = finished(stream);
  REQUIRE(std::holds_alternative<Folded>(found));
  return std::get<Folded>(found);
}

Bytes numbered(View front, std::size_t number, View back) {
  return Bytes(front) + std::to_string(number) + Bytes(back);
}

Item item(View path, View body) {
  return {.index = 0, .custom_id = "a", .path = Bytes(path), .body = Bytes(body), .model = "m"};
}

}  // namespace

// ---- What is a stream

TEST_CASE("streamable: chat completions that don't speak → yes; anything else → no") {
  CHECK(streamable(item("/chat/completions", R"({"model":"m"})")));
  CHECK(streamable(item("/chat/completions", R"({"audio":null})")));
  CHECK_FALSE(streamable(item("/chat/completions", R"({"audio":{"format":"wav"}})")));
  for (const View path : {"/responses", "/embeddings", "/completions", "/chat/completions/x", ""})
    CHECK_FALSE(streamable(item(path, "{}")));
}

TEST_CASE("event stream or not: by status and content type") {
  CHECK(is_event_stream(200, "text/event-stream"));
  CHECK(is_event_stream(299, " Text/Event-Stream ; charset=utf-8"));
  CHECK_FALSE(is_event_stream(300, "text/event-stream"));
  CHECK_FALSE(is_event_stream(199, "text/event-stream"));
  CHECK_FALSE(is_event_stream(429, "text/event-stream"));
  for (const View type : {"application/json", "", "text/event-stream2", "text/plain"})
    CHECK_FALSE(is_event_stream(200, type));
}

// ---- The whole object

TEST_CASE("chat stream: as the vendor streams → the object without streaming") {
  const auto head = [](View rest) {
    return event(R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1694268190,)"
                 R"("model":"gpt","service_tier":"default","system_fingerprint":"fp_1",)" +
                 Bytes(rest) + R"(,"obfuscation":"xyz"})");
  };
  CHECK(folded(head(R"("choices":[{"index":0,"delta":{"role":"assistant","content":"",)"
                    R"("refusal":null},"logprobs":null,"finish_reason":null}],"usage":null)") +
               head(R"("choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,)"
                    R"("finish_reason":null}],"usage":null)") +
               head(R"("choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,)"
                    R"("finish_reason":null}],"usage":null)") +
               head(R"("choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],)"
                    R"("usage":null)") +
               head(R"("choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1.0e0})") +
               done) ==
        R"({"id":"chatcmpl-1","object":"chat.completion","created":1694268190,"model":"gpt",)"
        R"("choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},)"
        R"("logprobs":null,"finish_reason":"stop"}],"service_tier":"default",)"
        R"("system_fingerprint":"fp_1","usage":{"prompt_tokens":9,"completion_tokens":1.0e0}})");
}

TEST_CASE("chat stream: a chunk's own members → the last that says something") {
  CHECK(folded(event(R"({"id":"","model":"","created":0,"choices":[],"x":[1],"y":null})") +
               event(R"({"id":"b","model":"m","created":7,"choices":[],"x":[2],"z":{"a":1}})") +
               event(R"({"id":"","model":null,"created":0,"choices":[],"z":{"b":2}})") + done) ==
        R"({"id":"b","object":"chat.completion","created":7,"model":"m","choices":[],)"
        R"("x":[2],"y":null,"z":{"b":2}})");
}

TEST_CASE("chat stream: choices come interleaved → each folded by itself, in order") {
  CHECK(folded(chunk(R"({"index":2,"delta":{"content":"c"}},{"index":0,"delta":{"content":"a"}})") +
               chunk(R"({"index":2,"delta":{"content":"C"},"finish_reason":"stop"})") +
               chunk(R"({"index":1,"delta":{"content":"b"},"finish_reason":"length"})") +
               chunk(R"({"delta":{"content":"A"},"finish_reason":"stop","x":1.50})")) ==
        R"({"id":"c","object":"chat.completion","choices":[)"
        R"({"index":0,"message":{"role":"assistant","content":"aA","refusal":null},)"
        R"("finish_reason":"stop","x":1.50},)"
        R"({"index":1,"message":{"role":"assistant","content":"b","refusal":null},)"
        R"("finish_reason":"length"},)"
        R"({"index":2,"message":{"role":"assistant","content":"cC","refusal":null},)"
        R"("finish_reason":"stop"}]})");
}

TEST_CASE("chat stream: a choice's own members → the last that says something") {
  CHECK(folded(chunk(R"({"index":0,"delta":{},"stop_reason":1,"finish_reason":null,"e":{}})") +
               chunk(R"({"index":0,"stop_reason":2,"finish_reason":"stop"})") +
               chunk(R"({"index":0,"stop_reason":null,"finish_reason":null})") + done) ==
        R"({"id":"c","object":"chat.completion","choices":[{"index":0,"message":)"
        R"({"role":"assistant","content":null,"refusal":null},"finish_reason":"stop",)"
        R"("stop_reason":2,"e":{}}]})");
}

// ---- Messages

TEST_CASE("chat stream: strings of a delta → joined, known or not") {
  CHECK(message(delta(R"("role":"assistant","content":"a","reasoning_content":"x")") +
                delta(R"("role":"assistant","reasoning_content":"y","content":null)") +
                delta(R"("content":"\n\"b","odd":"1","refusal":"no")") +
                delta(R"("odd":"2","refusal":", thanks")")) ==
        R"({"role":"assistant","content":"a\n\"b","refusal":"no, thanks",)"
        R"("reasoning_content":"xy","odd":"12"})");
}

TEST_CASE("chat stream: names and the like in a delta → the last one") {
  CHECK(message(delta(R"("role":"tool","id":"1","name":"n","type":"t")") +
                delta(R"("role":"assistant","id":"2","name":"","type":null)")) ==
        R"({"role":"assistant","content":null,"refusal":null,"id":"2","name":"n","type":"t"})");
}

TEST_CASE("chat stream: arrays of a delta → joined; other values → the last") {
  CHECK(message(delta(R"("a":[ ],"b":[1],"c":{"x":1},"d":1,"e":null)") +
                delta(R"("a":[{"t":1}],"b":[ 2.0 , 3 ],"c":{"y":2},"d":0,"e":"s")") +
                delta(R"("a":[{"t":2}],"b":[],"c":null,"d":"text","e":null)")) ==
        R"({"role":"assistant","content":null,"refusal":null,"a":[{"t":1},{"t":2}],)"
        R"("b":[1, 2.0 , 3 ],"c":{"y":2},"d":"text","e":"s"})");
}

TEST_CASE("chat stream: a surrogate pair whose halves came apart → its character") {
  const Bytes apart = message(delta(R"("content":"\ud83d")") + delta(R"("content":"\ude00!")"));
  CHECK(apart == R"({"role":"assistant","content":"\ud83d\ude00!","refusal":null})");
}

TEST_CASE("chat stream: a lone surrogate → U+FFFD in a line, as anywhere") {
  const Bytes lone = message(delta(R"("content":"\ud83d")") + delta(R"("content":"x\ude00")"));
  Bytes line;
  REQUIRE(edgebatch::ndjson::append_compact(line, lone));
  CHECK(line ==
        "{\"role\":\"assistant\",\"content\":\"\xEF\xBF\xBDx\xEF\xBF\xBD\",\"refusal\":null}");
}

TEST_CASE("chat stream: a whole message in the place of a delta → taken; beside one → not") {
  const auto choice = [](View members) { return chunk(R"({"index":0,)" + Bytes(members) + "}"); };
  const Bytes expected = R"({"role":"assistant","content":"ab","refusal":null})";
  CHECK(message(choice(R"("message":{"content":"ab"})")) == expected);
  CHECK(message(choice(R"("message":{"content":"a"},"delta":{"content":"a"})") +
                choice(R"("message":{"content":"ab"},"delta":{"content":"b"})")) == expected);
}

TEST_CASE("chat stream: members with the same name → the last one") {
  CHECK(message(delta(R"("content":"a","content":"b","\u0063ontent":"c")")) ==
        R"({"role":"assistant","content":"c","refusal":null})");
}

// ---- Tools

TEST_CASE("chat stream: tool calls come interleaved → each whole, in order, without indices") {
  const auto call = [](View members) { return delta(R"("tool_calls":[)" + Bytes(members) + "]"); };
  CHECK(
      message(delta(R"("content":null,"tool_calls":null)") +
              call(R"({"index":1,"id":"B","type":"function","function":{"name":"g"}})") +
              call(R"({"index":0,"id":"A","type":"function",)"
                   R"("function":{"name":"f","arguments":""}})") +
              call(R"({"index":0,"function":{"arguments":"{\"x\""}},{"index":3,"type":"custom",)"
                   R"("id":"C","custom":{"name":"h","input":"in"}})") +
              call(R"({"index":0,"id":"","type":null,"function":{"name":"f","arguments":":1}"}})") +
              call(R"({"index":3,"custom":{"input":"put"},"extra":{"a":1}})")) ==
      R"({"role":"assistant","content":null,"refusal":null,"tool_calls":[)"
      R"({"id":"A","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},)"
      R"({"id":"B","type":"function","function":{"name":"g","arguments":""}},)"
      R"({"id":"C","type":"custom","custom":{"name":"h","input":"input"},"extra":{"a":1}}]})");
}

TEST_CASE("chat stream: tool calls without indices → told apart by their ids") {
  const auto call = [](View members) {
    return delta(R"("tool_calls":[{)" + Bytes(members) + "}]");
  };
  CHECK(message(call(R"("id":"A","function":{"name":"f","arguments":"1"})") +
                call(R"("function":{"arguments":"2"})") +
                call(R"("id":"A","function":{"arguments":"3"})") +
                call(R"("id":"B","index":null,"function":{"arguments":"4"})")) ==
        R"({"role":"assistant","content":null,"refusal":null,"tool_calls":[)"
        R"({"id":"A","function":{"name":"f","arguments":"123"}},)"
        R"({"id":"B","function":{"arguments":"4"}}]})");
}

TEST_CASE("chat stream: a function call as it once was → its arguments joined") {
  CHECK(message(delta(R"("function_call":{"name":"f","arguments":""})") +
                delta(R"("function_call":{"arguments":"{"})") + delta(R"("function_call":null)") +
                delta(R"("function_call":{"name":"f","arguments":"}"})")) ==
        R"({"role":"assistant","content":null,"refusal":null,)"
        R"("function_call":{"name":"f","arguments":"{}"}})");
}

// ---- Log probabilities

TEST_CASE("chat stream: log probabilities → joined, their numbers as they came") {
  const auto with = [](View logprobs) {
    return chunk(R"({"index":0,"delta":{},"logprobs":)" + Bytes(logprobs) + "}");
  };
  const Bytes body =
      folded(with("null") + with(R"({"content":[{"token":"a","logprob":-0.10}],"refusal":null})") +
             with(R"({"content":[{"token":"b","logprob":-1e-05}],"refusal":[]})") +
             with(R"({"content":[],"refusal":[{"token":"c","top_logprobs":[{"logprob":0.0}]}]})") +
             with("null") + stop);
  CHECK(body.find(R"("logprobs":{"content":[{"token":"a","logprob":-0.10},)"
                  R"({"token":"b","logprob":-1e-05}],"refusal":[{"token":"c","top_logprobs":)"
                  R"([{"logprob":0.0}]}]},"finish_reason":"stop")") != Bytes::npos);
}

// ---- Ends

TEST_CASE("chat stream: it says that it is over → whole, even without reasons to finish") {
  CHECK(message("").find("content") != Bytes::npos);
  CHECK(folded(delta(R"("content":"a")") + done).find(R"("finish_reason":null)") != Bytes::npos);
  CHECK(folded(delta(R"("content":"a")") + event(" [DONE] ")).ends_with("}]}"));
}

TEST_CASE("chat stream: no last word, but every choice has finished → whole") {
  const Bytes other = chunk(R"({"index":1,"delta":{"content":"b"},"finish_reason":""})");
  CHECK(folded(stop).ends_with("}]}"));
  CHECK(folded(stop + "data: {\"id\":").ends_with("}]}"));
  CHECK(is(finished(stop + other), Unanswered::unreachable));
}

TEST_CASE("chat stream: it breaks off → no answer, and it may be asked for again") {
  CHECK(is(finished(""), Unanswered::unreachable));
  CHECK(is(finished(": keep-alive\n\n: keep-alive\n\n"), Unanswered::unreachable));
  CHECK(is(finished(delta(R"("content":"a")")), Unanswered::unreachable));
  CHECK(is(finished(event(R"({"id":"c","choices":[]})")), Unanswered::unreachable));
  CHECK(is(finished(delta(R"("content":"a")") + "data: [DONE]"), Unanswered::unreachable));
}

TEST_CASE("chat stream: what comes behind the last word → not looked at") {
  ChatStream chat(1'000);
  CHECK_FALSE(chat.over());
  chat.feed(stop);
  CHECK_FALSE(chat.over());
  chat.feed(done + event("{") + delta(R"("content":"late")"));
  CHECK(chat.over());
  chat.feed(event(R"({"error":{"code":500}})"));
  const Finished found = chat.finish();
  REQUIRE(std::holds_alternative<Folded>(found));
  CHECK(std::get<Folded>(found).body.find("late") == Bytes::npos);
}

TEST_CASE("chat stream: something else than chunks → not JSON") {
  for (const View data : {"{", "[]", "7", "oh", "{\"choices\":[}", "\"\xFF\""}) {
    CAPTURE(data);
    CHECK(is(finished(delta("") + event(data) + stop + done), Unanswered::not_json));
  }
  CHECK(is(finished("<html>\n<body>\n\n"), Unanswered::not_json));
  CHECK(is(finished(R"({"id":"c","choices":[]})"
                    "\n\n"),
           Unanswered::not_json));
  CHECK(is(finished(done), Unanswered::not_json));
  CHECK(is(finished(event(R"({"type":"ping"})") + done), Unanswered::not_json));
}

TEST_CASE("chat stream: signs of life in between → not part of it") {
  CHECK(message(event(R"({"type":"ping"})") + "data:\n\n" + "event: ping\ndata: {}\n\n" +
                delta(R"("content":"a")")) ==
        R"({"role":"assistant","content":"a","refusal":null})");
}

// ---- Errors

TEST_CASE("chat stream: an error in the middle → an answer with it, and the status it tells") {
  const auto status = [](View error) {
    const Folded found = failed(delta(R"("content":"a")") + event(error) + stop + done);
    CHECK(found.body.starts_with(R"({"error":)"));
    CHECK(error.find(View(found.body).substr(1)) != View::npos);
    return found.status;
  };
  CHECK(status(R"({"error":{"message":"oh","code":429}})") == 429);
  CHECK(status(R"({"error":{"message":"oh","status":503,"code":"x"}})") == 503);
  CHECK(status(R"({"error":{"message":"oh","type":"invalid_request_error"}})") == 400);
  CHECK(status(R"({"error":{"message":"oh","type":"server_error","code":null}})") == 500);
  CHECK(status(R"({"id":"c","choices":[],"error":{"code":200}})") == 500);
  CHECK(status(R"({"error":{"code":600}})") == 500);
  CHECK(status(R"({"error":"oh"})") == 500);
  CHECK(failed(event(R"({"id":"c","choices":[],"error":{"code":502}})")).body ==
        R"({"error":{"code":502}})");
}

TEST_CASE("chat stream: an event of type error → an error object, whatever it holds") {
  const auto body = [](View data) {
    return failed("event: error\ndata: " + Bytes(data) + "\n\n").body;
  };
  CHECK(body(R"({"error":{"message":"oh"}})") == R"({"error":{"message":"oh"}})");
  CHECK(body(R"({"message":"oh"})") == R"({"error":{"message":"oh"}})");
  CHECK(body("oh \"no\"") == R"({"error":{"message":"oh \"no\""}})");
  CHECK(body("{\"a\":") == R"({"error":{"message":"{\"a\":"}})");
  CHECK(failed("event: error\ndata: {\"code\":502}\n\n").status == 502);
}

TEST_CASE("chat stream: an error that is none → not looked at") {
  CHECK(message(event(R"({"id":"c","choices":[],"error":null})")) ==
        R"({"role":"assistant","content":null,"refusal":null})");
}

TEST_CASE("chat stream: audio, which nobody asked for → not JSON of the kind we fold") {
  CHECK(is(finished(delta(R"("audio":{"data":"AAAA"})") + stop + done), Unanswered::not_json));
  CHECK(message(delta(R"("audio":null)")) ==
        R"({"role":"assistant","content":null,"refusal":null,"audio":null})");
}

// ---- Limits

TEST_CASE("chat stream: content up to the limit → folded; beyond → too large, at once") {
  const auto chat = [](std::size_t bytes) {
    Bytes text;
    for (std::size_t i = 0; i < bytes; ++i) text += delta(R"("content":"x")");
    return text + stop + done;
  };
  CHECK(std::holds_alternative<Folded>(finished(chat(700), 1'000)));
  CHECK(is(finished(chat(1'000), 1'000), Unanswered::too_large));

  ChatStream endless(100'000);
  const Bytes piece = delta(R"("content":")" + Bytes(10'000, 'x') + '"');
  unsigned pieces = 0;
  while (!endless.over()) {
    endless.feed(piece);
    REQUIRE(++pieces < 20);
  }
  CHECK(is(endless.finish(), Unanswered::too_large));
}

TEST_CASE("chat stream: what is replaced → takes no room") {
  Bytes text;
  for (int i = 0; i < 1'000; ++i)
    text += event(R"({"id":"c","choices":[],"usage":{"prompt_tokens":12345}})");
  CHECK(std::holds_alternative<Folded>(finished(text + stop + done, 1'000)));
}

TEST_CASE("chat stream: an event or a line beyond the limit → too large") {
  CHECK(is(finished(event(Bytes(2'000, ' ')), 1'000), Unanswered::too_large));
  CHECK(is(finished(":" + Bytes(2'000, ' '), 1'000), Unanswered::too_large));
}

TEST_CASE("chat stream: indices at their bounds → taken; beyond, or none → not JSON") {
  const auto choice = [](View index) {
    return finished(chunk(R"({"index":)" + Bytes(index) + R"(,"delta":{}})") + done);
  };
  CHECK(std::holds_alternative<Folded>(choice(std::to_string(choices_count_max - 1))));
  for (const View bad : {"128", "-1", "1.0", "\"0\"", "null", "99999999999999999999"}) {
    CAPTURE(bad);
    CHECK(is(choice(bad), Unanswered::not_json));
  }
  const auto call = [](View index) {
    return finished(delta(R"("tool_calls":[{"index":)" + Bytes(index) + "}]") + done);
  };
  CHECK(std::holds_alternative<Folded>(call(std::to_string(tool_calls_count_max - 1))));
  for (const View bad : {"128", "-1", "1.0", "\"0\""}) {
    CAPTURE(bad);
    CHECK(is(call(bad), Unanswered::not_json));
  }
  Bytes calls;
  for (std::size_t i = 0; i <= tool_calls_count_max; ++i)
    calls += numbered(R"({"id":")", i, i < tool_calls_count_max ? "\"}," : "\"}");
  CHECK(is(finished(delta(R"("tool_calls":[)" + calls + "]") + done), Unanswered::not_json));
}

TEST_CASE("chat stream: ever new members → refused, wherever they are") {
  const auto ever_new = [](View front, View back) {
    Bytes text;
    for (std::size_t i = 0; i <= Growing::members_count_max; ++i)
      text += event(R"({"id":"c",)" + numbered(front, i, back) + "}");
    return finished(text + done, 100'000);
  };
  CHECK(is(ever_new(R"("choices":[],"m)", R"(":1)"), Unanswered::not_json));
  CHECK(is(ever_new(R"("choices":[{"index":0,"m)", R"(":1}])"), Unanswered::not_json));
  CHECK(is(ever_new(R"("choices":[{"index":0,"delta":{"m)", R"(":1}}])"), Unanswered::not_json));
  CHECK(is(ever_new(R"("choices":[{"index":0,"logprobs":{"m)", R"(":1}}])"), Unanswered::not_json));
  CHECK(is(ever_new(R"("choices":[{"index":0,"delta":{"function_call":{"m)", R"(":1}}}])"),
           Unanswered::not_json));
  for (const View call :
       {R"({"index":0,"m)", R"({"index":0,"function":{"m)", R"({"index":0,"custom":{"m)"}) {
    const View back = call.ends_with("0,\"m") ? R"(":1}]}}])" : R"(":1}}]}}])";
    CHECK(is(ever_new(R"("choices":[{"index":0,"delta":{"tool_calls":[)" + Bytes(call), back),
             Unanswered::not_json));
  }
}

TEST_CASE("chat stream: values as deep as the core follows → kept; deeper → not JSON") {
  const auto nested = [](std::size_t levels) {
    return finished(delta("\"x\":" + Bytes(levels, '[') + Bytes(levels, ']')) + stop + done);
  };
  CHECK(std::holds_alternative<Folded>(nested(508)));
  CHECK(is(nested(509), Unanswered::not_json));
}

TEST_CASE("chat stream: shapes that no provider sends → no harm") {
  for (const View odd :
       {R"("choices":null)", R"("choices":{})", R"("choices":[],"usage":[])",
        R"("choices":[{"index":0,"delta":null}])", R"("choices":[{"index":0,"delta":[1]}])",
        R"("choices":[{"index":0,"logprobs":[1,2]}])",
        R"("choices":[{"index":0,"delta":{"tool_calls":{}}}])",
        R"("choices":[{"index":0,"delta":{"function_call":[1]}}])",
        R"("choices":[{"index":0,"delta":{"tool_calls":[{"function":"f"}]}}])",
        R"("choices":[{"index":0,"delta":{"content":[1]}}])"}) {
    CAPTURE(odd);
    const Bytes body = folded(event("{" + Bytes(odd) + "}") + delta(R"("content":"a")") + done);
    Bytes line;
    CHECK(edgebatch::ndjson::append_compact(line, body));
  }
  for (const View odd : {R"("choices":[1])", R"("choices":[null])",
                         R"("choices":[{"index":0,"delta":{"tool_calls":[1]}}])"}) {
    CAPTURE(odd);
    CHECK(is(finished(event("{" + Bytes(odd) + "}") + done), Unanswered::not_json));
  }
}
