// The batch's lifecycle, turn by turn.
#include <catch_amalgamated.hpp>

#include "core/text/number.hpp"

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
    Start other = BatchActor::a_start(1'000);
    other.request = "another request";
    const auto reply = batch.tell(other);
    REQUIRE(std::holds_alternative<Indexed>(reply));
    CHECK(wire::encode(std::get<Indexed>(reply).view) == before);
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
    CHECK(batch.writes_of(Renew{.runner = 0, .attempt = 99}) == 0);
    CHECK(batch.writes_of(GiveBack{.runner = 0, .attempt = 99}) == 0);
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
  CHECK(drain.why == Halt::cancelled);
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
  CHECK(drained(batch.claim()).why == Halt::cancelled);
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

// ---- Expiry

TEST_CASE("batch: its window is over → expiring from the very millisecond") {
  for (const bool planned : {false, true}) {
    BatchActor batch;
    if (planned)
      batch.plan(2);
    else
      (void)batch.start();
    batch.now = started_at + window_ms - 1;
    CHECK(batch.view().state == (planned ? State::in_progress : State::validating));
    batch.now += 1;
    batch.alarm();
    CHECK(batch.state() == State::expiring);
    CHECK(batch.letter("index"));  // At once.
  }
}

TEST_CASE("batch: expired → drained, and what never ran says so") {
  BatchActor batch;
  batch.reach(State::expired);
  const auto view = batch.view();
  CHECK(view.counts.expired == 30);
  CHECK(view.result_files[0].empty());
  CHECK_FALSE(view.result_files[1].empty());
}

TEST_CASE("batch: expiry while finalizing → it is done in time") {
  BatchActor batch;
  batch.reach(State::finalizing);
  batch.now = started_at + window_ms;
  batch.alarm();
  CHECK(batch.state() == State::finalizing);
  batch.publish();
  CHECK(batch.state() == State::completed);
}

TEST_CASE("batch: without a window → it never expires") {
  BatchActor batch;
  (void)batch.start(std::nullopt);
  REQUIRE(batch.accept(batch.claim().attempt, 1));
  CHECK_FALSE(batch.view().expires_at_ms);
  batch.now += 1'000 * window_ms;
  batch.alarm();
  CHECK(batch.state() == State::in_progress);
}

// ---- Publishing

TEST_CASE(
    "batch: every item has its line → finalizing, and the tenant is asked to register the files") {
  BatchActor batch;
  batch.plan(1);
  const auto work = batch.claim();
  auto mixed = BatchActor::report_of(work.attempt, predicted(work));
  mixed.shard.counts = {.succeeded = 7, .errored = 3, .canceled = 0, .expired = 0};
  mixed.shard.lengths = {140, 60};
  mixed.shard.lines = {7, 3};
  batch.now += 1'234;
  CHECK(batch.tell(mixed).held);
  CHECK(batch.state() == State::finalizing);

  const auto letter = batch.letter("results");
  REQUIRE(letter);
  CHECK(receiver_of(*letter) == "dev");
  const auto files = command_in<tenant::RegisterResults>(*letter)->files;
  REQUIRE(files.size() == 2);
  for (const std::uint32_t stream : {0U, 1U}) {
    const auto& file = files[stream];
    CHECK(file.stream == stream);
    CHECK(file.view.id == "file-" + text::hex(static_cast<std::uint64_t>(started_at + 1'234), 12) +
                              Bytes(20, stream == 0 ? '1' : '2'));
    CHECK(file.view.bytes == (stream == 0 ? 140 : 60));
    CHECK(file.view.purpose == "batch_output");
    CHECK(file.view.created_at_ms == started_at + 1'234);
    CHECK(file.view.expires_at_ms == started_at + 1'234 + 30 * window_ms);
  }
  // Not shown before it is registered.
  CHECK(batch.view().result_files == std::array<Bytes, 2>{});

  batch.now += 1;
  batch.acknowledge(*letter);
  const auto view = batch.view();
  CHECK(view.state == State::completed);
  CHECK(view.result_files == std::array<Bytes, 2>{files[0].view.id, files[1].view.id});
  CHECK(view.counts.succeeded == 7);
  CHECK(view.counts.errored == 3);
  CHECK(view.lines == std::array<std::uint32_t, 2>{7, 3});
  CHECK(view.usage.total == 10);
}

TEST_CASE("batch: a stream without lines → no file of it") {
  BatchActor batch;
  batch.reach(State::completed);
  const auto view = batch.view();
  CHECK_FALSE(view.result_files[0].empty());
  CHECK(view.result_files[1].empty());
}

TEST_CASE("batch: the registration isn't acknowledged → asked for again, the same letter") {
  BatchActor batch;
  batch.reach(State::finalizing);
  const auto first = batch.pending("results");
  REQUIRE(first);
  batch.wait(redelivery_ms_min);
  const auto second = batch.pending("results");
  REQUIRE(second);
  CHECK(second->revision == first->revision);
  CHECK(std::get<ToActor>(second->errand).command == std::get<ToActor>(first->errand).command);
  CHECK(batch.state() == State::finalizing);
}

TEST_CASE(
    "batch: acknowledged twice, or something else acknowledged → one end, with its first time") {
  BatchActor batch;
  batch.reach(State::finalizing);
  const auto results = *batch.pending("results");
  Letter other = results;
  other.revision = 2;
  batch.acknowledge(other);
  CHECK(batch.state() == State::finalizing);
  batch.acknowledge(results);
  CHECK(batch.state() == State::completed);
  const Bytes view = wire::encode(batch.view());
  batch.now += 1'000;
  batch.acknowledge(results);
  CHECK(wire::encode(batch.view()) == view);
}

TEST_CASE("batch: it has ended and its letters are acknowledged → nothing is waited for") {
  for (const State state : {State::completed, State::failed, State::cancelled, State::expired}) {
    CAPTURE(lifecycle::name(state));
    BatchActor batch;
    batch.reach(state);
    batch.wait(2 * redelivery_ms_max);
    for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
    CHECK_FALSE(batch.wake_at);
    CHECK(is_idle(batch.claim()));
    CHECK_FALSE(batch.wake_at);
  }
}

// ---- Results

TEST_CASE("batch: its sections → in the order of items, each stream behind the ones before it") {
  BatchActor batch;
  batch.plan(2);
  const auto low = batch.claim();
  const auto high = batch.claim(1, 7);
  auto second = BatchActor::report_of(high.attempt, predicted(high));
  second.shard.counts = {.succeeded = 4, .errored = 6, .canceled = 0, .expired = 0};
  second.shard.lengths = {40, 60};
  second.shard.lines = {4, 6};
  CHECK(batch.tell(second).held);
  CHECK(std::get<std::vector<http::Section>>(batch.tell(Sections{.tenant = "dev", .stream = 0}))
            .empty());
  CHECK(batch.report(low.attempt, predicted(low), 3).held);

  const auto sections = [&](std::uint32_t stream) {
    return std::get<std::vector<http::Section>>(
        batch.tell(Sections{.tenant = "dev", .stream = stream}));
  };
  const Bytes prefix = "out/dev/" + batch_id + "/";
  const std::vector<http::Section> output{{.key = prefix + "2.3", .offset = 0, .length = 200},
                                          {.key = prefix + "3.0", .offset = 0, .length = 40}};
  const std::vector<http::Section> errors{{.key = prefix + "3.0", .offset = 40, .length = 60}};
  // The tenant may show the files before it has told us so: they are whole from now on.
  CHECK(batch.state() == State::finalizing);
  CHECK(sections(0) == output);
  CHECK(sections(1) == errors);
  batch.publish();
  CHECK(sections(0) == output);
  CHECK(sections(1) == errors);
  CHECK(code_of(batch.tell(Sections{.tenant = "dev", .stream = 2})) ==
        ProblemCode::batch_not_found);
}

TEST_CASE("batch: a result file is forgotten → its objects go when the last one is") {
  BatchActor batch;
  batch.plan(1);
  const auto work = batch.claim();
  auto mixed = BatchActor::report_of(work.attempt, predicted(work));
  mixed.shard.counts = {.succeeded = 5, .errored = 5, .canceled = 0, .expired = 0};
  mixed.shard.lengths = {50, 50};
  CHECK(batch.tell(mixed).held);
  batch.publish();

  (void)batch.tell(ForgetResults{.stream = 1});
  (void)batch.tell(ForgetResults{.stream = 1});
  (void)batch.tell(ForgetResults{.stream = 2});
  CHECK_FALSE(batch.pending("erase"));
  (void)batch.tell(ForgetResults{.stream = 0});
  const auto erase = batch.letter("erase");
  REQUIRE(erase);
  CHECK(std::get<Erasure>(erase->errand).prefix == "out/dev/" + batch_id + "/");
  CHECK(batch.view().state == State::completed);  // The batch object stays.
}

TEST_CASE("batch: it has one result file only → its objects go with that") {
  BatchActor batch;
  batch.reach(State::completed);
  (void)batch.tell(ForgetResults{.stream = 0});
  CHECK(batch.letter("erase"));
}

}  // namespace
}  // namespace edgebatch::actors::batch
