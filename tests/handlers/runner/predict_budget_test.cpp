// A run ends in time, and within what its host may be asked for.
#include <catch_amalgamated.hpp>
#include <deque>

#include "handlers/runner/predictor.hpp"
#include "handlers/runner/work.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

// ---- Time

TEST_CASE(
    "predict: the run's time is used up → nothing new; the rest is given back for the next run") {
  Script script =
      reading(upstream_with(1), assigned(input, PredictWork{.stretch = input.all()}), input);
  // Its lane is free only a second before.
  const Ms wait = runner::run_ms_max - 1'000;
  paces(script).gives({.lanes = 0, .batch_lanes = 1, .pause_ms = 0, .again_ms = wait});
  renews_until(script, runner::run_ms_max - runner::renewal_ms);
  script.sleeps(wait);
  paces(script).gives(lanes(1));
  asks(script, 0).gives(says(200, good_body)).takes(999);  // A millisecond is left …
  good_shard(input, 0, 1).is_stored(script);
  asks(script, 1).gives(says(200, good_body)).takes(1);  // … and now none is.
  nobody_is_asked(script);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  good_shard(input, 1, 2, 1).is_stored(script);
  script.expects(give_back()).gives();
  is_over(script);
  ends_exhausted(script);
}

TEST_CASE("predict: items are slow → none is started that the run's time wouldn't suffice for") {
  // An item takes as long as the last ones did, and a stopped run has a minute for it.
  const Ms last = (runner::run_ms_max + runner::stop_ms_max) / 2;
  for (const bool in_time : {true, false}) {
    CAPTURE(in_time);
    Script script = predicting(1);
    renews_until(script, last - runner::renewal_ms);
    asks(script, 0).gives(says(200, good_body)).takes(runner::renewal_ms - (in_time ? 1 : 0));
    good_shard(input, 0, 1).is_stored(script);
    if (in_time) {
      predicts(script, 1);
      finds_no_more(script);
      predicts(script, 2);
      good_shard(input, 1, 3, 1).is_stored(script);
      is_over(script);
      ends_idle(script);
    } else {
      gives_back(script, {{.stretch = input.stretch(1, 3)}});
      is_over(script);
      ends_exhausted(script);
    }
  }
}

TEST_CASE("predict: items are slow, so none is started any more → those in flight may still end") {
  const Ms slow = runner::run_ms_max / 2;
  const Ms last_start = runner::run_ms_max + runner::stop_ms_max - slow;
  Script script = predicting(2);
  finds_no_more(script);
  renews_until(script, slow - runner::renewal_ms);
  asks(script, 0).gives(says(200, good_body)).takes(runner::renewal_ms - 1);
  good_shard(input, 0, 1).is_stored(script);
  // The last item begins in its place, in time.
  renews_until(script, last_start + 2 * runner::renewal_ms - slow);
  for (Ms at = last_start + runner::renewal_ms; at < 2 * slow; at += runner::renewal_ms)
    renews_leaving(script, held);
  predicts(script, 1);
  good_shard(input, 1, 2, 1).is_stored(script);
  predicts(script, 2);
  good_shard(input, 2, 3, 2).is_stored(script);
  is_over(script);
  ends_exhausted(script);
}

// ---- Requests

/// A host whose upstream is always busy, and which counts. Too long for a script.
class BusyHost {
 public:
  explicit BusyHost(const Input& of)
      : of_(of), scene_(run_scene(upstream_with(4))), operation_(scene_.begin()) {}

  void play() {
    for (;;) {
      while (auto frame = operation_->next_frame())
        if (frame->port != ports::Port::done) frames_.push_back(std::move(*frame));
      if (frames_.empty()) return;
      const ports::Frame frame = std::move(frames_.front());
      frames_.pop_front();
      ++(frame.port == ports::Port::timer ? timers : requests);
      const Bytes result = answer(frame);
      operation_->resume(frame.id, now_, Bytes(1, '\0') + result);
    }
  }

  std::uint32_t requests = 0;
  std::uint32_t timers = 0;
  std::uint32_t returned = 0;  // Items that were given back.
  std::optional<EndRun> end;

