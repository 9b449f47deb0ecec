// What a batch does with items that have to wait, with runners that leave or are too many, and
// with items that kill whoever works on them.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

std::vector<Bytes> invited(BatchActor& batch) {
  std::vector<Bytes> subjects;
  for (const Letter& letter : batch.take_posted())
    if (letter.subject.starts_with("invite/")) subjects.push_back(letter.subject);
  return subjects;
}
void acknowledge_all(BatchActor& batch) {
  for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
  (void)batch.take_posted();
}
ledger::Stretch items(std::uint32_t first, std::uint32_t end) {
  return {
      .first = first, .count = end - first, .byte_begin = first * 10ULL, .byte_end = end * 10ULL};
}
const PredictWork& predict_work(const Assignment& assignment) {
  REQUIRE(std::holds_alternative<PredictWork>(assignment.work));
  return std::get<PredictWork>(assignment.work);
}

// ---- Items that have to wait

TEST_CASE("batch: a part is given back that has to wait → claimed when it may, with its tries") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  batch.give_back(lease.attempt, {{.stretch = items(3, 4), .tries = 2, .wait_ms = 45'000}});
  CHECK(batch.renew(lease.attempt).held);  // What lies around it is still leased.
  CHECK(batch.report(lease.attempt, items(0, 3)).held);
  CHECK(batch.report(lease.attempt, items(4, 10), 1).held);
  CHECK(is_idle(batch.claim()));
  CHECK(is_idle(batch.claim(1, 7)));
  acknowledge_all(batch);

  batch.wait(44'999);
  CHECK(invited(batch).empty());
  CHECK(is_idle(batch.claim()));
  batch.wait(1);
  CHECK(invited(batch) == std::vector<Bytes>{"invite/0"});
  const auto again = batch.claim(0, 2);
  CHECK(predict_work(again).stretch == items(3, 4));
  CHECK(predict_work(again).tries == 2);
  CHECK(predict_work(again).items_max == 0);
}

TEST_CASE("batch: several parts are given back at once → each with its own tries and wait") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  batch.give_back(lease.attempt, {{.stretch = items(2, 3), .tries = 1, .wait_ms = 5'000},
                                  {.stretch = items(3, 4), .tries = 4, .wait_ms = 0},
                                  {.stretch = items(6, 10)}});
  CHECK(predicted(batch.claim(1, 7)) == items(3, 4));
  const auto rest = batch.claim(1, 7);
  CHECK(predict_work(rest).stretch == items(6, 10));
  CHECK(predict_work(rest).tries == 0);
  CHECK(is_idle(batch.claim(1, 7)));
  batch.now += 5'000;
  CHECK(predicted(batch.claim(1, 7)) == items(2, 3));
  CHECK(batch.report(lease.attempt, items(4, 6)).held);
}

TEST_CASE("batch: a part is given back that isn't leased like that → nothing changes") {
  BatchActor batch;
  batch.plan(2);
  const auto lease = batch.claim();
  const auto before = batch.spans();
  batch.give_back(lease.attempt + 1, {{.stretch = items(0, 1)}});
  batch.give_back(lease.attempt, {{.stretch = items(9, 11)}});
  batch.give_back(lease.attempt, {{.stretch = items(10, 20)}});
  batch.give_back(0, {{.stretch = items(0, 1)}});
  CHECK(batch.spans() == before);
  // The same twice is once.
  batch.give_back(lease.attempt, {{.stretch = items(0, 1), .tries = 1, .wait_ms = 9'000}});
  const auto once = batch.spans();
  batch.give_back(lease.attempt, {{.stretch = items(0, 1), .tries = 1, .wait_ms = 9'000}});
  CHECK(batch.spans() == once);
}

TEST_CASE("batch: cancelled while items wait → drained without waiting") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  batch.give_back(lease.attempt, {{.stretch = items(0, 10), .tries = 1, .wait_ms = 300'000}});
  (void)batch.cancel();
  CHECK(drained(batch.claim(0, 2)).stretch == items(0, 10));
}

// ---- Runners that leave, and those that are too many

void leaves(BatchActor& batch, const Assignment& lease) {
  const auto reply = batch.tell(
      Renew{.runner = 0, .attempts = {lease.attempt}, .leaving = true, .pulse = two_wanted});
  CHECK(reply.lost.empty());
}

TEST_CASE("batch: a run leaves → somebody else is invited, and it may still report") {
  BatchActor batch;
  batch.plan(4);
  const auto lease = batch.claim();
  (void)batch.claim(1, 7);
  CHECK(batch.view().runners == 2);
  acknowledge_all(batch);
  leaves(batch, lease);
  CHECK(invited(batch) == std::vector<Bytes>{"invite/2"});
  leaves(batch, lease);
  CHECK(invited(batch).empty());
  CHECK(predicted(batch.claim(2, 9)) == items(20, 30));
  CHECK(batch.report(lease.attempt, items(0, 10)).held);
}

TEST_CASE("batch: a new run of a runner that left → it is at work again") {
  BatchActor batch;
  batch.plan(4);
  const auto lease = batch.claim();
  leaves(batch, lease);
  CHECK(batch.report(lease.attempt, items(0, 10)).held);
  (void)batch.claim(0, 2);
  CHECK_FALSE(batch.record().seats[0].leaving);
}

TEST_CASE("batch: a run leaves for a cancel, then claims to drain → it is at work again") {
  BatchActor batch;
  batch.plan(4);
  const auto lease = batch.claim();
  (void)batch.cancel();
  leaves(batch, lease);
  batch.give_back(lease.attempt);
  (void)drained(batch.claim());
  CHECK_FALSE(batch.record().seats[0].leaving);
}

TEST_CASE(
    "batch: more runners than are wanted → those with higher numbers get nothing to predict") {
  constexpr Pulse one_wanted{.latency_ms = 1, .lanes = 1, .batch_lanes = 9, .pause_ms = 0};
  BatchActor batch;
  batch.plan(3);
  const auto claims = [&](std::uint32_t runner, const Pulse& pulse, bool has_leases = false) {
    return batch.tell(
        Claim{.runner = runner, .run = 1ULL + runner, .has_leases = has_leases, .pulse = pulse});
  };
  (void)predicted(claims(0, one_wanted));
  CHECK(is_idle(claims(1, one_wanted)));
  CHECK(batch.view().runners == 1);
  // Who works already may go on.
  CHECK(predicted(claims(1, one_wanted, true)) == items(10, 20));
  CHECK(is_idle(claims(2, one_wanted)));
  CHECK(predicted(claims(2, {.latency_ms = haste_ms, .lanes = 1, .batch_lanes = 3})) ==
        items(20, 30));
}

TEST_CASE("batch: a run that has leases claims → spans to predict, nothing else") {
  const auto more = [](BatchActor& batch) {
    return batch.tell(Claim{.runner = 0, .run = 1, .has_leases = true, .pulse = two_wanted});
  };
  BatchActor unplanned;
  (void)unplanned.start();
  CHECK(is_idle(more(unplanned)));
  BatchActor batch;
  batch.plan(2);
  (void)batch.claim();
  CHECK(predicted(more(batch)) == items(10, 20));
  CHECK(is_idle(more(batch)));
  CHECK(batch.record().seats[0].present_until > batch.now);  // It has work all the same.
  (void)batch.cancel();
  batch.now += ledger::lease_ms_max;
  CHECK(is_idle(more(batch)));
}

// ---- Items that kill their runners

TEST_CASE(
    "batch: a span lapsed twice → the others first, then a part of it, alone; its rest is trusted "
    "again") {
  BatchActor batch;
  batch.plan(2);
  (void)batch.claim(0, 1);
  CHECK(predict_work(batch.claim(0, 2)).items_max == 0);
  CHECK(predict_work(batch.claim(0, 3)).stretch == items(10, 20));
  const auto suspect = batch.claim(0, 3);
  CHECK(predict_work(suspect).stretch == items(0, 10));
  CHECK(predict_work(suspect).items_max == 2);
  batch.give_back(suspect.attempt, {{.stretch = items(2, 4)}, {.stretch = items(4, 10)}});
  const auto rest = batch.claim(1, 7);
  CHECK(predict_work(rest).stretch == items(2, 4));
  CHECK(predict_work(rest).items_max == 0);
}

TEST_CASE("batch: one item kills every runner → cornered, given up; others get lines") {
  for (const std::uint32_t killer : {0U, 4U, 7U, 9U}) {
    CAPTURE(killer);
    BatchActor batch;
    batch.plan(1);
    std::uint64_t run = 2;
    std::size_t gave_up = 0;
    for (int claims = 0;; ++claims) {
      REQUIRE(claims < 40);
      const auto assignment = batch.claim(0, run);
      if (is_idle(assignment)) break;
      if (const auto* merge = std::get_if<MergeWork>(&assignment.work)) {
        CHECK(batch.merge(assignment.attempt, *merge).held);
        continue;
      }
      if (std::holds_alternative<DrainWork>(assignment.work)) {
        CHECK(drained(assignment).why == dialects::Unanswered::given_up);
        CHECK(drained(assignment).stretch == items(killer, killer + 1));
        CHECK(batch.report(assignment.attempt, drained(assignment).stretch, 0, Halt::refused).held);
        ++gave_up;
        continue;
      }
      const auto& work = predict_work(assignment);
      const auto& stretch = work.stretch;
      const std::uint32_t end = work.items_max == 0
                                    ? stretch.end()
                                    : std::min(stretch.first + work.items_max, stretch.end());
      for (std::uint32_t first = end; first < stretch.end(); first += work.items_max)
        batch.give_back(
            assignment.attempt,
            {{.stretch = items(first, std::min(first + work.items_max, stretch.end()))}});
      if (killer >= stretch.first && killer < end)
        ++run;  // It dies, and the next run takes its place.
      else
        CHECK(batch.report(assignment.attempt, items(stretch.first, end)).held);
    }
    CHECK(gave_up == 1);
    CHECK(run <= 2 + 8);
    CHECK(batch.state() == State::finalizing);
    CHECK(batch.view().counts.succeeded == 9);
    CHECK(batch.view().counts.errored == 1);
  }
}

TEST_CASE("batch: a suspect is worked on → no other suspect beside it, nor for who has leases") {
  BatchActor batch;
  batch.plan(2);
  // Both spans lapse twice.
  for (const std::uint64_t run : {1ULL, 2ULL}) {
    (void)batch.claim(0, run);
    (void)batch.claim(0, run);
  }
  const auto first = batch.claim(0, 3);
  CHECK(predict_work(first).items_max == 2);
  CHECK(is_idle(batch.claim(1, 7)));
  CHECK(is_idle(batch.tell(Claim{.runner = 0, .run = 3, .has_leases = true, .pulse = two_wanted})));
  batch.give_back(first.attempt, {{.stretch = items(5, 10)}});
  CHECK(batch.report(first.attempt, items(0, 5)).held);
  CHECK(predicted(batch.claim(0, 3)) == items(5, 10));
  CHECK(is_idle(batch.tell(Claim{.runner = 0, .run = 3, .has_leases = true, .pulse = {}})));
  CHECK(predict_work(batch.claim(1, 7)).stretch == items(10, 20));
}

}  // namespace
}  // namespace edgebatch::actors::batch
