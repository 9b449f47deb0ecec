#include "tests/protocol/provider.hpp"

#include <cstddef>
#include <cstdint>

#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/runner/exchange.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

constexpr View usage = R"("usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5})";

Bytes quoted(View text) {
  Bytes out;
  json::append_string(out, text);
  return out;
}

/// Two answers of the same item differ by their number.
Bytes head(std::size_t number, View object) {
  return R"({"id":"answer )" + text::decimal(number) + R"(","object":")" + Bytes(object) + R"(",)";
}

Bytes without_usage(std::size_t number, View content) {
  return head(number, "chat.completion") +
         R"("choices":[{"index":0,"message":{"role":"assistant","content":)" + quoted(content) +
         R"(,"refusal":null},"finish_reason":"stop"}]})";
}

Bytes whole_answer(std::size_t number, View content) {
  Bytes answer = without_usage(number, content);
  answer.pop_back();
  return answer + "," + Bytes(usage) + "}";
}

/// The same, as a stream.
Bytes streamed_answer(std::size_t number, View content) {
  const auto chunk = [&](const Bytes& rest) {
    return "data: " + head(number, "chat.completion.chunk") + rest + "}\n\n";
  };
  const auto delta = [&](const Bytes& members) {
    return chunk(R"("choices":[{"index":0,"delta":{)" + members + R"(},"finish_reason":null}])");
  };
  Bytes stream = delta(R"("role":"assistant","content":"")");
  for (const char letter : content) stream += delta(R"("content":)" + quoted(View(&letter, 1)));
  return stream + chunk(R"("choices":[{"index":0,"delta":{},"finish_reason":"stop"}])") +
         chunk(R"("choices":[],)" + Bytes(usage)) + "data: [DONE]\n\n";
}

Bytes seconds(Ms duration) { return text::decimal(static_cast<std::uint64_t>(duration / 1'000)); }

Bytes error(View message) { return R"({"error":{"message":)" + quoted(message) + "}}"; }

}  // namespace

Bytes Provider::upstreams() const {
  return R"([{"url":"http://provider/v1","concurrency":)" + text::decimal(manners_.lanes) +
         R"(,"stream":)" + (manners_.streams ? "true" : "false") + "}]";
}

Reaction Provider::react(std::uint32_t item, View content, Ms now, bool of_use) {
  Reaction reaction = ++asked_ > manners_.refusals_count
                          ? answer(item, content)
                          : Reaction{.status = 401, .body = error("who are you?")};
  const bool slow = item == slow_item && manners_.slow_ms > 0;
  reaction.latency_ms = slow ? manners_.slow_ms : manners_.latency_ms;
  const bool for_good = reaction.status == 400 || (of_use && !answers_[item].empty());
  if (for_good && reaction.latency_ms <= runner::ask_ms_max)
    answered_at_.try_emplace(item, now + reaction.latency_ms);
  return reaction;
}

Reaction Provider::answer(std::uint32_t item, View content) {
  const bool first = tries_[item]++ == 0;
  if (item == poisoned_item && manners_.poison) return {.body = {}, .kills = true};
  if (item == refused_item) return {.status = 400, .body = error("no")};
  if (item == flaky_item && first) return {.status = 500, .body = "oops"};
  if (item == patient_item && first && manners_.retry_after_ms > 0)
    return {.status = 429, .body = error("later"), .retry_after = seconds(manners_.retry_after_ms)};
  if (item == broken_item && first) return break_off(content);
  return answer_well(item, content);
}

Reaction Provider::answer_well(std::uint32_t item, View content) {
  auto& answers = answers_[item];
  const std::size_t number = answers.size();
  answers.push_back(whole_answer(number, content));
  if (!manners_.streams) return {.body = answers.back()};
  // All that it may come to if it breaks off behind its last word.
  answers.push_back(without_usage(number, content));
  return {.body = streamed_answer(number, content), .streams = true};
}

// Where nothing is streamed it looks whole.
Reaction Provider::break_off(View content) const {
  const Bytes whole = whole_answer(0, content);
  if (!manners_.streams) return {.body = whole.substr(0, whole.size() / 2)};
  Bytes stream = streamed_answer(0, content);
  return {.body = stream.substr(0, stream.size() / 2), .streams = true, .breaks_off = true};
}

bool Provider::has_answered(std::uint32_t item, Ms now, Ms ago_ms) const {
  const auto answered = answered_at_.find(item);
  return answered != answered_at_.end() && answered->second + ago_ms <= now;
}

}  // namespace edgebatch::protocol
