// Requests to an upstream that streams: the item's line is the one of the same answer in one piece.
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/runner/exchange.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using ports::CloseAnswer;
using ports::OpenUpstream;
using ports::ReadAnswer;

constexpr std::uint32_t handle = 3;
constexpr View stream_type = "text/event-stream; charset=utf-8";

const Bytes begin =
    "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n";
const Bytes middle =
    "data: "
    "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":"
    "\"stop\"}]}\n\n";
const Bytes last = "data: [DONE]\n\n";
constexpr View whole_answer =
    R"({"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"finish_reason":"stop"}]})";

Config streaming_upstream() {
  return read_config({{"UPSTREAMS", R"([{"url":"http://up/v1","concurrency":1,"stream":true}])"}});
}

/// A run that is about to ask for one item.
Script asking() {
  Script script =
      reading(streaming_upstream(), assigned(one, PredictWork{.stretch = one.all()}), one);
  paces(script).gives(lanes(1));
  return script;
}

Asked<OpenUpstream> opens(Script& script) {
  return script.expects_one<OpenUpstream>([](const OpenUpstream& open) {
    return open.url == "http://up/v1/chat/completions" &&
           open.timeout_ms == static_cast<std::uint64_t>(runner::ask_ms_max) &&
           std::get<Bytes>(open.body.front()).find(R"("stream":true)") != Bytes::npos;
  });
}
OpenUpstream::Opened opened(View content_type, std::uint32_t status = 200,
                            std::optional<Bytes> retry_after = {}) {
  return {.status = status,
          .headers = {"req-7", std::move(retry_after), Bytes(content_type)},
          .handle = handle};
}
Asked<ReadAnswer> reads(Script& script) {
  return script.expects(
      ReadAnswer{.handle = handle,
                 .bytes_min = runner::stream_piece_bytes,
                 .within_ms = static_cast<std::uint64_t>(runner::stream_piece_ms)});
}
Script& closes(Script& script) { return script.expects(CloseAnswer{.handle = handle}).gives(); }

void ends_with(Script& script, const dialects::ResultLine& line) {
  Shard(one.all(), {line}).is_stored(script);
  is_over(script);
  ends_idle(script);
}
dialects::ResultLine whole_line() { return answered_line(one.item(0), 200, whole_answer); }

/// It is asked again half a second later, if not before, and is answered.
void is_asked_again(Script& script) {
  script.expects_one<ports::Sleep>([](const ports::Sleep& sleep) { return sleep.duration <= 500; })
      .gives();
  opens(script).gives(opened(stream_type));
  reads(script).gives(begin + middle + last);
  closes(script);
  ends_with(script, whole_line());
}

TEST_CASE(
    "streamed: pieces that end anywhere → the line of the whole answer, and no more is read") {
  const Bytes all = begin + middle + last;
  for (const std::size_t cut : {std::size_t{1}, begin.size() - 1, begin.size(), all.size() - 3}) {
    CAPTURE(cut);
    Script script = asking();
    finds_no_more(script);
    opens(script).gives(opened(stream_type));
    reads(script).gives(all.substr(0, cut));
    reads(script).gives(all.substr(cut));
    closes(script);
    ends_with(script, whole_line());
  }
}

TEST_CASE("streamed: it ends without a last word, but whole → its line") {
  Script script = asking();
  finds_no_more(script);
  opens(script).gives(opened(stream_type));
  reads(script).gives(begin + middle);
  reads(script).fails(Fault::absent);
  ends_with(script, whole_line());
}

TEST_CASE("streamed: it breaks off in the middle, however → asked again") {
  for (const Fault fault : {Fault::lost, Fault::absent, Fault::late}) {
    CAPTURE(fault);
    Script script = asking();
    finds_no_more(script);
    opens(script).gives(opened(stream_type));
    reads(script).gives(Bytes(begin));
    reads(script).fails(fault);
    is_asked_again(script);
  }
}

TEST_CASE("streamed: no headers come → asked again") {
  for (const Fault fault : {Fault::lost, Fault::late}) {
    CAPTURE(fault);
    Script script = asking();
    finds_no_more(script);
    opens(script).fails(fault);
    is_asked_again(script);
  }
}

TEST_CASE("streamed: events that are no chunks → asked again") {
  Script script = asking();
  finds_no_more(script);
  opens(script).gives(opened(stream_type));
  reads(script).gives("data: <html>\n\n");
  closes(script);
  is_asked_again(script);
}

TEST_CASE("streamed: the upstream doesn't stream → the body as it is, piece by piece") {
  Script script = asking();
  finds_no_more(script);
  opens(script).gives(opened("application/json"));
  reads(script).gives(Bytes(good_body.substr(0, 5)));
  reads(script).gives(Bytes(good_body.substr(5)));
  reads(script).fails(Fault::absent);
  ends_with(script, answered_line(one.item(0)));
}

TEST_CASE("streamed: it doesn't stream, and its body breaks off → asked again") {
  Script script = asking();
  finds_no_more(script);
  opens(script).gives(opened("application/json"));
  reads(script).gives(Bytes(good_body.substr(0, 5)));
  reads(script).fails(Fault::lost);
  is_asked_again(script);
}

TEST_CASE("streamed: turned away → asked again when its Retry-After says, whatever its type") {
  for (const View type : {View("application/json"), stream_type}) {
    CAPTURE(type);
    Script script = asking();
    finds_no_more(script);
    opens(script).gives(opened(type, 429, "60"));
    reads(script).gives("{}");
    reads(script).fails(Fault::absent);
    gives_back(script, {{.stretch = one.all(), .tries = 1, .wait_ms = 60'000}});
    is_over(script);
    ends_idle(script);
  }
}

TEST_CASE("streamed: larger than a line may be, streamed or not → a line that says so, closed") {
  const auto line = unanswered_line(one.item(0), dialects::Unanswered::too_large);
  const Bytes large(runner::answer_bytes_max, 'a');
  for (const View type : {View("application/json"), stream_type}) {
    CAPTURE(type);
    Script script = asking();
    finds_no_more(script);
    opens(script).gives(opened(type));
    reads(script).gives(large);
    reads(script).gives("bc");
    closes(script);
    ends_with(script, line);
  }
}

}  // namespace
}  // namespace edgebatch::script
