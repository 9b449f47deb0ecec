// The batch and its runners: seats, leases, reports; and what the index hears of it.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

// ---- Leases

TEST_CASE("batch: spans are claimed → the lowest first, each under an attempt of its own") {
  BatchActor batch;
  batch.plan(3);
  for (const std::uint32_t place : {0U, 1U, 2U}) {
    const auto assignment = batch.claim(place % 2, 1 + place % 2);
    CHECK(predicted(assignment) == BatchActor::stretches(3)[place]);
    CHECK(assignment.attempt == 2 + place);
    CHECK(assignment.job.model == "m1");
  }
  CHECK(is_idle(batch.claim()));
}

TEST_CASE("batch: a runner that it has no seat for → nothing to do, nothing is written") {
  BatchActor batch;
  batch.plan(1);
  CHECK(batch.writes_of(Claim{.runner = runners_count_max, .run = 1, .pulse = {}}) == 0);
  CHECK(is_idle(batch.claim(runners_count_max)));
}

TEST_CASE(
    "batch: a lease is renewed → it lasts a lease longer from then on; else it is free again") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  batch.now += ledger::lease_ms_max - 1;
  CHECK(batch.renew(lease.attempt).held);
  batch.now += ledger::lease_ms_max - 1;
  CHECK(is_idle(batch.claim(1)));
  CHECK(batch.renew(lease.attempt).held);
  batch.now += ledger::lease_ms_max;
  CHECK_FALSE(batch.renew(lease.attempt).held);
  const auto again = batch.claim(1);
  CHECK(predicted(again) == predicted(lease));
  CHECK(again.attempt > lease.attempt);
  CHECK(batch.spans()[0].lapses == 1);
}

TEST_CASE("batch: attempts that were never given out, or are over → not held") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  for (const ledger::Attempt other : {0U, 1U, lease.attempt + 1}) {
    CHECK_FALSE(batch.renew(other).held);
    CHECK_FALSE(batch.report(other, predicted(lease)).held);
    batch.give_back(other);
  }
  CHECK(batch.renew(lease.attempt).held);
}

TEST_CASE(
    "batch: another run of the same runner claims → the earlier one's leases are free again") {
  BatchActor batch;
  batch.plan(3);
  const auto stale = batch.claim(0, 1);
  const auto others = batch.claim(1, 5);
  const auto fresh = batch.claim(0, 2);
  CHECK(predicted(fresh) == predicted(stale));
  CHECK_FALSE(batch.renew(stale.attempt).held);
  CHECK_FALSE(batch.report(stale.attempt, predicted(stale)).held);
  CHECK(batch.renew(others.attempt, 1).held);
  CHECK(batch.renew(fresh.attempt).held);
  // A run keeps its leases when it claims more.
  (void)batch.claim(0, 2);
  CHECK(batch.renew(fresh.attempt).held);
}

TEST_CASE(
    "batch: another run of the planning runner claims → it plans, the earlier plan is too late") {
  BatchActor batch;
  (void)batch.start();
  const auto stale = batch.claim(0, 1);
  const auto fresh = batch.claim(0, 2);
  REQUIRE(std::holds_alternative<PlanWork>(fresh.work));
  CHECK_FALSE(batch.accept(stale.attempt, 1));
  CHECK(batch.accept(fresh.attempt, 1));
}

TEST_CASE("batch: given back → only what wasn't reported is free again") {
  BatchActor batch;
  batch.plan(2);
  const auto lease = batch.claim();
  const auto other = batch.claim(1, 9);
  CHECK(
      batch.report(lease.attempt, {.first = 0, .count = 4, .byte_begin = 0, .byte_end = 40}).held);
  batch.give_back(lease.attempt);
  CHECK_FALSE(batch.renew(lease.attempt).held);
  CHECK(batch.renew(other.attempt, 1).held);
  CHECK(predicted(batch.claim()) ==
        ledger::Stretch{.first = 4, .count = 6, .byte_begin = 40, .byte_end = 100});
}

// ---- Reports

TEST_CASE("batch: a stretch is reported → counted once, however often it is reported") {
  BatchActor batch;
  batch.plan(2);
  const auto lease = batch.claim();
  for (int i = 0; i < 3; ++i) {
    CHECK(batch.report(lease.attempt, predicted(lease)).held);
    const auto view = batch.view();
    CHECK(view.counts.succeeded == 10);
    CHECK(view.lines[0] == 10);
    CHECK(view.usage.total == 10);
  }
}

TEST_CASE("batch: the same stretch under another number or with other counts → not taken") {
  BatchActor batch;
  batch.plan(2);
  const auto lease = batch.claim();
  auto wrong = BatchActor::report_of(lease.attempt, predicted(lease));
  wrong.shard.counts.succeeded = 9;
  CHECK_FALSE(batch.tell(wrong).held);
  CHECK(batch.report(lease.attempt, predicted(lease), 0).held);
  CHECK_FALSE(batch.report(lease.attempt, predicted(lease), 1).held);
  CHECK(batch.view().counts.succeeded == 10);
}

