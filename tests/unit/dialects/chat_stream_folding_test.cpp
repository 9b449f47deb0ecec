// Whatever an answer is, however it is taken apart, and wherever the network cuts it: folded, it is
// the same again.
#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/chat_stream.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/json_maker.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::dialects::ChatStream;
using edgebatch::dialects::Folded;
using edgebatch::support::Exact;
using edgebatch::support::JsonMaker;

/// An answer, and its chunks.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {
    const std::uint64_t count = 1 + random_.below(3);
    Bytes choices;
    for (std::uint64_t i = 0; i < count; ++i) choices += (i > 0 ? "," : "") + choice(i);
    const Bytes usage = "{\"total_tokens\":" + std::to_string(random_.below(1'000)) + ".50e1}";
    object_ = R"({"usage":)" + usage + R"(,"choices":[)" + choices +
              R"(],"created":1700000000,"object":"chat.completion","id":"c","model":"m"})";
    interleave();
    chunks_.push_back(chunk("", ",\"usage\":" + usage));
  }

  const Bytes& object() const { return object_; }

  Bytes stream() {
    Bytes out = random_.below(2) == 0 ? "\xEF\xBB\xBF" : "";
    for (const Bytes& chunk : chunks_) {
      const View end = one_of<3>({"\n", "\r", "\r\n"});
      if (random_.below(4) == 0) out.append(": alive").append(end);
      out.append(one_of<2>({"data: ", "data:"})).append(chunk).append(end).append(end);
    }
    out += one_of<2>({"data: [DONE]\n\n", ""});
    return out;
  }

  std::vector<Bytes> pieces(View stream) {
    std::vector<Bytes> cut;
    while (!stream.empty()) {
      const auto size =
          static_cast<std::size_t>(1 + random_.below(random_.below(2) == 0 ? 5 : 200));
      cut.emplace_back(stream.substr(0, size));
      stream.remove_prefix(std::min(size, stream.size()));
    }
    return cut;
  }

 private:
  template <std::size_t N>
  View one_of(const std::array<View, N>& all) {
    return all[static_cast<std::size_t>(random_.below(N))];
  }

  static Bytes chunk(View choices, View more) {
    return R"({"id":"c","object":"chat.completion.chunk","created":1700000000,"model":"m",)"
           R"("obfuscation":"zz","choices":[)" +
           Bytes(choices) + "]" + Bytes(more) + "}";
  }

  /// The inside of a literal in parts, of which some are halves of a surrogate pair.
  std::vector<Bytes> text() {
    std::vector<Bytes> parts;
    for (std::uint64_t left = random_.below(8); left > 0; --left) {
      const View part = one_of<8>({"a", "hello ", "\\n", "\\\"", "é", "😀", "\\u2028", "PAIR"});
      if (part != "PAIR") {
        parts.emplace_back(part);
      } else {
        parts.insert(parts.end(), {"\\ud83d", "\\ude00"});
      }
    }
    return parts;
  }

  /// Says what becomes of a string, and streams it part by part, some of them together.
  Bytes streamed(std::uint64_t choice, View front, View back) {
    Bytes whole;
    Bytes part;
    for (const Bytes& unit : text()) {
      part += unit;
      if (random_.below(3) == 0) continue;
      delta(choice, Bytes(front) + "\"" + part + "\"" + Bytes(back));
      whole += std::exchange(part, {});
    }
    delta(choice, Bytes(front) + "\"" + part + "\"" + Bytes(back));
    return "\"" + whole + part + "\"";
  }

  void say(std::uint64_t choice, View members) {
    lanes_[static_cast<std::size_t>(choice)].push_back("{\"index\":" + std::to_string(choice) +
                                                       "," + Bytes(members) + "}");
  }
  void delta(std::uint64_t choice, View members) {
    say(choice, "\"delta\":{" + Bytes(members) + "}");
  }

  Bytes choice(std::uint64_t index) {
    lanes_.emplace_back();
    delta(index, R"("role":"assistant","content":null,"refusal":null)");
    Bytes message = R"({"role":"assistant","refusal":null)";
    message +=
        ",\"content\":" + (random_.below(3) == 0 ? "null" : streamed(index, "\"content\":", ""));
    if (random_.below(2) == 0)
      message += ",\"reasoning_content\":" + streamed(index, "\"reasoning_content\":", "");
    if (random_.below(2) == 0) message += ",\"tool_calls\":[" + tool_calls(index) + "]";
    message += "}";

    Bytes logprobs;
    for (std::uint64_t left = random_.below(4); left > 0; --left) {
      const Bytes token = "{\"logprob\":-" + std::to_string(random_.below(100)) + ".0e-1}";
      say(index, R"("delta":{},"logprobs":{"content":[)" + token + R"(],"refusal":null})");
      logprobs += (logprobs.empty() ? "" : ",") + token;
    }
    const Bytes other = odd();
    say(index, "\"delta\":{},\"finish_reason\":\"stop\",\"other\":" + other);
    return "{\"index\":" + std::to_string(index) +
           ",\"finish_reason\":\"stop\",\"other\":" + other +
           (logprobs.empty() ? ""
                             : ",\"logprobs\":{\"content\":[" + logprobs + "],\"refusal\":null}") +
           ",\"message\":" + message + "}";
  }

  Bytes tool_calls(std::uint64_t choice) {
    Bytes all;
    const std::uint64_t count = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Bytes id = "\"id\":\"call-" + std::to_string(i) + "\",\"type\":\"function\"";
      const Bytes front = "\"tool_calls\":[{\"index\":" + std::to_string(i) + ",";
      delta(choice, front + id + R"(,"function":{"name":"f","arguments":""}}])");
      const Bytes arguments = streamed(choice, front + R"("function":{"arguments":)", "}}]");
      all +=
          (i > 0 ? ",{" : "{") + id + R"(,"function":{"name":"f","arguments":)" + arguments + "}}";
    }
    return all;
  }

  /// Any value, on one line, that can be compared.
  Bytes odd() {
    for (;;) {
      Bytes text = JsonMaker(random_.below(1'000'000)).text();
      std::erase_if(text, [](char byte) { return byte == '\n' || byte == '\r'; });
      if (edgebatch::json::Value::parse(text)) return text;
    }
  }

  /// The choices' chunks, in any order but their own, some in one event.
  void interleave() {
    for (;;) {
      std::erase_if(lanes_, [](const auto& lane) { return lane.empty(); });
      if (lanes_.empty()) return;
      Bytes choices;
      for (auto& lane : lanes_) {
        if (lane.empty() || (random_.below(2) == 0 && lanes_.size() > 1)) continue;
        choices += (choices.empty() ? "" : ",") + lane.front();
        lane.erase(lane.begin());
      }
      chunks_.push_back(chunk(choices, random_.below(2) == 0 ? ",\"usage\":null" : ""));
    }
  }

  JsonMaker random_;
  std::vector<std::vector<Bytes>> lanes_;  // What is said of each choice, in turn.
  std::vector<Bytes> chunks_;
  Bytes object_;
};