 private:
  Bytes answer(const ports::Frame& frame) {
    switch (frame.port) {
      case ports::Port::upstream: return encode_result<AskUpstream>(says(503, "{}", "1"));
      case ports::Port::object_get: return of_.bytes();
      case ports::Port::object_put: return encode_result<PutObject>({});
      case ports::Port::timer: now_ += 1; return {};
      default: return reply(frame.payload);
    }
  }
  Bytes reply(View told) {
    if (const auto claimed = decode_effect<Tell<Claim>>(told))
      return encode_result<Tell<Claim>>(claimed->command.has_leases
                                            ? Assignment{}
                                            : assigned(of_, PredictWork{.stretch = of_.all()}));
    if (const auto renewed = decode_effect<Tell<Renew>>(told))
      return encode_result<Tell<Renew>>({});
    if (decode_effect<Tell<Pace>>(told)) return encode_result<Tell<Pace>>(lanes(4));
    if (const auto ended = decode_effect<Tell<EndRun>>(told)) end = ended->command;
    if (const auto given = decode_effect<Tell<GiveBack>>(told))
      for (const Returned& part : given->command.parts) returned += part.stretch.count;
    if (decode_effect<Tell<ReportShard>>(told)) return wire::encode(held);
    return {};
  }

  const Input& of_;
  Scene scene_;
  std::unique_ptr<ports::Operation> operation_;
  std::deque<ports::Frame> frames_;
  Ms now_ = began_at;
};

TEST_CASE(
    "run: its requests are used up → the rest is given back for the next run; timers don't count") {
  const Input many(3'000, [](std::size_t i) { return input_line(std::to_string(i)); });
  BusyHost host(many);
  host.play();
  REQUIRE(host.end);
  CHECK(host.end->again_in_ms == Ms{0});
  CHECK(host.requests >= runner::run_subrequests_max);
  CHECK(host.requests < runner::run_subrequests_max + 100);
  CHECK(host.timers > 1'000);
  CHECK(host.returned > 0);
}

// ---- Memory

TEST_CASE("predict: as many items wait as may → nothing new is started until one is asked again") {
  const std::uint32_t most = runner::waiting_items_max;
  const Input many(most + 3, [](std::size_t i) { return input_line(std::to_string(i)); });
  Script script = predicting(1, many);
  for (std::uint32_t index = 0; index < most; ++index) {
    asks(script, index, many).gives(says(429, "{}", "9"));
    if (index % 2 == 1) paces(script).gives(lanes(1));
  }
  nobody_is_asked(script);
  script.sleeps(9'000);
  predicts(script, 0, many);
  asks(script, most, many).gives(says(429, "{}", "9"));
  paces(script).gives(lanes(1));
  nobody_is_asked(script);

  renews(script, cancelled);
  script
      .expects_one<Tell<GiveBack>>([](const Tell<GiveBack>& told) {
        return told.command.parts.size() == most + 1 &&
               told.command.parts.back().stretch.count == 2;  // Those that never were asked for.
      })
      .gives();
  for (std::uint32_t index = 0; index < most; ++index) script.expects(Sleep{9'000}).is_left();
  good_shard(many, 0, 1).is_stored(script, cancelled);
  is_over(script);
  claims(script, false).gives({});
  script.expects(end_run(std::nullopt)).gives().ends_once();
}

TEST_CASE("predict: lines not yet stored are as large as may be → nothing new is started") {
  const std::size_t around = answered_line(input.item(0), 200, R"({"text":""})").text.size() + 1;
  const auto of_line = [around](std::uint64_t bytes) {
    return R"({"text":")" + Bytes(static_cast<std::size_t>(bytes) - around, 'x') + R"("})";
  };
  const Bytes first = of_line(runner::shard_bytes);
  for (const bool full : {true, false}) {
    CAPTURE(full);
    const Bytes second = of_line(runner::pending_bytes_max - (full ? 0 : 1));
    Script script = predicting(1);
    asks(script, 0).gives(says(200, first));
    asks(script, 1).gives(says(200, second));  // While the first is on its way to be stored.
    if (full) {
      nobody_is_asked(script);
    } else {
      finds_no_more(script);
      predicts(script, 2);
    }
    Shard(input.stretch(0, 1), {answered_line(input.item(0), 200, first)}).is_stored(script);
    const auto line = answered_line(input.item(1), 200, second);
    if (full) {
      Shard(input.stretch(1, 2), {line}, 1).is_stored(script);
      finds_no_more(script);
      predicts(script, 2);
      good_shard(input, 2, 3, 2).is_stored(script);
    } else {
      Shard(input.stretch(1, 3), {line, answered_line(input.item(2))}, 1).is_stored(script);
    }
    is_over(script);
    claims(script, false).gives({});
    script.expects(end_run(std::nullopt)).gives().ends_once();
  }
}

}  // namespace
}  // namespace edgebatch::script