TEST_CASE("batch: a report keeps the rest of the lease alive, and its runner's seat") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  batch.now += ledger::lease_ms_max - 1;
  CHECK(
      batch.report(lease.attempt, {.first = 2, .count = 3, .byte_begin = 20, .byte_end = 50}).held);
  batch.now += ledger::lease_ms_max - 1;
  CHECK(batch.renew(lease.attempt).held);
}

TEST_CASE("batch: reports after the end → what was accepted stays accepted, nothing else is") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  CHECK(batch.report(lease.attempt, predicted(lease)).held);
  batch.publish();
  CHECK(batch.report(lease.attempt, predicted(lease)).held);
  CHECK_FALSE(batch.report(lease.attempt, predicted(lease), 1).held);
  CHECK_FALSE(batch.report(lease.attempt + 1, predicted(lease)).held);
}

// ---- Seats and invitations

std::vector<Bytes> invited(const BatchActor& batch) {
  std::vector<Bytes> subjects;
  for (const Letter& letter : batch.letters)
    if (letter.subject.starts_with("invite/")) subjects.push_back(letter.subject);
  return subjects;
}

TEST_CASE(
    "batch: an invited runner isn't heard of for a lease → invited again, under a new number") {
  BatchActor batch;
  (void)batch.start();
  batch.acknowledge(*batch.letter("invite/0"));
  batch.wait(ledger::lease_ms_max - 1);
  (void)batch.take_posted();
  batch.wait(1);
  const auto again = batch.pending("invite/0");
  REQUIRE(again);
  CHECK(again->revision == 2);
  CHECK(command_in<runner::Invite>(*again)->number == 2);
}

TEST_CASE("batch: a runner that is heard of → keeps its seat for a lease from then on") {
  BatchActor batch;
  batch.plan(3);
  const auto lease = batch.claim(0);
  const auto other = batch.claim(1, 4);
  for (int i = 0; i < 4; ++i) {
    batch.now += ledger::lease_ms_max - 1;
    CHECK(batch.renew(lease.attempt, 0).held);
    CHECK(batch.renew(other.attempt, 1).held);
    CHECK(invited(batch).empty());
  }
}

TEST_CASE("batch: a run ends because nothing is left, then something is → its runner is invited") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim(0);
  CHECK(is_idle(batch.claim(1, 4)));
  CHECK(invited(batch).empty());
  batch.give_back(lease.attempt);
  CHECK(invited(batch) == std::vector<Bytes>{"invite/1"});
}

TEST_CASE("batch: there is nothing to claim → nobody is invited") {
  BatchActor batch;
  batch.plan(1);
  (void)batch.claim(0);
  (void)batch.claim(1, 4);
  for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
  batch.now += ledger::lease_ms_max - 1;
  batch.alarm();
  CHECK(invited(batch).empty());
  batch.now += 1;  // The lease runs out.
  batch.alarm();
  CHECK(invited(batch) == std::vector<Bytes>{"invite/0", "invite/1"});
}

TEST_CASE("batch: an old invitation is acknowledged → the new one stays on its way") {
  BatchActor batch;
  (void)batch.start();
  const auto first = *batch.letter("invite/0");
  batch.wait(ledger::lease_ms_max);
  batch.acknowledge(first);
  batch.wait(redelivery_ms_max);
  CHECK(batch.pending("invite/0")->revision >= 2);
}

// ---- The index

std::optional<tenant::IndexBatch> indexed(const BatchActor& batch) {
  const auto letter = batch.letter("index");
  if (!letter) return std::nullopt;
  return command_in<tenant::IndexBatch>(*letter);
}

TEST_CASE("batch: it enters a state → the index hears of it at once") {
  BatchActor batch;
  (void)batch.start();
  (void)batch.accept(batch.claim().attempt, 1);
  REQUIRE(indexed(batch));
  CHECK(indexed(batch)->view.state == State::in_progress);
  const auto lease = batch.claim();
  (void)batch.report(lease.attempt, predicted(lease));
  REQUIRE(indexed(batch));
  CHECK(indexed(batch)->view.state == State::finalizing);
  batch.publish();
  REQUIRE(indexed(batch));
  CHECK(indexed(batch)->view.state == State::completed);
}

TEST_CASE("batch: counts move → the index hears of them every five seconds, no more and no less") {
  BatchActor batch;
  batch.plan(1);
  const auto lease = batch.claim();
  for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
  const Ms planned_at = batch.now;
  const auto report_item = [&](std::uint32_t item) {
    (void)batch.report(
        lease.attempt,
        {.first = item, .count = 1, .byte_begin = item * 10ULL, .byte_end = item * 10ULL + 10},
        item);
  };
  batch.now += 1'000;
  report_item(0);
  CHECK_FALSE(indexed(batch));
  batch.now = planned_at + index_interval_ms - 1;
  report_item(1);
  CHECK_FALSE(indexed(batch));
  CHECK(*batch.wake_at <= planned_at + index_interval_ms);
  batch.now = planned_at + index_interval_ms;
  batch.alarm();
  REQUIRE(indexed(batch));
  CHECK(indexed(batch)->view.counts.succeeded == 2);
  const auto revision = indexed(batch)->revision;
  batch.acknowledge(*batch.letter("index"));

  report_item(2);
  CHECK_FALSE(indexed(batch));
  batch.wait(index_interval_ms);
  const auto later = batch.pending("index");
  REQUIRE(later);
  CHECK(later->revision == revision + 1);
}

