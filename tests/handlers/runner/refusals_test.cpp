// An upstream that refuses everybody alike must not burn the items of a batch.
#include "handlers/runner/refusals.hpp"

#include <catch_amalgamated.hpp>

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

constexpr std::uint32_t in_a_row = runner::refusals_in_a_row_max;
constexpr View no_key = R"({"error":{"message":"no such key"}})";

const Input twelve(in_a_row + 2);
const Input ten(in_a_row);

dialects::ResultLine refused_line(const Input& of, std::uint32_t index, std::uint32_t status) {
  return answered_line(of.item(index), status, no_key);
}
/// Before lines are burnt the batch is asked whether another run has parked it.
void others_know_nothing(Script& script) { renewal(script, {attempt}, false).gives({}); }
Script& parks(Script& script, std::uint32_t status) {
  return script
      .expects(
          Tell<Park>{batch_id, Park{.runner = runner_number, .attempt = attempt, .status = status}})
      .gives();
}

TEST_CASE("refusals: ten in a row → the batch is parked, everything is given back, no line burnt") {
  Script script = predicting(1, twelve);
  for (std::uint32_t index = 0; index < in_a_row; ++index)
    asks(script, index, twelve).gives(says(401, no_key));
  nobody_is_asked(script);
  gives_back(script, {{.stretch = twelve.stretch(in_a_row, in_a_row + 2)}});
  parks(script, 401);
  script.nobody_asks<PutObject>();
  script.expects(give_back()).gives();  // Those that were refused.
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: told twice → parked once, by the last status") {
  Script script = predicting(3, twelve);
  for (std::uint32_t index = 0; index < in_a_row; ++index) {
    if (index == in_a_row - 3) finds_no_more(script);
    asks(script, index, twelve).gives(says(index == in_a_row - 1 ? 404 : 401, no_key));
  }
  parks(script, 404);
  // Two were in flight.
  for (std::uint32_t index = in_a_row; index < in_a_row + 2; ++index)
    asks(script, index, twelve).gives(says(401, no_key));
  script.nobody_asks<Tell<Park>>();
  script.expects(give_back()).gives();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: nine in a row, then one is answered otherwise → these items' own lines") {
  for (const std::uint32_t status : {200U, 400U}) {
    CAPTURE(status);
    Script script = predicting(1, ten);
    std::vector<dialects::ResultLine> stored;
    for (std::uint32_t index = 0; index < in_a_row - 1; ++index) {
      asks(script, index, ten).gives(says(404, no_key));
      stored.push_back(refused_line(ten, index, 404));
    }
    finds_no_more(script);
    asks(script, in_a_row - 1, ten).gives(says(status, good_body));
    stored.push_back(answered_line(ten.item(in_a_row - 1), status));
    Shard(ten.all(), stored).is_stored(script);
    is_over(script);
    ends_idle(script);
  }
}

TEST_CASE("refusals: nine, one answered, nine more → no row of ten") {
  const Input many(2 * in_a_row, [](std::size_t i) { return input_line(std::to_string(i)); });
  Script script = predicting(1, many);
  std::vector<dialects::ResultLine> stored;
  for (std::uint32_t index = 0; index < many.items(); ++index) {
    const bool refused = index % in_a_row != in_a_row - 1;
    if (index == many.items() - 1) finds_no_more(script);
    asks(script, index, many).gives(says(refused ? 401 : 200, no_key));
    stored.push_back(answered_line(many.item(index), refused ? 401 : 200, no_key));
  }
  Shard(many.all(), stored).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: fewer than ten and nothing left that could be answered → their lines") {
  Script script = predicting(1);
  asks(script, 0).gives(says(401, no_key));
  asks(script, 1).gives(says(302, no_key));
  SECTION("the claim for more found nothing before") {
    finds_no_more(script);
    asks(script, 2).gives(says(404, no_key));
  }
  SECTION("it is waited for") {
    asks(script, 2).gives(says(404, no_key));
    script.nobody_asks<Tell<Renew>>();
    finds_no_more(script);
  }
  script.nobody_asks<PutObject>();
  others_know_nothing(script);
  Shard(input.all(),
        {refused_line(input, 0, 401), refused_line(input, 1, 302), refused_line(input, 2, 404)})
      .is_stored(script);
  is_over(script);
  ends_idle(script);
}

