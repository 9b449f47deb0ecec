// Items whose answers don't fit their schema: asked for again, as far as they may be.
#include <catch_amalgamated.hpp>

#include "handlers/runner/predict.hpp"

#include "tests/handlers/runner/datagrid_scenes.hpp"
#include "tests/handlers/runner/predict_scenes.hpp"

namespace edgebatch::script {
namespace {

using dialects::Delivery;
using dialects::Item;
using dialects::ResultLine;
using dialects::Unanswered;

constexpr View good_answer =
    R"({"choices":[{"message":{"content":"{\"total\":1}"}}],"usage":{"total_tokens":5}})";
constexpr View unfit_answer =
    R"({"choices":[{"message":{"content":"{\"total\":\"1\"}"}}],"usage":{"total_tokens":7}})";

const Input planned = planned_items(2);

Bytes brief() {
  return wire::encode(dialects::datagrid::Brief{
      .prompt = "Read it.",
      .output_schema = R"({"type":"object","properties":{"total":{"type":"number"}}})"});
}
const dialects::LineFormat& format() {
  static const auto lines = dialects::datagrid::line_format(datagrid_request(), brief(), {1, 2});
  return *lines;
}

Item item(std::uint32_t index) {
  View line = planned.bytes_of(planned.stretch(index, index + 1));
  line.remove_suffix(1);
  return *format().read(line, index);
}
ResultLine answered(const Item& item, View body, std::uint32_t status = 200) {
  ResultLine line = *format().answered(
      batch_id, item, {.status = status, .request_id = "req-7", .body = Bytes(body)});
  return line;
}
/// The item once its answers didn't fit.
Item again(std::uint32_t index, std::uint32_t times = 1) {
  Item asked = item(index);
  for (; asked.follow_ups_count < times; ++asked.follow_ups_count)
    asked.follow_up = answered(asked, unfit_answer).follow_up;
  return asked;
}

Asked<AskUpstream> asks_for(Script& script, const Item& item) {
  AskUpstream ask = ask_for(item);
  ask.body = format().body(item, "m1", Delivery::whole);
  return script.expects(ask);
}

Stretch first() { return planned.stretch(0, 1); }

Script predicting_items(const Stretch& stretch, const Config& config = upstream_with(1)) {
  Script script(run_scene(config));
  script.expects(claim()).gives(datagrid_assigned(
      {.prefix = plan_prefix, .bytes = planned.bytes().size()}, PredictWork{.stretch = stretch}));
  script.expects(get_brief).gives(brief());
  script
      .expects(GetObject{.key = plan_prefix + "part/000000",
                         .offset = stretch.byte_begin,
                         .length = stretch.byte_end - stretch.byte_begin})
      .gives(Bytes(planned.bytes_of(stretch)));
  paces(script).gives(lanes(1));
  return script;
}
Script predicting_one(const Config& config = upstream_with(1)) {
  Script script = predicting_items(first(), config);
  finds_no_more(script);
  return script;
}
Config with_reasks(std::uint32_t reasks) {
  Config config = upstream_with(1);
  config.reasks = reasks;
  return config;
}

