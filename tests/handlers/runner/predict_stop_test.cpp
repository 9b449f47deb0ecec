// Runs that end early: cancelled, leases lost, time used up, inputs that can't be worked on.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predict.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

// ---- Stopping

TEST_CASE(
    "predict: a cancel is heard at a renewal → what never started is given back at once; what is "
    "in flight is stored") {
  Script script = predicting(2);
  finds_no_more(script);
  renews(script, cancelled);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  predicts(script, 1);
  predicts(script, 0);
  nobody_is_asked(script);
  good_shard(input, 0, 2).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a cancel is heard with a store → nothing new either") {
  const Bytes large = R"({"text":")" + Bytes(runner::shard_bytes, 'x') + R"("})";
  Script script = predicting(1);
  asks(script, 0).gives(says(200, large));
  Shard(input.stretch(0, 1), {answered_line(input.item(0), 200, large)})
      .is_stored(script, cancelled);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  predicts(script, 1);
  good_shard(input, 1, 2, 1).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: stopped while an item waits → given back with what is left of its wait") {
  Script script = asking_for_one();
  finds_no_more(script);
  asks(script, 0, one).gives(says(429, "{}", "8")).takes(5'000);
  paces(script).gives(lanes(1));
  renews(script, cancelled);
  gives_back(script, {{.stretch = one.all(), .tries = 1, .wait_ms = 3'000}});
  script.expects(Sleep{8'000}).is_left();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: stopped → the batch hears in its renewals that this run leaves") {
  Script script = predicting(2);
  finds_no_more(script);
  renews(script, cancelled);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  renews_leaving(script, cancelled);
  renews_leaving(script, cancelled);
  predicts(script, 0);
  predicts(script, 1);
  good_shard(input, 0, 2).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
}

/// What is still in flight is given up.
void gives_up(Script& script) {
  script.sleeps(runner::renewal_ms);
  pacing_is_left(script);
  script.expects(give_back()).gives();
  leaves_pacer(script);
  ends_idle(script);
}

TEST_CASE("predict: stopped, and what is in flight takes too long → given up after a minute") {
  Script script = predicting(2);
  finds_no_more(script);
  renews(script, cancelled);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  predicts(script, 1);
  for (Ms waited = runner::renewal_ms; waited < runner::stop_ms_max; waited += runner::renewal_ms)
    renews_leaving(script, cancelled);
  good_shard(input, 1, 2).is_stored(script, cancelled);
  asks(script, 0).is_left();
  gives_up(script);
}

TEST_CASE("predict: stopped for a minute while a shard is on its way → it arrives first") {
  const Bytes large = R"({"text":")" + Bytes(runner::shard_bytes, 'x') + R"("})";
  Script script = predicting(2);
  finds_no_more(script);
  renews(script, cancelled);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  asks(script, 0).gives(says(200, large));
  // A minute is over with the last of these, and the second item is given up …
  for (Ms waited = 0; waited < runner::stop_ms_max; waited += runner::renewal_ms)
    renews_leaving(script, cancelled);
  Shard(input.stretch(0, 1), {answered_line(input.item(0), 200, large)})
      .is_stored(script, cancelled);
  asks(script, 1).is_left();
  gives_up(script);
}

TEST_CASE("predict: stopped, and the last answer would be worth another try → over at once") {
  Script script = asking_for_one();
  finds_no_more(script);
  renews(script, cancelled);
  asks(script, 0, one).gives(says(429, "{}", "1"));
  gives_back(script, {{.stretch = one.all(), .tries = 1, .wait_ms = 1'000}});
  paces(script).is_left();
  is_over(script);
  ends_idle(script);
}

// ---- Leases

TEST_CASE(
    "predict: the lease is lost → nothing new, nothing is stored or given back, nothing in flight "
    "is waited for") {
  Script script = predicting(2);
  finds_no_more(script);
  predicts(script, 1);
  renews(script, not_held);
  for (const std::uint32_t index : {0U, 2U}) asks(script, index).is_left();
  script.nobody_asks<PutObject>().nobody_asks<Tell<GiveBack>>();
  is_over_with_its_lease(script);
  ends_disturbed(script);
}

TEST_CASE("predict: no renewal is answered for a lease → nothing new; what comes in is stored") {
  Script script = predicting(1);
  const auto loses_renewal = [&] {
    script.sleeps(runner::renewal_ms);
    renewal(script, {attempt}, false).fails(Fault::lost);
  };
  for (int renewals = 0; renewals < 5; ++renewals) loses_renewal();
  predicts(script, 0);  // 50 s: the next is still started.
  loses_renewal();
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  good_shard(input, 0, 1).is_stored(script);
  predicts(script, 1);  // The store was answered, but this run has stopped.
  nobody_is_asked(script);
  good_shard(input, 1, 2, 1).is_stored(script);
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("predict: a renewal's answer took long → the lease counts from when it was asked for") {
  Script script = predicting(1);
  // Sent at 10 s, answered at 65 s: the lease may end at 70 s.
  renews(script, held).takes(55'000);
  asks(script, 0).gives(says(200, good_body)).takes(5'000);  // 70 s.
  gives_back(script, {{.stretch = input.stretch(1, 3)}});
  good_shard(input, 0, 1).is_stored(script);
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("predict: a claim for more is lost → nothing new, for nobody knows what is leased") {
  Script script = predicting(2);
  claims_more(script).fails(Fault::lost);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  predicts(script, 0);
  predicts(script, 1);
  good_shard(input, 0, 2).is_stored(script);
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("predict: a claim is answered after the stop → given back at once, unread") {
  const Input six(6);
  Script script =
      reading(upstream_with(2), assigned(six, PredictWork{.stretch = six.stretch(0, 3)}), six);
  paces(script).gives(lanes(2));
  renews(script, cancelled);
  gives_back(script, {{.stretch = six.stretch(2, 3)}});
  SECTION("while items are in flight") {
    Assignment late = assigned(six, PredictWork{.stretch = six.stretch(3, 6), .tries = 2});
    late.attempt = second_attempt;
    claims_more(script).gives(late);
    gives_back(script, {{.stretch = six.stretch(3, 6), .tries = 2}}, second_attempt);
    predicts(script, 0, six);
    predicts(script, 1, six);
    good_shard(six, 0, 2).is_stored(script, cancelled);
  }
  SECTION("when nothing else is left: it was waited for") {
    predicts(script, 0, six);
    predicts(script, 1, six);
    good_shard(six, 0, 2).is_stored(script, cancelled);
    Assignment late = assigned(six, PredictWork{.stretch = six.stretch(3, 6)});
    late.attempt = second_attempt;
    claims_more(script).gives(late);
    gives_back(script, {{.stretch = six.stretch(3, 6)}}, second_attempt);
  }
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: stopped while a claimed stretch is being read → given back when it is there") {
  const Input six(6);
  Script script =
      reading(upstream_with(2), assigned(six, PredictWork{.stretch = six.stretch(0, 3)}), six);
  paces(script).gives(lanes(2));
  Assignment more = assigned(six, PredictWork{.stretch = six.stretch(3, 6)});
  more.attempt = second_attempt;
  claims_more(script).gives(more);
  renews(script, cancelled);
  gives_back(script, {{.stretch = six.stretch(2, 3)}});
  script.expects(read(six.stretch(3, 6))).gives(Bytes(six.bytes_of(six.stretch(3, 6))));
  gives_back(script, {{.stretch = six.stretch(3, 6)}}, second_attempt);
  predicts(script, 0, six);
  predicts(script, 1, six);
  good_shard(six, 0, 2).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
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
  gives_back(script, {{.stretch = input.stretch(1, 2)}});
  paces(script).is_left();
  keeper_is_left(script);
  leaves_pacer(script);
  ends_disturbed(script);
}

TEST_CASE(
    "predict: the bytes hold fewer items than promised → what is there is stored, then given "
    "back") {
  Stretch more = input.all();
  ++more.count;
  Script script = reading(upstream_with(1), assigned(input, PredictWork{.stretch = more}), input);
  paces(script).gives(lanes(1));
  for (const std::uint32_t index : {0U, 1U, 2U}) predicts(script, index);
  gives_back(
      script,
      {{.stretch = {
            .first = 3, .count = 1, .byte_begin = more.byte_end, .byte_end = more.byte_end}}});
  whole().is_stored(script);
  script.expects(give_back()).gives();
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("predict: a line that is no item → nothing can be said about it: given back at once") {
  Bytes spoiled = input.bytes();
  spoiled[static_cast<std::size_t>(input.stretch(1, 2).byte_begin)] = '?';
  Script script = run_with(upstream_with(1), assigned(input, PredictWork{.stretch = input.all()}));
  script.expects(read(input.all())).gives(spoiled);
  paces(script).gives(lanes(1));
  predicts(script, 0);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  good_shard(input, 0, 1).is_stored(script);
  script.expects(give_back()).gives();
  is_over(script);
  ends_disturbed(script);
}

}  // namespace
}  // namespace edgebatch::script