Bytes folded(const std::vector<Bytes>& pieces) {
  ChatStream chat(1'000'000);
  for (const Bytes& piece : pieces) chat.feed(Exact(piece).view());
  const auto found = chat.finish();
  REQUIRE(std::holds_alternative<Folded>(found));
  return std::get<Folded>(found).body;
}

Bytes canonical(View json) {
  const auto value = edgebatch::json::Value::parse(json);
  CAPTURE(json);
  REQUIRE(value);
  return value->canonical();
}

}  // namespace

TEST_CASE("chat stream: any answer, streamed in any way → the same answer") {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    CAPTURE(seed);
    Maker maker(seed);
    const Bytes stream = maker.stream();
    CAPTURE(stream);
    CHECK(canonical(folded(maker.pieces(stream))) == canonical(maker.object()));
  }
}

TEST_CASE("chat stream: cut anywhere → the same answer, byte for byte") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Bytes stream = Maker(seed).stream();
    const Bytes whole = folded({stream});
    for (std::size_t at = 0; at <= stream.size(); ++at) {
      CAPTURE(seed, at);
      CHECK(folded({stream.substr(0, at), stream.substr(at)}) == whole);
    }
    std::vector<Bytes> bytes;
    for (const char byte : stream) bytes.emplace_back(1, byte);
    CHECK(folded(bytes) == whole);
  }
}

TEST_CASE("chat stream: broken off anywhere → no answer, or all but its usage") {
  const auto choices = [](View answer) {
    return edgebatch::json::Value::parse(answer)->member("choices")->canonical();
  };
  std::size_t whole_count = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Maker maker(seed);
    const Bytes stream = maker.stream();
    if (maker.object().find("\"index\":1") != Bytes::npos) continue;  // Of several, one may lack.
    for (std::size_t size = 0; size <= stream.size(); ++size) {
      CAPTURE(seed, size);
      ChatStream chat(1'000'000);
      chat.feed(Exact(View(stream).substr(0, size)).view());
      const auto found = chat.finish();
      const auto* const answer = std::get_if<Folded>(&found);
      if (answer == nullptr) continue;
      CHECK(choices(answer->body) == choices(maker.object()));
      ++whole_count;
    }
  }
  CHECK(whole_count > 0);
}
