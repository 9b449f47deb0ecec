// What is done is stored while the rest goes on, and survives whatever is lost on its way.
#include "handlers/runner/store.hpp"

#include <catch_amalgamated.hpp>

#include "tests/handlers/runner/predict_scenes.hpp"
#include "tests/handlers/runner/scenes.hpp"

namespace edgebatch::script {
namespace {

Bytes body_of(std::size_t bytes) { return R"({"text":")" + Bytes(bytes, 'x') + R"("})"; }

TEST_CASE("predict: done lines have grown to a shard → stored while the others go on") {
  const Bytes large = body_of(runner::shard_bytes);
  Script script = predicting(2);
  finds_no_more(script);
  asks(script, 0).gives(says(200, large));
  const Shard first(input.stretch(0, 1), {answered_line(input.item(0), 200, large)}, 0);
  script.expects_one<PutObject>(first.put()).gives({});
  predicts(script, 1);
  predicts(script, 2);
  script.expects(first.report()).gives(held);
  // All is done, but only one shard at a time is on its way.
  good_shard(input, 1, 3, 1).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: done lines are a byte less than a shard → not stored before the next") {
  // What a line has around the body is the same for every body.
  const std::size_t around = answered_line(input.item(0), 200, body_of(0)).text.size() + 1;
  for (const bool full : {false, true}) {
    CAPTURE(full);
    const Bytes body = body_of(runner::shard_bytes - around - (full ? 0 : 1));
    Script script = predicting(1);
    asks(script, 0).gives(says(200, body));
    const auto line = answered_line(input.item(0), 200, body);
    if (full)
      Shard(input.stretch(0, 1), {line}, 0).is_stored(script);
    else
      script.nobody_asks<PutObject>();
    predicts(script, 1);
    finds_no_more(script);
    if (!full)
      Shard(input.stretch(0, 2), {line, answered_line(input.item(1))}, 0).is_stored(script);
    predicts(script, 2);
    if (full)
      good_shard(input, 1, 3, 1).is_stored(script);
    else
      good_shard(input, 2, 3, 1).is_stored(script);
    is_over(script);
    ends_idle(script);
  }
}

TEST_CASE("predict: a minute has passed → what is done is stored, in flight or not") {
  Script script = predicting(2);
  finds_no_more(script);
  predicts(script, 1);
  predicts(script, 2);
  renews_until(script, runner::store_ms_max - runner::renewal_ms);
  script.nobody_asks<PutObject>();
  renews(script, held);
  good_shard(input, 1, 3, 0).is_stored(script);
  predicts(script, 0);
  good_shard(input, 0, 1, 1).is_stored(script);
  is_over(script);
  ends_idle(script);
}

TEST_CASE("predict: two stretches are left beside what is stored → a shard each") {
  Script script = predicting(2);
  finds_no_more(script);
  predicts(script, 1);
  renews_until(script, runner::store_ms_max);
  good_shard(input, 1, 2, 0).is_stored(script);
  predicts(script, 0);
  predicts(script, 2);
  good_shard(input, 0, 1, 1).is_stored(script);
  good_shard(input, 2, 3, 2).is_stored(script);
  is_over(script);
  ends_idle(script);
}

// ---- What is lost on its way

/// All of `one` is predicted, and on its way to be stored.
Script storing_one() {
  Script script = asking_for_one();
  finds_no_more(script);
  predicts(script, 0, one);
  return script;
}

TEST_CASE(
    "store: the object is lost → the same object again; the report is lost → the same report") {
  Script script = storing_one();
  const Shard shard = good_shard(one, 0, 1);
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
  is_over(script);
  ends_idle(script);
}

/// The lease is given up, and the run begins again in a while.
void gives_up(Script& script) {
  is_over(script);
  ends_disturbed(script);
}

TEST_CASE("store: another object is there under that name → nothing is reported") {
  const auto stored = GENERATE(values<PutObject::Stored>({
      {.existed = true, .size = 1, .checksum = {}},
      {.existed = true, .size = 0, .checksum = "same size, other bytes"},
  }));
  Script script = storing_one();
  script.expects_one<PutObject>(good_shard(one, 0, 1).put())
      .gives_to([stored](const PutObject& put) {
        PutObject::Stored answer = stored;
        if (answer.size == 0)
          answer.size = put.content.size();
        else
          answer.checksum = put.checksum;
        return answer;
      });
  script.nobody_asks<Tell<ReportShard>>();
  gives_up(script);
}

TEST_CASE("store: nobody answers in any try → given up, and again in a while") {
  Script script = storing_one();
  const Shard shard = good_shard(one, 0, 1);
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
  gives_up(script);
}

TEST_CASE("store: the report came too late → nothing more is stored under this lease") {
  Script script = predicting(3);
  finds_no_more(script);
  predicts(script, 0);
  predicts(script, 2);
  renews_until(script, runner::store_ms_max);
  good_shard(input, 0, 1).is_stored(script, not_held);
  predicts(script, 1);  // Too late as well.
  script.nobody_asks<PutObject>();
  gives_up(script);
}

TEST_CASE(
    "store: a report's answer is lost, and a renewal finds nothing leased any more → the report "
    "says what counts: it was taken") {
  Script script = storing_one();
  const Shard shard = good_shard(one, 0, 1);
  script.expects_one<PutObject>(shard.put()).gives({});
  script.expects(shard.report()).fails(Fault::lost);
  renews(script, not_held);
  script.sleeps(1'000).expects(shard.report()).gives(held);
  is_over(script);
  ends_idle(script);
}

}  // namespace
}  // namespace edgebatch::script
