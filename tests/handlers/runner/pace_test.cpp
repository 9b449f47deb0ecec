// How many requests a run has side by side: what its pacer allows, within its own bounds.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <numeric>
#include <vector>

#include "handlers/runner/allowance.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

const Input eight(8);

Script reading_all(const Config& config, const Input& of = input) {
  return reading(config, assigned(of, PredictWork{.stretch = of.all()}), of);
}
/// The lease is lost and the run ends, with these in flight.
void breaks_off(Script& script, const Input& of, const std::vector<std::uint32_t>& in_flight) {
  renews(script, not_held);
  for (const std::uint32_t index : in_flight) asks(script, index, of).is_left();
  is_over_with_its_lease(script);
  ends_disturbed(script);
}

TEST_CASE("pace: a run reads its first span → its pacer is asked meanwhile, for what it wants") {
  Script script = run_with(upstream_with(2), assigned(input, PredictWork{.stretch = input.all()}));
  script
      .expects(Tell<Pace>{pacer_name, Pace{.tenant = tenant,
                                           .batch = batch_id,
                                           .runner = runner_number,
                                           .capacity = 2,
                                           .batch_wanted = 2,
                                           .wanted = 2,
                                           .asked_at = began_at}})
      .gives(lanes(2));
  nobody_is_asked(script);
  script.expects(read(input.all())).gives(input.bytes());
  finds_no_more(script);
  for (const std::uint32_t index : {0U, 1U, 2U}) predicts(script, index);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("pace: no lanes for now → nothing starts until it is asked again") {
  Script script = reading_all(upstream_with(1));
  paces(script).gives(lanes(0));
  nobody_is_asked(script);
  script.sleeps(pace_again_ms);
  paces(script).gives(lanes(1));
  predicts(script, 0);
  predicts(script, 1);
  finds_no_more(script);
  predicts(script, 2);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("pace: the upstream is to be left alone → nothing starts for so long, then asked again") {
  Script script = reading_all(upstream_with(1));
  Pace::Paced paused = lanes(1);
  paused.pause_ms = 3'000;
  paces(script).gives(paused);
  nobody_is_asked(script);
  script.sleeps(3'000);
  nobody_is_asked(script);
  paces(script).gives(lanes(1));
  predicts(script, 0);
  predicts(script, 1);
  finds_no_more(script);
  predicts(script, 2);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("pace: the pacer doesn't answer → one lane, and it is asked again soon") {
  Script script = reading_all(upstream_with(3));
  paces(script).fails(Fault::lost);
  only_asked(script, {0}).nobody_asks<Tell<Pace>>();
  predicts(script, 0);
  finds_no_more(script);
  only_asked(script, {1});
  script.sleeps(runner::unpaced_ms);
  paces(script).gives(lanes(3));
  predicts(script, 2);
  predicts(script, 1);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("pace: the pacer doesn't answer later on → the run keeps what it had") {
  Script script = predicting(3, eight);
  predicts(script, 0, eight);
  script.sleeps(pace_again_ms);
  paces(script).fails(Fault::lost);
  predicts(script, 1, eight);
  only_asked(script, {2, 3, 4}, eight);
  script.sleeps(runner::unpaced_ms);
  paces(script).gives(lanes(3));
  breaks_off(script, eight, {2, 3, 4});
}

TEST_CASE("pace: the run's share grows → more requests side by side") {
  Script script = reading_all(upstream_with(3), eight);
  paces(script).gives(lanes(1));
  predicts(script, 0, eight);
  script.sleeps(pace_again_ms);
  paces(script, [](const Pace& told) {
    return told.in_flight == 1 && told.answered == 1;
  }).gives(lanes(3));
  breaks_off(script, eight, {1, 2, 3});
}

TEST_CASE("pace: the run's share shrinks → what is in flight goes on, nothing new beside it") {
  Script script = predicting(3, eight);
  script.sleeps(pace_again_ms);
  paces(script).gives(lanes(1));
  predicts(script, 0, eight);
  predicts(script, 1, eight);
  predicts(script, 2, eight);
  breaks_off(script, eight, {3});
}

TEST_CASE(
    "pace: throttled → half the lanes at once; the pacer hears at once, but not all the time") {
  const auto is_busy = says(429, "{}", "9");
  Script script = predicting(4, eight);
  // A question was asked a moment ago, so it has to wait.
  asks(script, 0, eight).gives(is_busy).takes(runner::pace_pause_ms_min - 1);
  script.nobody_asks<Tell<Pace>>();
  asks(script, 1, eight).gives(is_busy).takes(1);
  only_asked(script, {2, 3}, eight);
  predicts(script, 2, eight);
  only_asked(script, {3, 4}, eight);
  paces(script, [](const Pace& told) {
    return told.throttled == 2 && told.broken == 0 && told.in_flight == 2 &&
           told.retry_after_ms == 9'000;
  }).gives(lanes(1));
  predicts(script, 3, eight);
  only_asked(script, {4}, eight);
  for (int waiting = 0; waiting < 2; ++waiting) script.expects(Sleep{9'000}).is_left();
  breaks_off(script, eight, {4});
}

TEST_CASE(
    "pace: throttled again while the pacer is being asked → half of what it says then, and told") {
  const auto is_busy = says(429, "{}", "9");
  Script script = predicting(4, eight);
  asks(script, 0, eight).gives(is_busy).takes(runner::pace_pause_ms_min);
  asks(script, 1, eight).gives(is_busy).takes(runner::pace_pause_ms_min);
  only_asked(script, {2, 3}, eight);
  paces(script, [](const Pace& told) { return told.throttled == 1; }).gives(lanes(4));
  only_asked(script, {2, 3, 4, 5}, eight);
  asks(script, 2, eight).gives(is_busy);
  only_asked(script, {3, 4, 5}, eight);
  paces(script, [](const Pace& told) { return told.throttled == 2; }).gives(lanes(1));
  for (int waiting = 0; waiting < 3; ++waiting) script.expects(Sleep{9'000}).is_left();
  breaks_off(script, eight, {3, 4, 5});
}

TEST_CASE(
    "pace: a batch has a concurrency of its own, or its upstream → not more, of all runners") {
  struct Case {
    std::uint32_t of_upstream, concurrency, lanes;
  };
  for (const Case& given : std::initializer_list<Case>{
           {3, 0, 3}, {3, 1, 1}, {3, 2, 2}, {3, 3, 3}, {3, 1'000, 3}, {1, 6, 1}, {2, 6, 2}}) {
    CAPTURE(given.of_upstream, given.concurrency);
    Assignment assignment = assigned(eight, PredictWork{.stretch = eight.all()});
    assignment.job.concurrency = given.concurrency;
    Script script = reading(upstream_with(given.of_upstream), assignment, eight);
    paces(script, [given](const Pace& told) {
      return told.capacity == given.of_upstream && told.batch_wanted == given.lanes &&
             told.wanted == given.lanes;
    }).gives(lanes(64));
    std::vector<std::uint32_t> started(given.lanes);
    std::iota(started.begin(), started.end(), 0U);
    only_asked(script, started, eight);
    breaks_off(script, eight, started);
  }
}

TEST_CASE("pace: the platform allows few connections → no more lanes than those") {
  Config config = upstream_with(3);
  config.connections_max = 2;
  Script script = reading_all(config);
  paces(script, [](const Pace& told) {
    return told.capacity == 3 && told.batch_wanted == 3 && told.wanted == 2;
  }).gives(lanes(3));
  only_asked(script, {0, 1});
  finds_no_more(script);
  for (const std::uint32_t index : {1U, 0U, 2U}) predicts(script, index);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("pace: one run → so many lanes at most, however large its upstream is") {
  const Input many(runner::run_lanes_max + 6,
                   [](std::size_t i) { return input_line(std::to_string(i)); });
  for (const std::uint32_t capacity : {63U, 64U, 65U, 200U}) {
    CAPTURE(capacity);
    Script script = reading_all(upstream_with(capacity), many);
    paces(script, [capacity](const Pace& told) {
      return told.batch_wanted == std::min(capacity, 70U) && told.wanted == std::min(capacity, 64U);
    }).gives(lanes(capacity));
    finds_no_more(script);
    std::vector<std::uint32_t> started(std::min(capacity, runner::run_lanes_max));
    std::iota(started.begin(), started.end(), 0U);
    only_asked(script, started, many);
    renews(script, not_held);
    for (const std::uint32_t index : started) asks(script, index, many).is_left();
    is_over_with_its_lease(script);
    script.expects(end_run(runner::disturbed_pause_ms)).gives().ends_once();
  }
}

}  // namespace
}  // namespace edgebatch::script
