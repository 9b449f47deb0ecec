// A batch whose upstream refuses whatever it is asked; and what a batch says that it waits for.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

using dialects::Waiting;

void park(BatchActor& batch, ledger::Attempt attempt, std::uint32_t status = 401,
          std::uint32_t runner = 0) {
  (void)batch.tell(Park{.runner = runner, .attempt = attempt, .status = status});
}
Waiting refuses(std::uint32_t status, Ms until) {
  return {.what = Waiting::For::upstream_refuses, .status = status, .until_ms = until};
}
std::size_t invitations(BatchActor& batch) {
  const auto posted = batch.take_posted();
  return static_cast<std::size_t>(
      std::count_if(posted.begin(), posted.end(),
                    [](const Letter& letter) { return letter.subject.starts_with("invite/"); }));
}

/// Three spans, the first of which found that everybody is refused; its run has ended.
BatchActor& parked(BatchActor& batch) {
  batch.plan(3);
  const auto lease = batch.claim();
  park(batch, lease.attempt);
  batch.give_back(lease.attempt);
  REQUIRE(is_idle(batch.claim()));
  REQUIRE(is_idle(batch.claim(1, 6)));
  for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
  (void)batch.take_posted();
  return batch;
}
/// At its time a run claims the probe.
Assignment probe(BatchActor& batch, std::uint64_t run) {
  batch.wait_until(batch.record().parking.value().probe_at);
  auto assignment = batch.claim(0, run);
  REQUIRE(std::holds_alternative<PredictWork>(assignment.work));
  return assignment;
}

TEST_CASE("batch: parked → nothing is claimed, nobody is invited, until it is to be probed") {
  BatchActor batch;
  parked(batch);
  CHECK(batch.view().waiting == refuses(401, batch.now + probe_pause_ms_min));
  batch.wait(probe_pause_ms_min - 1);
  CHECK(is_idle(batch.claim()));
  CHECK(is_idle(batch.claim(1, 7)));
  CHECK(invitations(batch) == 0);
  batch.wait(1);
  CHECK(invitations(batch) == 1);
}

TEST_CASE("batch: parked while others work → they keep their leases, hear of it, claim no more") {
  BatchActor batch;
  batch.plan(3);
  const auto lease = batch.claim();
  const auto other = batch.claim(1, 7);
  park(batch, lease.attempt);
  const auto reply = batch.tell(Renew{.runner = 1, .attempts = {other.attempt}, .pulse = {}});
  CHECK(reply.lost.empty());
  CHECK(reply.parked);
  CHECK_FALSE(reply.more);
  CHECK(is_idle(batch.tell(Claim{.runner = 1, .run = 7, .has_leases = true, .pulse = {}})));
  // Nor when it is time to probe: a probe is for who does nothing else.
  batch.now += probe_pause_ms_min;
  CHECK(is_idle(batch.tell(Claim{.runner = 1, .run = 7, .has_leases = true, .pulse = {}})));
}

TEST_CASE("batch: it is time to probe → one runner gets one item, others nothing") {
  BatchActor batch;
  const auto assignment = probe(parked(batch), 2);
  const auto& work = std::get<PredictWork>(assignment.work);
  CHECK(work.probe);
  CHECK(work.items_max == 1);
  CHECK(work.stretch == BatchActor::stretches(3)[0]);
  CHECK(is_idle(batch.claim(1, 7)));
  batch.give_back(assignment.attempt,
                  {{.stretch = {.first = 1, .count = 9, .byte_begin = 10, .byte_end = 100}}});
  CHECK(is_idle(batch.claim(1, 7)));
  CHECK_FALSE(batch.renew(assignment.attempt).more);
}

TEST_CASE("batch: probes are refused → probed again after pauses that double, up to the longest") {
  BatchActor batch;
  parked(batch);
  std::uint64_t run = 2;
  for (Ms pause = 2 * probe_pause_ms_min;; pause = std::min(2 * pause, probe_pause_ms_max)) {
    const auto assignment = probe(batch, run++);
    park(batch, assignment.attempt, 403);
    batch.give_back(assignment.attempt);
    CHECK(batch.view().waiting == refuses(403, batch.now + pause));
    if (pause == probe_pause_ms_max && run > 9) break;
  }
  CHECK(batch.view().total == 30);
  CHECK(batch.view().counts.total() == 0);  // None is burnt.
}

