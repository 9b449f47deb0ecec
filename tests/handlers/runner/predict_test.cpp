#include "handlers/runner/predict.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/sandbox.hpp"
#include "handlers/runner/store.hpp"

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

using dialects::Unanswered;

// ---- Lanes

TEST_CASE("predict: one lane → item after item, stored as one shard, given back, claimed on") {
  Script script = predicting(upstream_with(1));
  for (const std::uint32_t index : {0U, 1U, 2U}) predicts(script, index);
  keeper_is_left(script);
  whole().is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: three lanes answered in any order → the same shard") {
  std::array<std::uint32_t, 3> order{0, 1, 2};
  do {
    CAPTURE(order);
    Script script = predicting(upstream_with(3));
    for (const std::uint32_t index : order) predicts(script, index);
    keeper_is_left(script);
    whole().is_stored(script);
    script.expects(give_back()).gives();
    ends_idle(script);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("predict: more lanes than items, or than connections → no more than there may be") {
  SECTION("items") {
    Script script = predicting(upstream_with(50));
    for (const std::uint32_t index : {2U, 0U, 1U}) predicts(script, index);
    keeper_is_left(script);
    whole().is_stored(script);
    script.expects(give_back()).gives();
    ends_idle(script);
  }
  SECTION("connections: the second item is asked for only when the first is answered") {
    Config config = upstream_with(3);
    config.connections_max = 1;
    Script script = predicting(config);
    predicts(script, 0);
    script.expects(ask_for(input.item(1))).is_left();
    // The third would wait too, were there another lane.
    script.sleeps(runner::renewal_ms).expects(renew()).gives(not_held);
    script.expects(give_back()).gives();
    ends_disturbed(script);
  }
}

TEST_CASE(
    "predict: the upstream has another name for the model → that name, all else byte for byte") {
  const Config config = read_config(
      {{"UPSTREAMS",
        R"([{"url":"http://up/v1","key":"sk","concurrency":2,"models":{"m1":"M-1"}}])"}});
  Script script = predicting(config, one);
  AskUpstream ask = ask_for(one.item(0));
  ask.body = {R"({"model":"M-1","messages":["a"]})"};
  script.expects(ask).gives(says(200, good_body));
  keeper_is_left(script);
  Shard(one.all(), {answered_line(one.item(0))}).is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: no upstream is set → the sandbox answers, a moment later") {
  Script script = predicting(read_config({}));
  for (int lane = 0; lane < 3; ++lane) script.sleeps(runner::sandbox_latency_ms);
  std::vector<dialects::ResultLine> lines;
  for (const std::uint32_t index : {0U, 1U, 2U}) {
    const auto item = input.item(index);
    lines.push_back(*dialects::openai::line_format()->answered(
        batch_id, item, dialects::sandbox_answer(item, {item.body})));
  }
  keeper_is_left(script);
  Shard(input.all(), lines).is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: nobody serves the model any more → lines that say so") {
  const Config config = read_config({{"UPSTREAMS", R"([{"url":"http://up","models":["other"]}])"}});
  Script script = predicting(config);
  std::vector<dialects::ResultLine> lines;
  for (const std::uint32_t index : {0U, 1U, 2U})
    lines.push_back(dialects::openai::line_format()->unanswered(
        batch_id, input.item(index), Unanswered::unreachable,
        "No upstream serves this model any more."));
  Shard(input.all(), lines).is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

// ---- What becomes of one item

void ends_with(Script& script, const dialects::ResultLine& line) {
  Shard(one.all(), {line}).is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

/// A pause that is `full`, or up to a quarter less.
Script& pauses(Script& script, Ms full) {
  return script
      .expects_one<Sleep>([full](const Sleep& sleep) {
        return sleep.duration != runner::renewal_ms && sleep.duration <= full &&
               sleep.duration >= full - full / 4;
      })
      .gives();
}

TEST_CASE("predict: 429 with Retry-After → asked again after just that") {
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).gives(says(429, "{}", "7"));
  script.sleeps(7'000).expects(ask_for(one.item(0))).gives(says(200, good_body));
  keeper_is_left(script);
  ends_with(script, answered_line(one.item(0)));
}

TEST_CASE(
    "predict: Retry-After beyond its limit → asked again after the limit, the lease renewed "
    "meanwhile") {
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).gives(says(503, "busy", "86400"));
  for (Ms waited = 0; waited + runner::renewal_ms < runner::retry_after_ms_max;
       waited += runner::renewal_ms)
    script.sleeps(runner::renewal_ms).expects(renew()).gives(held);
  script.sleeps(runner::retry_after_ms_max)
      .expects(ask_for(one.item(0)))
      .gives(says(200, good_body));
  keeper_is_left(script);
  ends_with(script, answered_line(one.item(0)));
}

TEST_CASE("predict: answers that may change → asked again, pausing longer each time") {
  const auto item = one.item(0);
  Script script = asking_for_one();
  script.expects(ask_for(item)).gives(says(500, "{}"));
  pauses(script, 500).expects(ask_for(item)).fails(Fault::lost);
  pauses(script, 1'000).expects(ask_for(item)).gives(says(200, "<html>"));
  pauses(script, 2'000).expects(ask_for(item)).fails(Fault::late);
  pauses(script, 4'000).expects(ask_for(item)).gives(says(408, "{}"));
  // That were 7.5 s of pauses at most; the renewal comes before the last one is over.
  script.sleeps(runner::renewal_ms).expects(renew()).gives(held);
  pauses(script, 8'000).expects(ask_for(item)).gives(says(200, good_body));
  keeper_is_left(script);
  ends_with(script, answered_line(item));
}

/// The same outcome in all tries.
void check_given_up(const std::function<void(Asked<AskUpstream>)>& outcome,
                    const dialects::ResultLine& line) {
  Script script = asking_for_one();
  for (const Ms pause : {500, 1'000, 2'000, 4'000}) {
    outcome(script.expects(ask_for(one.item(0))));
    pauses(script, pause);
  }
  outcome(script.expects(ask_for(one.item(0))));
  script.sleeps(runner::renewal_ms).expects(renew()).gives(held);
  pauses(script, 8'000);
  outcome(script.expects(ask_for(one.item(0))));
  keeper_is_left(script);
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

TEST_CASE("predict: an answer that stays as it is → the item's line at once") {
  for (const std::uint32_t status : {400U, 401U, 403U, 404U, 422U, 301U}) {
    Script script = asking_for_one();
    script.expects(ask_for(one.item(0))).gives(says(status, R"({"error":{}})"));
    keeper_is_left(script);
    ends_with(script, answered_line(one.item(0), status, R"({"error":{}})"));
  }
}

TEST_CASE("predict: an answer larger than a line may be → a line that says so, at once") {
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).fails(Fault::too_large);
  keeper_is_left(script);
  ends_with(script, unanswered_line(one.item(0), Unanswered::too_large));
}

// ---- Storing while the span goes on

TEST_CASE("predict: done lines have grown to a shard → stored while the others go on") {
  const Bytes large = R"({"text":")" + Bytes(runner::shard_bytes, 'x') + R"("})";
  Script script = predicting(upstream_with(2));
  script.expects(ask_for(input.item(0))).gives(says(200, large));
  const Shard first(input.stretch(0, 1), {answered_line(input.item(0), 200, large)}, 0);
  script.expects_one<PutObject>(first.put()).gives({});
  // While that lane stores, the other takes the next item.
  predicts(script, 1);
  script.expects(first.report()).gives(held);
  predicts(script, 2);
  keeper_is_left(script);
  Shard(input.stretch(1, 3), {answered_line(input.item(1)), answered_line(input.item(2))}, 1)
      .is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("predict: done lines are a byte less than a shard → not stored before the next") {
  // What a line has around the body is the same for every body.
  const std::size_t around = answered_line(input.item(0), 200, R"({"text":""})").text.size() + 1;
  for (const bool full : {false, true}) {
    CAPTURE(full);
    const Bytes body =
        R"({"text":")" + Bytes(runner::shard_bytes - around - (full ? 0 : 1), 'x') + R"("})";
    Script script = predicting(upstream_with(1));
    script.expects(ask_for(input.item(0))).gives(says(200, body));
    const auto line = answered_line(input.item(0), 200, body);
    if (full) Shard(input.stretch(0, 1), {line}, 0).is_stored(script);
    predicts(script, 1);
    if (!full)
      Shard(input.stretch(0, 2), {line, answered_line(input.item(1))}, 0).is_stored(script);
    predicts(script, 2);
    keeper_is_left(script);
    if (full)
      Shard(input.stretch(1, 3), {answered_line(input.item(1)), answered_line(input.item(2))}, 1)
          .is_stored(script);
    else
      Shard(input.stretch(2, 3), {answered_line(input.item(2))}, 1).is_stored(script);
    script.expects(give_back()).gives();
    ends_idle(script);
  }
}

TEST_CASE("predict: a minute has passed → what is done is stored, in flight or not") {
  Script script = predicting(upstream_with(2));
  predicts(script, 1);
  for (int renewals = 0; renewals < 6; ++renewals)
    script.sleeps(runner::renewal_ms).expects(renew()).gives(held);
  Shard(input.stretch(1, 2), {answered_line(input.item(1))}, 0).is_stored(script);
  predicts(script, 0);
  predicts(script, 2);
  keeper_is_left(script);
  // Two stretches are left, beside what is stored: a shard each.
  Shard(input.stretch(0, 1), {answered_line(input.item(0))}, 1).is_stored(script);
  Shard(input.stretch(2, 3), {answered_line(input.item(2))}, 2).is_stored(script);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE(
    "store: the object is lost → the same object again; the report is lost → the same report") {
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).gives(says(200, good_body));
  keeper_is_left(script);
  const Shard shard(one.all(), {answered_line(one.item(0))});
  auto first_checksum = std::make_shared<Bytes>();
  script
      .expects_one<PutObject>([=, fits = shard.put()](const PutObject& put) {
        *first_checksum = put.checksum;
        return fits(put);
      })
      .fails(Fault::lost);
  const auto again = [=, fits = shard.put()](const PutObject& put) {
    return fits(put) && put.checksum == *first_checksum;
  };
  script.sleeps(1'000).expects_one<PutObject>(again).fails(Fault::lost);
  script.sleeps(2'000).expects_one<PutObject>(again).gives_to([](const PutObject& put) {
    return PutObject::Stored{.existed = true, .size = put.content.size(), .checksum = put.checksum};
  });
  script.expects(shard.report()).fails(Fault::lost);
  script.sleeps(1'000).expects(shard.report()).fails(Fault::lost);
  script.sleeps(2'000).expects(shard.report()).gives(held);
  script.expects(give_back()).gives();
  ends_idle(script);
}

TEST_CASE("store: another object is there under that name → nothing is reported") {
  const auto stored = GENERATE(values<PutObject::Stored>({
      {.existed = true, .size = 1, .checksum = {}},
      {.existed = true, .size = 0, .checksum = "same size, other bytes"},
  }));
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).gives(says(200, good_body));
  keeper_is_left(script);
  const Shard shard(one.all(), {answered_line(one.item(0))});
  script.expects_one<PutObject>(shard.put()).gives_to([stored](const PutObject& put) {
    PutObject::Stored answer = stored;
    if (answer.size == 0)
      answer.size = put.content.size();
    else
      answer.checksum = put.checksum;
    return answer;
  });
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("store: nobody answers in any try → given up, and again in a while") {
  Script script = asking_for_one();
  script.expects(ask_for(one.item(0))).gives(says(200, good_body));
  keeper_is_left(script);
  const Shard shard(one.all(), {answered_line(one.item(0))});
  SECTION("the object") {
    script.expects_one<PutObject>(shard.put()).fails(Fault::lost);
    for (const Ms pause : {1, 2, 4, 8, 16})
      script.sleeps(pause * 1'000).expects_one<PutObject>(shard.put()).fails(Fault::lost);
  }
  SECTION("the report") {
    script.expects_one<PutObject>(shard.put()).gives({});
    script.expects(shard.report()).fails(Fault::lost);
    for (const Ms pause : {1, 2, 4, 8, 16})
      script.sleeps(pause * 1'000).expects(shard.report()).fails(Fault::lost);
  }
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

TEST_CASE("store: the report came too late → nothing more is stored under this lease") {
  Script script = predicting(upstream_with(3));
  predicts(script, 0);
  predicts(script, 2);
  for (int renewals = 0; renewals < 6; ++renewals)
    script.sleeps(runner::renewal_ms).expects(renew()).gives(held);
  Shard(input.stretch(0, 1), {answered_line(input.item(0))}).is_stored(script, not_held);
  script.expects(ask_for(input.item(1))).is_left();
  script.expects(give_back()).gives();
  ends_disturbed(script);
}

}  // namespace
}  // namespace edgebatch::script
