// Lanes, and what becomes of one item.
#include "handlers/runner/predict.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/sandbox.hpp"
#include "handlers/runner/allowance.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

using dialects::Unanswered;

// ---- Lanes

TEST_CASE("predict: one lane → item after item, stored as one shard, then claimed on") {
  Script script = predicting(1);
  predicts(script, 0);
  predicts(script, 1);
  finds_no_more(script);
  predicts(script, 2);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: three lanes answered in any order → the same shard") {
  std::array<std::uint32_t, 3> order{0, 1, 2};
  do {
    CAPTURE(order);
    Script script = predicting(3);
    finds_no_more(script);
    for (const std::uint32_t index : order) predicts(script, index);
    whole().is_stored(script);
    is_over(script);
    ends_idle(script);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("predict: more lanes than items → the items that there are") {
  Script script = predicting(50);
  finds_no_more(script);
  for (const std::uint32_t index : {2U, 0U, 1U}) predicts(script, index);
  whole().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE(
    "predict: the upstream has another name for the model → that name, all else byte for byte") {
  const Config config = read_config(
      {{"UPSTREAMS",
        R"([{"url":"http://up/v1","key":"sk","concurrency":2,"models":{"m1":"M-1"}}])"}});
  Script script = reading(config, assigned(one, PredictWork{.stretch = one.all()}), one);
  paces(script).gives(lanes(1));
  AskUpstream ask = ask_for(one.item(0));
  ask.body = {R"({"model":"M-1","messages":["a"]})"};
  script.expects(ask).gives(says(200, good_body));
  finds_no_more(script);
  good_shard(one, 0, 1).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: no upstream is set → the sandbox answers, a moment later; no pacer is asked") {
  Script script =
      reading(read_config({}), assigned(input, PredictWork{.stretch = input.all()}), input);
  finds_no_more(script);
  for (int lane = 0; lane < 3; ++lane) script.sleeps(runner::sandbox_latency_ms);
  std::vector<dialects::ResultLine> lines;
  for (const std::uint32_t index : {0U, 1U, 2U}) {
    const auto item = input.item(index);
    lines.push_back(*dialects::openai::line_format()->answered(
        batch_id, item, dialects::sandbox_answer(item, {item.body})));
  }
  Shard(input.all(), lines).is_stored(script);
  keeper_is_left(script);
  ends_idle(script);
}

TEST_CASE("predict: nobody serves the model any more → lines that say so") {
  const Config config = read_config({{"UPSTREAMS", R"([{"url":"http://up","models":["other"]}])"}});
  Script script = reading(config, assigned(input, PredictWork{.stretch = input.all()}), input);
  finds_no_more(script);
  std::vector<dialects::ResultLine> lines;
  for (const std::uint32_t index : {0U, 1U, 2U})
    lines.push_back(dialects::openai::line_format()->unanswered(
        batch_id, input.item(index), Unanswered::unreachable,
        "No upstream serves this model any more."));
  Shard(input.all(), lines).is_stored(script);
  keeper_is_left(script);
  ends_idle(script);
}

// ---- What becomes of one item

void ends_with(Script& script, const dialects::ResultLine& line) {
  Shard(one.all(), {line}).is_stored(script);
  is_over(script);
  ends_idle(script);
}

/// A pause that is `full`, or up to a quarter less.
Script& pauses(Script& script, Ms full) {
  return script
      .expects_one<Sleep>([full](const Sleep& sleep) {
        return sleep.duration <= full && sleep.duration >= full - full / 4;
      })
      .gives();
}
/// The pacer hears of trouble.
void tells_of_trouble(Script& script) {
  paces(script, [](const Pace& told) { return told.throttled + told.broken == 1; }).gives(lanes(1));
}

TEST_CASE("predict: answers that may change → asked again, pausing longer each time") {
  Script script = asking_for_one();
  finds_no_more(script);
  asks(script, 0, one).gives(says(500, "{}"));
  pauses(script, 500);
  asks(script, 0, one).fails(Fault::lost);
  // Two in a row, and nobody is answered: the pacer is asked before anybody else is.
  paces(script, [](const Pace& told) { return told.broken == 2; }).gives(lanes(1));
  pauses(script, 1'000);
  asks(script, 0, one).gives(says(200, "<html>"));
  tells_of_trouble(script);
  pauses(script, 2'000);
  asks(script, 0, one).fails(Fault::late);
  tells_of_trouble(script);
  pauses(script, 4'000);
  asks(script, 0, one).gives(says(408, "{}"));
  tells_of_trouble(script);
  pauses(script, 8'000);
  asks(script, 0, one).gives(says(200, good_body));
  ends_with(script, answered_line(one.item(0)));
}

/// The same outcome in all tries.
void check_given_up(const std::function<void(Asked<AskUpstream>)>& outcome,
                    const dialects::ResultLine& line) {
  Script script = asking_for_one();
  finds_no_more(script);
  for (const Ms pause : {500, 1'000, 2'000, 4'000, 8'000}) {
    outcome(asks(script, 0, one));
    if (pause >= 1'000) paces(script).gives(lanes(1));
    pauses(script, pause);
  }
  outcome(asks(script, 0, one));
  paces(script).gives(lanes(1));
  ends_with(script, line);
}

TEST_CASE("predict: no try brings an answer → a line that says why") {
  const auto item = one.item(0);
  check_given_up([](Asked<AskUpstream> asked) { asked.fails(Fault::lost); },
                 unanswered_line(item, Unanswered::unreachable));
  check_given_up([](Asked<AskUpstream> asked) { asked.fails(Fault::late); },
                 unanswered_line(item, Unanswered::timed_out));
  check_given_up([](Asked<AskUpstream> asked) { asked.gives(says(200, "no JSON")); },
                 unanswered_line(item, Unanswered::not_json));
  check_given_up([](Asked<AskUpstream> asked) { asked.gives(says(500, R"({"e":1})")); },
                 answered_line(item, 500, R"({"e":1})"));
  check_given_up([](Asked<AskUpstream> asked) { asked.gives(says(502, "<html>")); },
                 answered_line(item, 502, "<html>"));
}

TEST_CASE("predict: it was asked for before, in other leases → those tries count") {
  for (std::uint32_t tries = 0; tries < runner::tries_count_max; ++tries) {
    CAPTURE(tries);
    const bool last = tries + 1 == runner::tries_count_max;
    Script script = reading(upstream_with(1),
                            assigned(one, PredictWork{.stretch = one.all(), .tries = tries}), one);
    paces(script).gives(lanes(1));
    finds_no_more(script);
    asks(script, 0, one).gives(says(429, "{}", "60"));
    if (last) {
      ends_with(script, answered_line(one.item(0), 429, "{}"));
    } else {
      gives_back(script, {{.stretch = one.all(), .tries = tries + 1, .wait_ms = 60'000}});
      is_over(script);
      ends_idle(script);
    }
  }
}

TEST_CASE("predict: an answer that stays as it is → the item's line at once") {
  for (const std::uint32_t status : {400U, 401U, 403U, 404U, 422U, 301U}) {
    CAPTURE(status);
    Script script = asking_for_one();
    asks(script, 0, one).gives(says(status, R"({"error":{}})"));
    finds_no_more(script);
    if (status != 400 && status != 422) renewal(script, {attempt}, false).gives({});
    ends_with(script, answered_line(one.item(0), status, R"({"error":{}})"));
  }
}

TEST_CASE("predict: an answer larger than a line may be → a line that says so, at once") {
  Script script = asking_for_one();
  finds_no_more(script);
  asks(script, 0, one).fails(Fault::too_large);
  ends_with(script, unanswered_line(one.item(0), Unanswered::too_large));
}

}  // namespace
}  // namespace edgebatch::script