TEST_CASE("batch: it is parked twice → as if once; only a probe makes the pause longer") {
  BatchActor batch;
  batch.plan(3);
  const auto lease = batch.claim();
  const auto other = batch.claim(1, 7);
  park(batch, lease.attempt);
  const Ms probe_at = batch.record().parking.value().probe_at;
  batch.now += 5'000;
  park(batch, lease.attempt);
  park(batch, other.attempt, 404, 1);
  park(batch, 0);
  CHECK(batch.record().parking.value().probe_at == probe_at);
  CHECK(batch.record().parking.value().status == 401);
  batch.give_back(lease.attempt);

  const auto probing = probe(batch, 2);
  park(batch, probing.attempt);
  const Ms next = batch.record().parking.value().probe_at;
  CHECK(next == batch.now + 2 * probe_pause_ms_min);
  batch.now += 1'000;
  park(batch, probing.attempt);  // The answer was lost.
  CHECK(batch.record().parking.value().probe_at == next);
}

TEST_CASE("batch: a probe's line is reported → not parked any more, and all runners are wanted") {
  BatchActor batch;
  const auto assignment = probe(parked(batch), 2);
  (void)batch.take_posted();
  CHECK(batch.report(assignment.attempt, {.first = 0, .count = 1, .byte_begin = 0, .byte_end = 10})
            .more);
  CHECK_FALSE(batch.view().waiting);
  CHECK(invitations(batch) == 1);  // Of the second runner.
  CHECK_FALSE(is_idle(batch.claim(1, 7)));
  // The next time it is parked, it begins with the shortest pause.
  park(batch, assignment.attempt);
  CHECK(batch.view().waiting == refuses(401, batch.now + probe_pause_ms_min));
}

TEST_CASE("batch: somebody else's line is reported while it is parked → it stays parked") {
  BatchActor batch;
  batch.plan(3);
  const auto lease = batch.claim();
  const auto other = batch.claim(1, 7);
  park(batch, lease.attempt);
  CHECK(batch.report(other.attempt, predicted(other)).held);
  CHECK(batch.view().waiting);
}

TEST_CASE("batch: a probe's runner dies → the next run probes when its lease is over") {
  BatchActor batch;
  const auto assignment = probe(parked(batch), 2);
  (void)batch.take_posted();
  batch.wait(ledger::lease_ms_max);
  CHECK(invitations(batch) > 0);
  const auto again = batch.claim(0, 3);
  REQUIRE(std::holds_alternative<PredictWork>(again.work));
  CHECK(std::get<PredictWork>(again.work).probe);
  CHECK(again.attempt > assignment.attempt);
}

TEST_CASE("batch: parked, and cancelled → drained at once") {
  BatchActor batch;
  parked(batch);
  (void)batch.cancel();
  CHECK_FALSE(batch.view().waiting);
  batch.work_off(2);
  CHECK(batch.view().counts.canceled == 30);
}

TEST_CASE("batch: parked when nothing is predicted any more → nothing is written") {
  BatchActor batch;
  batch.reach(State::cancelling);
  CHECK(batch.writes_of(Park{.runner = 0, .attempt = 2, .status = 401}) == 0);
  CHECK_FALSE(batch.record().parking);
}

// ---- What it waits for

TEST_CASE("batch: its upstream is left alone → it says so, and until when") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  CHECK_FALSE(batch.view().waiting);
  Pulse pulse = two_wanted;
  pulse.pause_ms = 20'000;
  (void)batch.tell(Renew{.runner = 0, .attempts = {lease.attempt}, .pulse = pulse});
  CHECK(batch.view().waiting ==
        Waiting{.what = Waiting::For::upstream_unavailable, .until_ms = batch.now + 20'000});
  batch.now += 19'999;
  CHECK(batch.view().waiting);
  batch.now += 1;
  CHECK_FALSE(batch.view().waiting);
}

TEST_CASE("batch: all that is left has to wait → it says so, and until when") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  batch.give_back(lease.attempt,
                  {{.stretch = {.first = 4, .count = 6, .byte_begin = 40, .byte_end = 100},
                    .tries = 1,
                    .wait_ms = 30'000}});
  CHECK_FALSE(batch.view().waiting);  // Others are still worked on.
  (void)batch.report(lease.attempt, {.first = 0, .count = 4, .byte_begin = 0, .byte_end = 40});
  CHECK(batch.view().waiting ==
        Waiting{.what = Waiting::For::retry, .until_ms = batch.now + 30'000});
  batch.now += 30'000;
  CHECK_FALSE(batch.view().waiting);
}

TEST_CASE("batch: it waits for something → lists don't say it; nor does an ended batch") {
  BatchActor batch;
  parked(batch);
  batch.wait_until(started_at + window_ms);
  CHECK(batch.state() == State::expiring);
  CHECK_FALSE(batch.view().waiting);
  const auto letter = batch.pending("index");
  REQUIRE(letter);
  CHECK_FALSE(command_in<tenant::IndexBatch>(*letter)->view.waiting);
}

}  // namespace
}  // namespace edgebatch::actors::batch
