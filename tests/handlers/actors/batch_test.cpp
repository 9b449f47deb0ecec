// How a batch begins, is planned and is cancelled, turn by turn.
#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

constexpr std::array<State, 9> all_states{State::validating, State::in_progress, State::finalizing,
                                          State::completed,  State::failed,      State::cancelling,
                                          State::cancelled,  State::expiring,    State::expired};

// ---- Start and abandon

TEST_CASE(
    "batch: started → validating, its first runner invited, its row for the index carried along") {
  BatchActor batch;
  const auto reply = batch.start();
  REQUIRE(std::holds_alternative<Indexed>(reply));
  const auto& [revision, view] = std::get<Indexed>(reply);
  CHECK(revision == 1);
  CHECK(view.id == batch_id);
  CHECK(view.state == State::validating);
  CHECK(view.request == "a request");
  CHECK(view.input_file == "file-1");
  CHECK(view.expires_at_ms == started_at + window_ms);
  CHECK(view.total == 0);

  REQUIRE(batch.letters.size() == 1);
  CHECK(batch.letters[0].subject == "invite/0");
  CHECK(receiver_of(batch.letters[0]) == batch_id + "/0");
  CHECK(command_in<runner::Invite>(batch.letters[0])->number == 1);
}

TEST_CASE("batch: nobody carries its row along → a letter does, two seconds later") {
  BatchActor batch;
  (void)batch.start();
  batch.acknowledge(*batch.letter("invite/0"));
  CHECK(batch.wake_at == started_at + index_grace_ms);
  batch.now += index_grace_ms;
  batch.alarm();
  const auto letter = batch.letter("index");
  REQUIRE(letter);
  CHECK(receiver_of(*letter) == "dev");
  const auto index = command_in<tenant::IndexBatch>(*letter);
  REQUIRE(index);
  CHECK(index->revision == 1);
  CHECK(index->view.state == State::validating);
}