TEST_CASE("batch: nothing moves → the index hears nothing") {
  BatchActor batch;
  batch.plan(1);
  (void)batch.claim();
  batch.acknowledge(*batch.pending("index"));
  (void)batch.take_posted();
  batch.wait(ledger::lease_ms_max - 1);
  CHECK_FALSE(batch.pending("index"));
}

TEST_CASE("batch: every view that leaves it → under a revision of its own, rising") {
  BatchActor batch;
  std::uint64_t last = 0;
  const auto rises = [&](std::uint64_t revision) {
    CHECK(revision > last);
    last = revision;
  };
  rises(std::get<Indexed>(batch.start()).revision);
  rises(std::get<Indexed>(batch.start()).revision);
  (void)batch.accept(batch.claim().attempt, 1);
  rises(batch.pending("index")->revision);
  rises(std::get<Indexed>(batch.cancel()).revision);
  rises(std::get<Indexed>(batch.cancel()).revision);
  batch.work_off(3);
  batch.publish();
  rises(batch.pending("index")->revision);
}

// ---- Time

TEST_CASE("batch: the host's clock goes back → the batch's doesn't") {
  BatchActor batch;
  batch.plan(2);
  const auto lease = batch.claim();
  batch.now += 50'000;
  CHECK(batch.renew(lease.attempt).held);
  batch.now -= 40'000;
  (void)batch.cancel();
  const auto entered = batch.record().entered_ms;
  CHECK(entered[static_cast<std::size_t>(State::cancelling)] == started_at + 50'000);
  CHECK(batch.renew(lease.attempt).held);
  batch.now = started_at + 50'000 + ledger::lease_ms_max - 1;
  CHECK(batch.renew(lease.attempt).held);
}

TEST_CASE("batch: an alarm is hours late → everything that was due happens then") {
  BatchActor batch;
  batch.plan(2);
  (void)batch.claim();
  batch.now = started_at + 3 * window_ms;
  batch.alarm();
  CHECK(batch.state() == State::expiring);
  CHECK(invited(batch).size() == 2);
  CHECK(batch.spans()[0].state == ledger::SpanState::todo);
}

// ---- Size

TEST_CASE(
    "batch: 100,000 items in large shards → rows within 64 KB after every turn, record within 4 "
    "KB") {
  BatchActor batch;
  (void)batch.start();
  const auto plan = batch.claim();
  std::vector<ledger::Stretch> stretches;
  for (std::uint32_t first = 0; first < 100'000; first += 500)
    stretches.push_back({.first = first,
                         .count = 500,
                         .byte_begin = first * 2'000ULL,
                         .byte_end = (first + 500) * 2'000ULL});
  REQUIRE(batch.tell(
      ReportPlan{.runner = 0,
                 .attempt = plan.attempt,
                 .plan = Accepted{.model = Bytes(200, 'm'), .stretches = stretches, .lines = {}}}));
  std::size_t writes_max = 0;
  for (const auto& stretch : stretches) {
    const auto lease = batch.claim();
    REQUIRE(predicted(lease) == stretch);
    auto report = BatchActor::report_of(lease.attempt, stretch);
    report.shard.counts = {.succeeded = 300, .errored = 200, .canceled = 0, .expired = 0};
    report.shard.lines = {300, 200};
    report.shard.lengths = {600'000, 400'000};
    report.shard.usage = {.input = 1'000'000,
                          .input_cached = 1'000'000,
                          .output = 1'000'000,
                          .output_reasoning = 1'000'000,
                          .total = 2'000'000};
    const std::size_t before = batch.rows.writes();
    REQUIRE(batch.tell(report).held);
    writes_max = std::max(writes_max, batch.rows.writes() - before);
  }
  CHECK(batch.state() == State::finalizing);
  CHECK(batch.view().counts.total() == 100'000);
  CHECK(batch.rows.bytes() > 10'000);  // They are all there.
  CHECK(writes_max < 10);              // A report writes what it changes, not the ledger.
  batch.publish();
}

TEST_CASE("batch: errors as long as they get → the record stays within 4 KB") {
  BatchActor batch;
  (void)batch.start();
  Refused refused{.errors_count = 1'000, .errors = {}, .errors_object = Bytes(120, 'o')};
  // A hundred characters of four bytes are quoted, and an ellipsis.
  for (std::uint64_t line = 1; line <= dialects::errors_shown_count_max; ++line)
    refused.errors.push_back({.line = 10'000 + line,
                              .code = validation::ErrorCode::url_unsupported,
                              .param = "body.messages",
                              .detail = Bytes(100 * 4 + 3, 'x')});
  CHECK(batch.tell(ReportPlan{.runner = 0, .attempt = batch.claim().attempt, .plan = refused}));
  CHECK(wire::encode(batch.record()).size() > 3'000);
}

}  // namespace
}  // namespace edgebatch::actors::batch
