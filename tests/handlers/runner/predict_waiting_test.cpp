// Items that have to wait: here, if it isn't for long, or given back to the batch.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predictor.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

TEST_CASE("predict: 429 with a short Retry-After → asked again after just that; others go on") {
  Script script = predicting(1);
  asks(script, 0).gives(says(429, "{}", "7"));
  predicts(script, 1);
  predicts(script, 2);
  nobody_is_asked(script);
  script.sleeps(7'000);
  finds_no_more(script);
  predicts(script, 0);
  paces(script).gives(lanes(1));
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: two items wait → asked again as their waits end, before new ones") {
  const Input four(4);
  Script script = predicting(1, four);
  asks(script, 0, four).gives(says(429, "{}", "7"));
  asks(script, 1, four).gives(says(429, "{}", "3"));
  paces(script).gives(lanes(1));
  asks(script, 2, four).gives(says(200, good_body)).takes(100);
  // The lane is taken by the last new one when both are ready.
  script.sleeps(3'000).sleeps(7'000);
  predicts(script, 3, four);
  predicts(script, 1, four);
  finds_no_more(script);
  predicts(script, 0, four);
  good_shard(four, 0, 4).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a wait of ten seconds → here; a second more → given back with tries and wait") {
  for (const bool here : {true, false}) {
    CAPTURE(here);
    Script script = predicting(1);
    asks(script, 0).gives(says(503, "busy", here ? "10" : "11"));
    if (!here) {
      // The batch knows when it may run; nobody waits for it.
      predicts(script, 1);
      finds_no_more(script);
      gives_back(script, {{.stretch = input.stretch(0, 1), .tries = 1, .wait_ms = 11'000}});
      predicts(script, 2);
      good_shard(input, 1, 3).is_stored(script);
    } else {
      predicts(script, 1);
      predicts(script, 2);
      renews(script, held);
      script.sleeps(10'000);  // Its own: the next renewal's timer began later.
      finds_no_more(script);
      predicts(script, 0);
      paces(script).gives(lanes(1));
      whole().is_stored(script);
    }
    is_over(script);
    ends_idle(script);
  }
}

TEST_CASE("predict: an absurd Retry-After → the longest wait that there is, from then on") {
  for (const View wanted : {"301", "86400", "4294967296"}) {
    CAPTURE(wanted);
    Script script = asking_for_one();
    finds_no_more(script);
    asks(script, 0, one).gives(says(429, "{}", Bytes(wanted)));
    gives_back(script, {{.stretch = one.all(), .tries = 1, .wait_ms = runner::retry_after_ms_max}});
    is_over(script);
    ends_idle(script);
  }
}

TEST_CASE("predict: an item goes back, its neighbours are done → a shard on either side") {
  Script script = predicting(3);
  finds_no_more(script);
  predicts(script, 0);
  predicts(script, 2);
  asks(script, 1).gives(says(429, "{}", "60"));
  gives_back(script, {{.stretch = input.stretch(1, 2), .tries = 1, .wait_ms = 60'000}});
  good_shard(input, 0, 1, 0).is_stored(script);
  good_shard(input, 2, 3, 1).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: giving an item back is lost → the run goes on: its lease ends by itself") {
  Script script = predicting(1);
  asks(script, 0).gives(says(429, "{}", "60"));
  script
      .expects(Tell<GiveBack>{
          batch_id,
          GiveBack{.runner = runner_number,
                   .attempt = attempt,
                   .parts = {{.stretch = input.stretch(0, 1), .tries = 1, .wait_ms = 60'000}}}})
      .fails(Fault::lost);
  predicts(script, 1);
  finds_no_more(script);
  predicts(script, 2);
  good_shard(input, 1, 3).is_stored(script);
  is_over(script);
  ends_idle(script);
}

}  // namespace
}  // namespace edgebatch::script