TEST_CASE("batch: started twice → one batch, left as it is") {
  for (const State state : all_states) {
    CAPTURE(lifecycle::name(state));
    BatchActor batch;
    batch.reach(state);
    const Bytes before = wire::encode(batch.view());
    dialects::BatchView listed = batch.view();
    listed.runners = 0;  // As lists have it.
    Start other = BatchActor::a_start(1'000);
    other.request = "another request";
    const auto reply = batch.tell(other);
    REQUIRE(std::holds_alternative<Indexed>(reply));
    CHECK(wire::encode(std::get<Indexed>(reply).view) == wire::encode(listed));
    CHECK(wire::encode(batch.view()) == before);
  }
}

TEST_CASE("batch: abandoned before it started → it never may") {
  BatchActor batch;
  CHECK(batch.tell(Abandon{}) == Abandon::Reply::abandoned);
  CHECK_FALSE(batch.wake_at);
  CHECK(batch.tell(Abandon{}) == Abandon::Reply::abandoned);
  CHECK(code_of(batch.start()) == ProblemCode::unanswered);
  CHECK(code_of(batch.tell(Retrieve{.tenant = "dev"})) == ProblemCode::batch_not_found);
}

TEST_CASE("batch: abandoned after it started → it says so and goes on") {
  BatchActor batch;
  (void)batch.start();
  const std::size_t writes = batch.rows.writes();
  CHECK(batch.tell(Abandon{}) == Abandon::Reply::started);
  CHECK(batch.rows.writes() == writes);
}

TEST_CASE("batch: it doesn't exist → every command says so, and nothing is written") {
  BatchActor batch;
  CHECK(code_of(batch.tell(Retrieve{.tenant = "dev"})) == ProblemCode::batch_not_found);
  CHECK(code_of(batch.cancel()) == ProblemCode::batch_not_found);
  CHECK(code_of(batch.tell(Sections{.tenant = "dev", .stream = 0})) ==
        ProblemCode::batch_not_found);
  CHECK(is_idle(batch.claim()));
  CHECK_FALSE(batch.renew(1).held);
  CHECK_FALSE(batch.accept(1, 1));
  CHECK_FALSE(batch.report(1, {.first = 0, .count = 1, .byte_begin = 0, .byte_end = 1}).held);
  batch.give_back(1);
  (void)batch.tell(ForgetResults{.stream = 0});
  batch.acknowledge({.subject = "results", .revision = 1, .errand = {}});
  batch.alarm();
  CHECK(batch.rows.writes() == 0);
  CHECK_FALSE(batch.wake_at);
}

TEST_CASE("batch: another tenant → there is no such batch, and nothing is written") {
  for (const State state : all_states) {
    BatchActor batch;
    batch.reach(state);
    const std::size_t writes = batch.rows.writes();
    CHECK(code_of(batch.tell(Retrieve{.tenant = "dev-2"})) == ProblemCode::batch_not_found);
    CHECK(code_of(batch.tell(Cancel{.tenant = "dev-2"})) == ProblemCode::batch_not_found);
    CHECK(code_of(batch.tell(Sections{.tenant = "dev-2", .stream = 0})) ==
          ProblemCode::batch_not_found);
    CHECK(batch.rows.writes() == writes);
  }
}

TEST_CASE("batch: a command of another version, or none at all → no reply, nothing is written") {
  BatchActor batch;
  (void)batch.start();
  const std::size_t writes = batch.rows.writes();
  for (const View command : {View("\x05unknown", 8), View("\xFF"),
                             View("\x05"
                                  "claim"
                                  "\xFF\xFF",
                                  8)})
    CHECK(batch.turn(command).empty());
  CHECK(batch.rows.writes() == writes);
}

// ---- Reading

TEST_CASE("batch: what only reads → writes nothing, in every state") {
  for (const State state : all_states) {
    CAPTURE(lifecycle::name(state));
    BatchActor batch;
    batch.reach(state);
    CHECK(batch.writes_of(Retrieve{.tenant = "dev"}) == 0);
    CHECK(batch.writes_of(Sections{.tenant = "dev", .stream = 0}) == 0);
    CHECK(batch.writes_of(Renew{.runner = 0, .attempts = {99}, .pulse = {}}) == 0);
    CHECK(batch.writes_of(GiveBack{.runner = 0, .attempt = 99, .parts = {}}) == 0);
  }
}

// ---- Cancel

TEST_CASE("batch: cancelled in every state → as the table of the lifecycle says") {
  for (const State state : all_states) {
    CAPTURE(lifecycle::name(state));
    BatchActor batch;
    batch.reach(state);
    const Bytes before = wire::encode(batch.view());
    const auto reply = batch.cancel();
    const auto next = lifecycle::next(state, lifecycle::Event::cancel);
    if (!next) {
      CHECK(code_of(reply) == ProblemCode::batch_not_cancellable);
      // Clients know nothing of the states inside.
      const State said = state == State::expiring ? State::expired : state;
      CHECK(std::get<Problem>(reply).detail == lifecycle::name(said));
      CHECK(wire::encode(batch.view()) == before);
      continue;
    }
    REQUIRE(std::holds_alternative<Indexed>(reply));
    CHECK(std::get<Indexed>(reply).view.state == *next);
    CHECK(batch.state() == *next);
    if (*next == state) CHECK(wire::encode(batch.view()) == before);
  }
}

TEST_CASE("batch: cancelled twice → one cancel, with its first time") {
  BatchActor batch;
  batch.plan(2);
  (void)batch.cancel();
  batch.now += 5'000;
  const auto again = batch.cancel();
  REQUIRE(std::holds_alternative<Indexed>(again));
  CHECK(std::get<Indexed>(again).view.entered_ms[static_cast<std::size_t>(State::cancelling)] ==
        started_at);
}

TEST_CASE("batch: cancelled while it runs → nothing is predicted any more, the rest is drained") {
  BatchActor batch;
  batch.plan(3);
  const auto first = batch.claim();
  (void)batch.cancel();
  CHECK(batch.renew(first.attempt).halt == Halt::cancelled);
  // What is paid for is still taken.
  CHECK(batch.report(first.attempt, predicted(first)).held);
  const auto drain = drained(batch.claim());
  CHECK(drain.why == dialects::Unanswered::cancelled);
  CHECK(drain.stretch ==
        ledger::Stretch{.first = 10, .count = 20, .byte_begin = 100, .byte_end = 300});
  batch.work_off(2);
  batch.publish();
  CHECK(batch.state() == State::cancelled);
  const auto view = batch.view();
  CHECK(view.counts.succeeded == 10);
  CHECK(view.counts.canceled == 20);
  CHECK(view.counts.total() == view.total);
}

TEST_CASE("batch: cancelled before it was planned → planned for its ranges only, then drained") {
  BatchActor batch;
  (void)batch.start();
  (void)batch.cancel();
  const auto plan = batch.claim();
  REQUIRE(std::holds_alternative<PlanWork>(plan.work));
  CHECK(std::get<PlanWork>(plan.work).ranges_only);
  CHECK(batch.accept(plan.attempt, 2));
  CHECK(batch.state() == State::cancelling);
  CHECK(drained(batch.claim()).stretch.count == 20);
}

TEST_CASE("batch: cancelled while it is planned → that plan counts, and is drained") {
  BatchActor batch;
  (void)batch.start();
  const auto plan = batch.claim();
  CHECK_FALSE(std::get<PlanWork>(plan.work).ranges_only);
  (void)batch.cancel();
  CHECK(batch.accept(plan.attempt, 1));
  CHECK(batch.state() == State::cancelling);
  CHECK(drained(batch.claim()).why == dialects::Unanswered::cancelled);
}

TEST_CASE(
    "batch: cancelled or expired, and its input can't be read → ends at once, without files") {
  for (const bool by_client : {true, false}) {
    BatchActor batch;
    (void)batch.start();
    const auto plan = batch.claim();
    if (by_client) {
      (void)batch.cancel();
    } else {
      batch.now = started_at + 30'000;
      (void)batch.renew(plan.attempt);  // The lease outlives the window.
      batch.now = started_at + window_ms;
      batch.alarm();
    }
    const auto again = by_client ? plan : batch.claim(0, 2);
    CHECK(batch.refuse(again.attempt));
    CHECK(batch.state() == (by_client ? State::cancelled : State::expired));
    CHECK_FALSE(batch.pending("results"));
    const auto view = batch.view();
    CHECK(view.result_files == std::array<Bytes, 2>{});
    CHECK(view.errors.empty());  // Errors are for failed batches.
  }
}

// ---- Plan

TEST_CASE("batch: the first claim → the plan, with what is needed for it") {
  BatchActor batch;
  (void)batch.start();
  const auto plan = batch.claim();
  REQUIRE(std::holds_alternative<PlanWork>(plan.work));
  CHECK(plan.attempt == 1);
  CHECK(plan.lease_ms == ledger::lease_ms_max);
  CHECK(plan.job.tenant == "dev");
  CHECK(plan.job.request == "a request");
  CHECK(plan.job.input.prefix == "in/dev/f/");
  CHECK(plan.job.output_prefix == "out/dev/" + batch_id + "/");
  CHECK(plan.job.model.empty());
  CHECK(is_idle(batch.claim(1)));  // One plans at a time.
}

TEST_CASE("batch: a plan is accepted → in progress, counted, a second runner invited") {
  BatchActor batch;
  (void)batch.start();
  CHECK(batch.accept(batch.claim().attempt, 3));
  const auto view = batch.view();
  CHECK(view.state == State::in_progress);
  CHECK(view.total == 30);
  CHECK(view.model == "m1");
  CHECK_FALSE(batch.letter("invite/0"));  // It is at work.
  CHECK(batch.pending("invite/1"));
}

TEST_CASE("batch: a plan under another attempt → not taken; the same plan again → success") {
  BatchActor batch;
  (void)batch.start();
  const auto plan = batch.claim();
  CHECK_FALSE(batch.accept(plan.attempt + 1, 2));
  CHECK_FALSE(batch.accept(0, 2));
  CHECK(batch.accept(plan.attempt, 2));
  CHECK(batch.accept(plan.attempt, 5));
  CHECK(batch.view().total == 20);
}

TEST_CASE(
    "batch: the lease on planning runs out → another plans; the first one's plan is too late") {
  BatchActor batch;
  (void)batch.start();
  const auto first = batch.claim();
  batch.now += ledger::lease_ms_max - 1;
  CHECK(is_idle(batch.claim(1)));
  batch.now += 1;
  const auto second = batch.claim(1);
  REQUIRE(std::holds_alternative<PlanWork>(second.work));
  CHECK(second.attempt == first.attempt + 1);
  CHECK_FALSE(batch.accept(first.attempt, 1));
  CHECK(batch.accept(second.attempt, 2));
}

TEST_CASE("batch: the lease on planning is renewed → it lasts") {
  BatchActor batch;
  (void)batch.start();
  const auto plan = batch.claim();
  for (int i = 0; i < 5; ++i) {
    batch.now += ledger::lease_ms_max - 1;
    CHECK(batch.renew(plan.attempt).held);
  }
  CHECK(batch.accept(plan.attempt, 1));
}

TEST_CASE("batch: the plan is given back → claimed anew at once") {
  BatchActor batch;
  (void)batch.start();
  const auto first = batch.claim();
  batch.give_back(first.attempt);
  CHECK_FALSE(batch.renew(first.attempt).held);
  CHECK(std::holds_alternative<PlanWork>(batch.claim().work));
}

TEST_CASE("batch: refused → failed, with its errors, and nothing left to do") {
  BatchActor batch;
  (void)batch.start();
  CHECK(batch.refuse(batch.claim().attempt));
  const auto view = batch.view();
  CHECK(view.state == State::failed);
  CHECK(view.errors_count == 2);
  CHECK(view.errors.size() == 1);
  CHECK(view.errors_object == "out/dev/b/1.0.errors");
  CHECK(view.total == 0);
  CHECK(is_idle(batch.claim()));
  for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
  CHECK_FALSE(batch.wake_at);
}

TEST_CASE("batch: its input is missing → failed as soon as its alarm goes off, nobody is invited") {
  BatchActor batch;
  Start start = BatchActor::a_start();
  start.input = {.file_id = "file-9",
                 .stream = {},
                 .missing = validation::LineError{.line = 0,
                                                  .code = validation::ErrorCode::file_not_found,
                                                  .param = "file_id",
                                                  .detail = "file-9"}};
  CHECK(std::get<Indexed>(batch.tell(start)).view.state == State::validating);
  CHECK(batch.wake_at == batch.now);
  CHECK(batch.letters.empty());
  batch.alarm();
  const auto view = batch.view();
  CHECK(view.state == State::failed);
  REQUIRE(view.errors.size() == 1);
  CHECK(view.errors[0].detail == "file-9");
}

}  // namespace
}  // namespace edgebatch::actors::batch