/// All three items were refused, and there is no more to claim.
Script all_refused(const Input& of) {
  Script script =
      reading(upstream_with(1), assigned(of, PredictWork{.stretch = of.stretch(0, 3)}), of);
  paces(script).gives(lanes(1));
  for (const std::uint32_t index : {0U, 1U, 2U}) asks(script, index, of).gives(says(401, no_key));
  finds_no_more(script);
  return script;
}

TEST_CASE("refusals: few, but another run has parked the batch → given back, no line burnt") {
  Script script = all_refused(input);
  renewal(script, {attempt}, false).gives({.lost = {}, .parked = true});
  script.nobody_asks<PutObject>();
  script.expects(give_back()).gives();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: another run parks the batch while items are in flight → nothing new") {
  Script script = predicting(1);
  asks(script, 0).gives(says(401, no_key));
  script.sleeps(runner::renewal_ms);
  renewal(script, {attempt}, false).gives({.lost = {}, .parked = true});
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  asks(script, 1).gives(says(401, no_key));
  script.expects(give_back()).gives();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: few, but there is more to claim by now → held until that is asked for") {
  const Input six(6);
  Script script = all_refused(six);
  renewal(script, {attempt}, false).gives({.lost = {}, .more = true});
  claims_and_reads(script, six, six.stretch(3, 6));
  script.nobody_asks<PutObject>();
  predicts(script, 3, six);
  Shard(six.stretch(0, 3),
        {refused_line(six, 0, 401), refused_line(six, 1, 401), refused_line(six, 2, 401)})
      .is_stored(script);
  predicts(script, 4, six);
  finds_no_more(script);
  predicts(script, 5, six);
  good_shard(six, 3, 6, 0, second_attempt).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: nobody says whether others know better → held until somebody does") {
  Script script = all_refused(input);
  renewal(script, {attempt}, false).fails(Fault::lost);
  script.nobody_asks<PutObject>().nobody_asks<Tell<Renew>>();
  renews(script, held);
  others_know_nothing(script);
  Shard(input.all(),
        {refused_line(input, 0, 401), refused_line(input, 1, 401), refused_line(input, 2, 401)})
      .is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: an item that waits may still be answered → they are held until it is") {
  Script script = predicting(1);
  asks(script, 0).gives(says(429, "{}", "7"));
  asks(script, 1).gives(says(401, no_key));
  asks(script, 2).gives(says(401, no_key));
  script.nobody_asks<PutObject>();
  script.sleeps(7'000);
  finds_no_more(script);
  predicts(script, 0);
  paces(script).gives(lanes(1));
  Shard(input.all(),
        {answered_line(input.item(0)), refused_line(input, 1, 401), refused_line(input, 2, 401)})
      .is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: stopped while some are held → their items are given back, no line burnt") {
  Script script = predicting(1);
  asks(script, 0).gives(says(401, no_key));
  renews(script, cancelled);
  gives_back(script, {{.stretch = input.stretch(2, 3)}});
  SECTION("the last in flight is refused as well") { asks(script, 1).gives(says(401, no_key)); }
  SECTION("it is answered") {
    predicts(script, 1);
    good_shard(input, 1, 2).is_stored(script, cancelled);
  }
  script.expects(give_back()).gives();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("refusals: the batch doesn't hear that it is parked → given back all the same") {
  Script script = predicting(1, ten);
  for (std::uint32_t index = 0; index < in_a_row; ++index) {
    if (index == in_a_row - 1) finds_no_more(script);
    asks(script, index, ten).gives(says(401, no_key));
  }
  script
      .expects(
          Tell<Park>{batch_id, Park{.runner = runner_number, .attempt = attempt, .status = 401}})
      .fails(Fault::lost);
  script.expects(give_back()).gives();
  is_over(script);
  ends_idle(script);
}

}  // namespace
}  // namespace edgebatch::script