void stores_and_ends(Script& script, const ResultLine& line) {
  Shard(first(), {line}).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("reask: an answer doesn't fit, the second does → succeeded, the usage of both counted") {
  const ResultLine line = answered(again(0), good_answer);
  CHECK(line.counts.succeeded == 1);
  CHECK(line.usage.total == 12);
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  asks_for(script, again(0)).gives(says(200, good_answer));
  stores_and_ends(script, line);
}

TEST_CASE("reask: the second doesn't fit either → given up, the usage of both counted") {
  const ResultLine line = answered(again(0), unfit_answer);
  CHECK(line.counts.errored == 1);
  CHECK(line.usage.total == 14);
  CHECK(line.text.find("/total: is") != Bytes::npos);
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  asks_for(script, again(0)).gives(says(200, unfit_answer));
  stores_and_ends(script, line);
}

TEST_CASE("reask: DATAGRID_REASKS → as often as it says") {
  Script never = predicting_one(with_reasks(0));
  asks_for(never, item(0)).gives(says(200, unfit_answer));
  stores_and_ends(never, answered(item(0), unfit_answer));

  Script thrice = predicting_one(with_reasks(3));
  asks_for(thrice, item(0)).gives(says(200, unfit_answer));
  for (const std::uint32_t times : {1U, 2U, 3U})
    asks_for(thrice, again(0, times)).gives(says(200, unfit_answer));
  const ResultLine line = answered(again(0, 3), unfit_answer);
  CHECK(line.usage.total == 28);
  stores_and_ends(thrice, line);
}

TEST_CASE("reask: before items that weren't asked for yet, within what the pacer allows") {
  Script script = predicting_items(planned.all());
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  script.nobody_asks<AskUpstream>([](const AskUpstream& ask) {
    return ask.body == format().body(item(1), "m1", Delivery::whole);
  });
  asks_for(script, again(0)).gives(says(200, good_answer));
  finds_no_more(script);
  asks_for(script, item(1)).gives(says(200, good_answer));
  Shard(planned.all(), {answered(again(0), good_answer), answered(item(1), good_answer)})
      .is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("reask: a run has no time for two answers → the one that came stands") {
  Script script = predicting_one();
  renews_until(script, 400'000);
  asks_for(script, item(0)).gives(says(200, unfit_answer)).takes(5'000);
  Shard(first(), {answered(item(0), unfit_answer)}).is_stored(script);
  is_over(script);
  ends_exhausted(script);
}

TEST_CASE("reask: the second is lost → tried again, as any request") {
  Drawn drawn;
  drawn.number();  // The run's own, and the format's secret.
  drawn.number();
  drawn.number();
  const Ms jitter = static_cast<Ms>(drawn.number() % 126);
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  asks_for(script, again(0)).fails(Fault::lost);
  script.sleeps(runner::backoff_ms_min - jitter);
  asks_for(script, again(0)).gives(says(200, good_answer));
  stores_and_ends(script, answered(again(0), good_answer));
}

TEST_CASE("reask: the provider refuses the second → the answer before stands") {
  const ResultLine line = answered(again(0), "no", 400);
  CHECK(line.usage.total == 7);
  CHECK(line.text.find("prediction_failed") != Bytes::npos);
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  asks_for(script, again(0)).gives(says(400, "no"));
  stores_and_ends(script, line);
}

TEST_CASE("reask: cancelled before the first answer came → not asked again, that answer stands") {
  Script script = predicting_one();
  renews(script, cancelled);
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  nobody_is_asked(script);
  Shard(first(), {answered(item(0), unfit_answer)}).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("reask: cancelled while the second waits → not asked again, the answer before stands") {
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  asks_for(script, again(0)).gives(says(429, "{}", "8")).takes(5'000);
  paces(script).gives(lanes(1));
  renews(script, cancelled);
  nobody_is_asked(script);
  Shard(first(), {format().unanswered(batch_id, again(0), Unanswered::cancelled, {})})
      .is_stored(script, cancelled);
  script.expects(Sleep{8'000}).is_left();
  is_over(script);
  ends_idle(script);
}

TEST_CASE("reask: cancelled while the second is in flight → what comes of it is stored") {
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  renews(script, cancelled);
  asks_for(script, again(0)).gives(says(200, good_answer));
  Shard(first(), {answered(again(0), good_answer)}).is_stored(script, cancelled);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("reask: the lease is lost meanwhile → nothing is stored, and nobody is waited for") {
  Script script = predicting_one();
  asks_for(script, item(0)).gives(says(200, unfit_answer));
  renews(script, not_held);
  asks_for(script, again(0)).is_left();
  is_over_with_its_lease(script);
  ends_disturbed(script);
}

}  // namespace
}  // namespace edgebatch::script
