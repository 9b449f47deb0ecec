// Spans that end early: cancelled, leases lost, time used up, inputs that can't be worked on.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predict.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

// ---- Stopping

TEST_CASE("predict: a cancel is heard at a renewal → nothing new; what is in flight is stored") {
  Script script = predicting(upstream_with(2));
  script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
  predicts(script, 1);
  predicts(script, 0);  // The third is never asked for.
  keeper_is_left(script);
  Shard(input.stretch(0, 2), {answered_line(input.item(0)), answered_line(input.item(1))})
      .is_stored(script, cancelled);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: a cancel is heard with a store → nothing new either") {
  const Bytes large = R"({"text":")" + Bytes(runner::shard_bytes, 'x') + R"("})";
  Script script = predicting(upstream_with(1));
  script.expects(ask_for(input.item(0))).gives(says(200, large));
  Shard(input.stretch(0, 1), {answered_line(input.item(0), 200, large)})
      .is_stored(script, cancelled);
  keeper_is_left(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: stopped while an item pauses between tries → it isn't waited for") {
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).gives(says(429, "{}", "60"));
  script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
  script.expects(Sleep{60'000}).is_left();
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: stopped, and what is in flight takes too long → given up after a minute") {
  Script script = predicting(upstream_with(2));
  script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
  predicts(script, 1);
  for (Ms waited = runner::renewal_ms; waited < runner::stop_ms_max; waited += runner::renewal_ms) {
    script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
    if (waited == runner::stop_ms_max - runner::renewal_ms)
      Shard(input.stretch(1, 2), {answered_line(input.item(1))}).is_stored(script, cancelled);
  }
  script.sleeps(runner::renewal_ms);
  script.expects(ask_for(input.item(0))).is_left();
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: stopped for a minute while a shard is on its way → it arrives first") {
  const Bytes large = R"({"text":")" + Bytes(runner::shard_bytes, 'x') + R"("})";
  const Shard shard(input.stretch(0, 1), {answered_line(input.item(0), 200, large)});
  Script script = predicting(upstream_with(2));
  script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
  script.expects(ask_for(input.item(0))).gives(says(200, large));
  for (Ms waited = 0; waited < runner::stop_ms_max - runner::renewal_ms;
       waited += runner::renewal_ms)
    script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
  script.sleeps(runner::renewal_ms);  // A minute is over, and the second item is given up …
  script.expects(renew()).gives(cancelled);
  shard.is_stored(script, cancelled);
  script.sleeps(runner::renewal_ms);
  script.expects(ask_for(input.item(1))).is_left();
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: stopped, and the last answer would be worth another try → over at once") {
  Script script = asking_for_one();
  script.sleeps(runner::renewal_ms).expects(renew()).gives(cancelled);
  script.expects(ask_for(one.item(0))).gives(says(429, "{}", "1"));
  keeper_is_left(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: the lease is lost → dropped at once, nothing is stored") {
  Script script = predicting(upstream_with(2));
  predicts(script, 1);
  script.sleeps(runner::renewal_ms).expects(renew()).gives(not_held);
  script.expects(ask_for(input.item(0))).is_left();
  script.expects(ask_for(input.item(2))).is_left();
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("predict: no renewal is answered for a lease → nothing new; what comes in is stored") {
  Script script = predicting(upstream_with(1));
  for (int renewals = 0; renewals < 5; ++renewals)
    script.sleeps(runner::renewal_ms).expects(renew()).fails(Fault::lost);
  predicts(script, 0);  // 50 s: the next is still started.
  script.sleeps(runner::renewal_ms).expects(renew()).fails(Fault::lost);
  Shard(input.stretch(0, 1), {answered_line(input.item(0))}).is_stored(script);
  predicts(script, 1);  // The store was answered, but this run has stopped.
  keeper_is_left(script);
  Shard(input.stretch(1, 2), {answered_line(input.item(1))}, 1).is_stored(script);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("predict: a renewal's answer took long → the lease counts from when it was asked for") {
  Script script = predicting(upstream_with(1));
  // Sent at 10 s, answered at 65 s: the lease may end at 70 s.
  script.sleeps(runner::renewal_ms).expects(renew()).gives(held).takes(55'000);
  // Stored a minute after the start, for nothing is done yet: no store.
  script.expects(ask_for(input.item(0))).gives(says(200, good_body)).takes(5'000);  // 70 s.
  keeper_is_left(script);
  Shard(input.stretch(0, 1), {answered_line(input.item(0))}).is_stored(script);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE(
    "predict: the run's time is used up → nothing new; the rest is given back for the next run") {
  Script script = predicting(upstream_with(1));
  for (Ms waited = 0; waited + runner::renewal_ms < runner::run_ms_max;
       waited += runner::renewal_ms)
    script.sleeps(runner::renewal_ms).expects(renew()).gives(held);
  script.expects(ask_for(input.item(0))).gives(says(200, good_body)).takes(runner::renewal_ms - 1);
  script.expects(ask_for(input.item(1))).gives(says(200, good_body)).takes(1);
  keeper_is_left(script);
  Shard(input.stretch(0, 2), {answered_line(input.item(0)), answered_line(input.item(1))})
      .is_stored(script);
  script.expects(give_back()).gives();
  ends_exhausted(script);
}

// ---- What can't be worked on

TEST_CASE("predict: the input can't be read → given back, and again in a while") {
  Script script =
      run_with(upstream_with(1), assigned(input, PredictWork{.stretch = input.stretch(1, 2)}));
  script.expects(read(input.stretch(1, 2)));
  SECTION("it is gone") {
    script.result([](View) { return Bytes("\x02"); });
  }
  SECTION("nobody answers") {
    script.result([](View) { return Bytes("\x01"); });
  }
  SECTION("it is shorter") {
    script.result([](View) { return Bytes("\0{}", 3); });
  }
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE(
    "predict: the bytes hold fewer items than promised → what is there is stored, then given "
    "back") {
  Stretch more = input.all();
  ++more.count;
  Script script = run_with(upstream_with(1), assigned(input, PredictWork{.stretch = more}));
  script.expects(read(more)).gives(Bytes(input.bytes()));
  for (const std::uint32_t index : {0U, 1U, 2U}) predicts(script, index);
  keeper_is_left(script);
  whole().is_stored(script);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("predict: a line that is no item → nothing can be said about it: given back at once") {
  Bytes spoiled = input.bytes();
  spoiled[static_cast<std::size_t>(input.stretch(1, 2).byte_begin)] = '?';
  Script script = run_with(upstream_with(1), assigned(input, PredictWork{.stretch = input.all()}));
  script.expects(read(input.all())).gives(spoiled);
  predicts(script, 0);
  keeper_is_left(script);
  Shard(input.stretch(0, 1), {answered_line(input.item(0))}).is_stored(script);
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

}  // namespace
}  // namespace edgebatch::script
