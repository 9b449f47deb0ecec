// Several spans at once; suspects and probes, which are worked on alone.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predictor.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

const Input six(6);

/// A run that has leased the first three of six items, and may have two requests side by side.
Script half_leased() {
  Script script =
      reading(upstream_with(2), assigned(six, PredictWork{.stretch = six.stretch(0, 3)}), six);
  paces(script).gives(lanes(2));
  return script;
}
/// The other three, under their own lease.
Shard second_shard() { return good_shard(six, 3, 6, 0, second_attempt); }

TEST_CASE(
    "predict: fewer items to start than lanes → more is claimed; a slow item of the first span "
    "doesn't stop the second") {
  Script script = half_leased();
  claims_and_reads(script, six, six.stretch(3, 6));
  // The first item stays in flight.
  for (const std::uint32_t index : {1U, 2U, 3U}) predicts(script, index, six);
  finds_no_more(script);
  predicts(script, 4, six);
  predicts(script, 5, six);
  second_shard().is_stored(script);
  renews(script, held);  // Only the first lease is left.
  predicts(script, 0, six);
  good_shard(six, 0, 3).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: as many items to start as lanes → nothing is claimed yet; one fewer → it is") {
  const Input four(4);
  Script script = predicting(2, four);
  script.nobody_asks<Tell<Claim>>();  // Two are asked for, two are left.
  predicts(script, 1, four);
  finds_no_more(script);
  for (const std::uint32_t index : {0U, 2U, 3U}) predicts(script, index, four);
  good_shard(four, 0, 4).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: more is being claimed → not claimed twice") {
  Script script = half_leased();
  predicts(script, 0, six);
  predicts(script, 1, six);
  claims_and_reads(script, six, six.stretch(3, 6));
  script.nobody_asks<Tell<Claim>>();
  predicts(script, 2, six);
  predicts(script, 3, six);
  finds_no_more(script);
  good_shard(six, 0, 3).is_stored(script);
  predicts(script, 4, six);
  predicts(script, 5, six);
  second_shard().is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: several leases → one renewal for all; one is lost → only its lines are") {
  Script script = half_leased();
  claims_and_reads(script, six, six.stretch(3, 6));
  renews(script, held, {attempt, second_attempt});
  for (const std::uint32_t index : {1U, 2U}) predicts(script, index, six);
  script.sleeps(runner::renewal_ms);
  renewal(script, {attempt, second_attempt}, false).gives({.lost = {attempt}});
  // 0 and 3 are in flight.
  gives_back(script, {{.stretch = six.stretch(4, 6)}}, second_attempt);
  renews_leaving(script, held, {second_attempt});
  predicts(script, 0, six);
  predicts(script, 3, six);
  good_shard(six, 3, 4, 0, second_attempt).is_stored(script);
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("predict: a claim finds nothing → asked again when a renewal says more, not before") {
  Script script = half_leased();
  finds_no_more(script);
  predicts(script, 1, six);
  renews(script, held);
  script.nobody_asks<Tell<Claim>>();
  renews(script, more_to_claim);
  claims_and_reads(script, six, six.stretch(3, 6));
  for (const std::uint32_t index : {2U, 3U}) predicts(script, index, six);
  finds_no_more(script);
  for (const std::uint32_t index : {4U, 5U}) predicts(script, index, six);
  second_shard().is_stored(script);
  predicts(script, 0, six);
  good_shard(six, 0, 3).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a claim finds nothing → asked again when a report says more") {
  const Bytes large = R"({"text":")" + Bytes(runner::shard_bytes, 'x') + R"("})";
  Script script = half_leased();
  finds_no_more(script);
  asks(script, 1, six).gives(says(200, large));
  Shard(six.stretch(1, 2), {answered_line(six.item(1), 200, large)})
      .is_stored(script, more_to_claim);
  claims_and_reads(script, six, six.stretch(3, 6));
  for (const std::uint32_t index : {2U, 3U}) predicts(script, index, six);
  finds_no_more(script);
  for (const std::uint32_t index : {4U, 5U}) predicts(script, index, six);
  second_shard().is_stored(script);
  predicts(script, 0, six);
  good_shard(six, 0, 1, 1).is_stored(script);
  good_shard(six, 2, 3, 2).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: stopped with several leases → each gets back what of it never started") {
  Script script = half_leased();
  claims_and_reads(script, six, six.stretch(3, 6));
  renews(script, cancelled, {attempt, second_attempt});
  gives_back(script, {{.stretch = six.stretch(2, 3)}});
  gives_back(script, {{.stretch = six.stretch(3, 6)}}, second_attempt);
  predicts(script, 0, six);
  predicts(script, 1, six);
  good_shard(six, 0, 2).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a claimed stretch can't be read → given back; what is in flight is stored") {
  Script script = half_leased();
  Assignment more = assigned(six, PredictWork{.stretch = six.stretch(3, 6)});
  more.attempt = second_attempt;
  claims_more(script).gives(more);
  script.expects(read(six.stretch(3, 6))).fails(Fault::absent);
  gives_back(script, {{.stretch = six.stretch(2, 3)}});
  gives_back(script, {{.stretch = six.stretch(3, 6)}}, second_attempt);
  predicts(script, 0, six);
  predicts(script, 1, six);
  good_shard(six, 0, 2).is_stored(script);
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("predict: what its renewals and claims say of the upstream → latency, lanes, pause") {
  Script script = predicting(2);
  script
      .expects_one<Tell<Claim>>([](const Tell<Claim>& told) {
        return told.command.pulse ==
               actors::batch::Pulse{.latency_ms = 0, .lanes = 2, .batch_lanes = 2, .pause_ms = 0};
      })
      .gives({});
  predicts(script, 0).takes(4'000);
  script.sleeps(runner::renewal_ms)
      .expects_one<Tell<Renew>>([](const Tell<Renew>& told) {
        return told.command.pulse ==
               actors::batch::Pulse{.latency_ms = 4'000, .lanes = 2, .batch_lanes = 2};
      })
      .gives({});
  predicts(script, 1);
  predicts(script, 2);
  whole().is_stored(script);
  is_over(script);
  // The run knows that still when it claims again.
  script
      .expects_one<Tell<Claim>>([](const Tell<Claim>& told) {
        return !told.command.has_leases && told.command.pulse.lanes == 2 &&
               told.command.pulse.latency_ms > 4'000;
      })
      .gives({});
  script.expects(end_run(std::nullopt)).gives().ends();
}

// ---- Suspects

TEST_CASE(
    "predict: a suspect → what lies behind the items allowed is given back in such parts before "
    "the "
    "first is asked for, and nothing else is claimed beside it") {
  Script script = reading(
      upstream_with(2),
      assigned(input, PredictWork{.stretch = input.all(), .tries = 2, .items_max = 1}), input);
  paces(script).gives(lanes(2));
  nobody_is_asked(script);
  gives_back(script, {{.stretch = input.stretch(1, 2), .tries = 2},
                      {.stretch = input.stretch(2, 3), .tries = 2}});
  predicts(script, 0);
  script.nobody_asks<Tell<Claim>>();
  good_shard(input, 0, 1).is_stored(script, more_to_claim);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a suspect of as many items as are allowed → all of them, nothing given back") {
  Script script = reading(upstream_with(2),
                          assigned(one, PredictWork{.stretch = one.all(), .items_max = 1}), one);
  paces(script).gives(lanes(2));
  script.nobody_asks<Tell<GiveBack>>();
  predicts(script, 0, one);
  good_shard(one, 0, 1).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a suspect's rest can't be given back → it goes on: the lease ends by itself") {
  Script script =
      reading(upstream_with(2),
              assigned(input, PredictWork{.stretch = input.all(), .items_max = 2}), input);
  paces(script).gives(lanes(2));
  script
      .expects(Tell<GiveBack>{batch_id, GiveBack{.runner = runner_number,
                                                 .attempt = attempt,
                                                 .parts = {{.stretch = input.stretch(2, 3)}}}})
      .fails(Fault::lost);
  predicts(script, 0);
  predicts(script, 1);
  good_shard(input, 0, 2).is_stored(script);
  is_over(script);
  ends_idle(script);
}

// ---- Probes

Script probing() {
  Script script = reading(
      upstream_with(2),
      assigned(input, PredictWork{.stretch = input.all(), .items_max = 1, .probe = true}), input);
  paces(script).gives(lanes(2));
  gives_back(script, {{.stretch = input.stretch(1, 3)}});
  return script;
}

TEST_CASE("predict: a probe is refused once → the batch is parked at once, no line is burnt") {
  Script script = probing();
  asks(script, 0).gives(says(403, "{}"));
  script
      .expects(
          Tell<Park>{batch_id, Park{.runner = runner_number, .attempt = attempt, .status = 403}})
      .gives();
  script.expects(give_back()).gives();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: a probe is answered → its line is stored, and the run claims on") {
  Script script = probing();
  predicts(script, 0);
  good_shard(input, 0, 1).is_stored(script);
  is_over(script);
  ends_idle(script);
}

}  // namespace
}  // namespace edgebatch::script
