// Batches whose items came with the request: planned anew, condemned, read while they run, and gone
// in the end.
#include <catch_amalgamated.hpp>

#include "core/http/range.hpp"

#include "tests/handlers/actors/batch_actor.hpp"

namespace edgebatch::actors::batch {
namespace {

using dialects::Dialect;

const Bytes output = "out/dev/" + batch_id + "/";
constexpr Ms day_ms = 24 * 3'600'000LL;
constexpr std::array<State, 8> its_states{State::validating, State::in_progress, State::completed,
                                          State::failing,    State::failed,      State::cancelling,
                                          State::cancelled,  State::expired};

class DatagridBatch : public BatchActor {
 public:
  DatagridBatch() : BatchActor(Dialect::datagrid) {}

  Progress::Stored progress(std::uint64_t offset = 0) {
    auto reply = tell(Progress{.tenant = "dev", .dialect = Dialect::datagrid, .offset = offset});
    REQUIRE(std::holds_alternative<Progress::Stored>(reply));
    return std::get<Progress::Stored>(std::move(reply));
  }
  /// What has been posted so far arrives.
  void acknowledge_all() {
    for (const Letter& letter : take_posted()) acknowledge(letter);
  }
};

// ---- Counted items, and a plan of their own

TEST_CASE("batch: its items were counted at its creation → shown so from the start") {
  DatagridBatch batch;
  const auto reply = batch.start();
  REQUIRE(std::holds_alternative<Indexed>(reply));
  CHECK(std::get<Indexed>(reply).view.total == 30);
  CHECK(batch.view().total == 30);
  REQUIRE(batch.accept(batch.claim().attempt, 3));
  CHECK(batch.view().total == 30);
  CHECK(batch.view().counts.total() == 0);
}

TEST_CASE("batch: the plan has written its items anew → runners read them there from then on") {
  DatagridBatch batch;
  (void)batch.start();
  const auto planning = batch.claim();
  CHECK(planning.job.dialect == Dialect::datagrid);
  CHECK(planning.job.input.prefix == "in/dev/inline_1/");
  CHECK(planning.job.brief_key == "in/dev/inline_1/brief");
  const ports::StoredStream lines{.prefix = output + "1.plan/", .bytes = 300};
  REQUIRE(batch.tell(ReportPlan{
      .runner = 0,
      .attempt = planning.attempt,
      .plan = Accepted{.model = "m1", .stretches = BatchActor::stretches(3), .lines = lines}}));
  for (const std::uint32_t runner : {0U, 1U}) {
    const auto work = batch.claim(runner, 5);
    CHECK(work.job.input == lines);
    CHECK(work.job.brief_key == "in/dev/inline_1/brief");
    CHECK(work.job.model == "m1");
  }
}

TEST_CASE("batch: the plan leaves the items where they are → runners read the input") {
  DatagridBatch batch;
  batch.plan(3);
  CHECK(batch.claim().job.input.prefix == "in/dev/inline_1/");
}

TEST_CASE("batch: a concurrency of its own → told to its runners") {
  for (const std::uint32_t concurrency : {0U, 6U}) {
    BatchActor batch;
    Start start = BatchActor::a_start();
    start.concurrency = concurrency;
    (void)batch.tell(start);
    CHECK(batch.claim().job.concurrency == concurrency);
  }
}

// ---- Condemned

TEST_CASE("batch: condemned → shown as validating without its errors, until each item has a line") {
  DatagridBatch batch;
  (void)batch.start();
  batch.now += 5;
  REQUIRE(batch.condemn(batch.claim().attempt));
  CHECK(batch.state() == State::failing);
  const auto view = batch.view();
  CHECK(dialects::shown_state(view) == State::validating);
  CHECK(view.errors.empty());
  CHECK(view.errors_count == 0);
  CHECK(view.errors_object.empty());
  CHECK(view.total == 30);

  std::uint32_t drained_count = 0;
  for (;;) {
    const auto work = batch.claim();
    if (is_idle(work)) break;
    CHECK(work.job.input.prefix == "out/1.plan/");
    const auto drain = drained(work);
    CHECK(drain.why == dialects::Unanswered::refused);
    CHECK(batch.renew(work.attempt).halt == Halt::refused);
    drained_count += drain.stretch.count;
    batch.now += 1'000;
    CHECK(batch.report(work.attempt, drain.stretch, 0, BatchActor::halt_of(drain.why)).held);
    CHECK(batch.view().errors.empty() == (batch.state() == State::failing));
  }
  CHECK(drained_count == 30);

  const auto ended = batch.view();
  CHECK(ended.state == State::failed);
  CHECK(ended.entered_ms[static_cast<std::size_t>(State::failed)] == batch.now);
  CHECK(ended.entered_ms[static_cast<std::size_t>(State::in_progress)] == 0);
  CHECK(ended.counts == ledger::Counts{.errored = 30});
  CHECK(ended.errors_count == 9);
  REQUIRE(ended.errors.size() == 1);
  CHECK(ended.errors[0].custom_id == "c");
  CHECK(ended.errors_object == "out/dev/b/1.0.errors");
}

TEST_CASE("batch: condemned twice, or under a lost lease → once") {
  DatagridBatch batch;
  (void)batch.start();
  const auto attempt = batch.claim().attempt;
  CHECK_FALSE(batch.condemn(attempt + 1));
  CHECK(batch.state() == State::validating);
  REQUIRE(batch.condemn(attempt));
  const std::size_t writes = batch.rows.writes();
  CHECK(batch.condemn(attempt));
  CHECK(batch.accept(attempt, 1));  // Another report of the same plan: that it is known.
  CHECK(batch.rows.writes() == writes);
  CHECK(batch.state() == State::failing);
}

TEST_CASE("batch: condemned, and cancelled or out of time → it fails all the same") {
  DatagridBatch batch;
  batch.reach(State::failing);
  const auto reply = batch.cancel();
  REQUIRE(std::holds_alternative<Problem>(reply));
  CHECK(std::get<Problem>(reply).code == ProblemCode::batch_not_cancellable);
  CHECK(std::get<Problem>(reply).detail == "failed");
  batch.now = started_at + 2 * window_ms;
  batch.alarm();
  CHECK(batch.state() == State::failing);
  batch.work_off();
  CHECK(batch.state() == State::failed);
}

TEST_CASE("batch: cancelled while it is planned, then condemned → cancelled, without errors") {
  DatagridBatch batch;
  (void)batch.start();
  const auto attempt = batch.claim().attempt;
  (void)batch.cancel();
  REQUIRE(batch.condemn(attempt));
  CHECK(batch.state() == State::cancelling);
  batch.work_off();
  const auto view = batch.view();
  CHECK(view.state == State::cancelled);
  CHECK(view.counts == ledger::Counts{.canceled = 30});
  CHECK(view.errors.empty());
}

TEST_CASE("batch: cancelled before it is planned → only where its items lie is asked for") {
  DatagridBatch batch;
  (void)batch.start();
  (void)batch.cancel();
  const auto work = batch.claim();
  REQUIRE(std::holds_alternative<PlanWork>(work.work));
  CHECK(std::get<PlanWork>(work.work).ranges_only);
  REQUIRE(batch.accept(work.attempt, 3));
  batch.work_off();
  CHECK(batch.view().state == State::cancelled);
  CHECK(batch.view().counts.canceled == 30);
}

TEST_CASE("batch: condemned with errors as long as they get → the record stays within 8 KB") {
  DatagridBatch batch;
  (void)batch.start();
  Condemned plan{
      .why = {.errors_count = 5'000, .errors = {}, .errors_object = output + "1.0.errors"},
      .plan = {.model = Bytes(200, 'm'),
               .stretches = BatchActor::stretches(3),
               .lines = ports::StoredStream{.prefix = output + "1.plan/", .bytes = 300}}};
  for (std::size_t i = 0; i < dialects::errors_shown_count_max; ++i)
    plan.why.errors.push_back({.line = 5'000,
                               .code = validation::ErrorCode::file_unsupported,
                               .param = "file_id",
                               .detail = Bytes(256 + 3, 'd'),
                               .custom_id = Bytes(512, 'c')});
  REQUIRE(batch.tell(ReportPlan{.runner = 0, .attempt = batch.claim().attempt, .plan = plan}));
  CHECK(wire::encode(batch.record()).size() > 6'000);
  batch.work_off();
  CHECK(batch.view().errors == plan.why.errors);
}

// ---- Its end

TEST_CASE("batch: every item has its line → ended at once: there are no files to register") {
  for (const State state : {State::completed, State::failed, State::cancelled, State::expired}) {
    CAPTURE(lifecycle::name(state));
    DatagridBatch batch;
    batch.reach(state);
    CHECK_FALSE(batch.pending("results"));
    CHECK(batch.view().result_files == std::array<Bytes, 2>{});
    const auto index = batch.letter("index");
    if (index) CHECK(command_in<tenant::IndexBatch>(*index)->view.state == state);
  }
}

TEST_CASE("batch: it has completed → finalizing and completed are the same moment") {
  DatagridBatch batch;
  batch.plan(1);
  batch.now += 77;
  batch.work_off();
  const auto view = batch.view();
  CHECK(view.entered_ms[static_cast<std::size_t>(State::finalizing)] == started_at + 77);
  CHECK(view.entered_ms[static_cast<std::size_t>(State::completed)] == started_at + 77);
  CHECK(view.counts.succeeded == 10);
}

// ---- When its results go

TEST_CASE("batch: it has ended → its results go thirty days after its creation, with its items") {
  for (const State state : {State::completed, State::failed, State::cancelled, State::expired}) {
    CAPTURE(lifecycle::name(state));
    DatagridBatch batch;
    batch.reach(state);
    batch.wait(2 * redelivery_ms_max);
    batch.acknowledge_all();
    CHECK(batch.wake_at == started_at + 30 * day_ms);

    batch.wait_until(started_at + 30 * day_ms - 1);
    CHECK_FALSE(batch.view().results_gone);
    CHECK_FALSE(batch.pending("erase"));
    batch.wait_until(started_at + 30 * day_ms);
    CHECK(batch.view().results_gone);
    CHECK(batch.view().state == state);
    const auto erase = batch.pending("erase");
    REQUIRE(erase);
    CHECK(std::get<Erasure>(erase->errand).prefix == output);
    const auto erase_input = batch.pending("erase_input");
    REQUIRE(erase_input);
    CHECK(std::get<Erasure>(erase_input->errand).prefix == "in/dev/inline_1/");
    const auto index = batch.pending("index");
    REQUIRE(index);
    CHECK(command_in<tenant::IndexBatch>(*index)->view.results_gone);

    batch.acknowledge_all();
    CHECK_FALSE(batch.wake_at);
    batch.now += 1'000 * day_ms;
    batch.alarm();
    CHECK(batch.letters.empty());
  }
}

TEST_CASE("batch: it ends late → its results are kept for a day after its end") {
  for (const Ms ended_after : {29 * day_ms - 1, 29 * day_ms, 29 * day_ms + 1, 100 * day_ms}) {
    CAPTURE(ended_after);
    DatagridBatch batch;
    (void)batch.start(std::nullopt);
    REQUIRE(batch.accept(batch.claim().attempt, 1));
    batch.now = started_at + ended_after;
    batch.work_off(2);
    REQUIRE(batch.state() == State::completed);
    batch.acknowledge_all();
    const Ms end = std::max(30 * day_ms, ended_after + day_ms);
    CHECK(batch.wake_at == started_at + end);
    batch.wait_until(started_at + end - 1);
    CHECK_FALSE(batch.view().results_gone);
    batch.wait_until(started_at + end);
    CHECK(batch.view().results_gone);
  }
}

TEST_CASE("batch: its input was a file → that isn't its own to erase") {
  DatagridBatch batch;
  Start start = BatchActor::a_start(window_ms, Dialect::datagrid);
  start.input.own = false;
  (void)batch.tell(start);
  REQUIRE(batch.accept(batch.claim().attempt, 1));
  batch.work_off();
  batch.acknowledge_all();
  batch.wait_until(started_at + 30 * day_ms);
  CHECK(batch.pending("erase"));
  CHECK_FALSE(batch.pending("erase_input"));
}

TEST_CASE("batch: it still runs when its results' time is over → they stay until it ends") {
  DatagridBatch batch;
  (void)batch.start(std::nullopt);
  REQUIRE(batch.accept(batch.claim().attempt, 3));
  batch.now = started_at + 40 * day_ms;
  batch.alarm();
  CHECK_FALSE(batch.pending("erase"));
  CHECK_FALSE(batch.view().results_gone);
}

TEST_CASE("batch: results that are files → the tenant says when they go, nobody else") {
  BatchActor batch;
  batch.reach(State::completed);
  batch.wait(2 * redelivery_ms_max);
  for (const Letter& letter : batch.take_posted()) batch.acknowledge(letter);
  CHECK_FALSE(batch.wake_at);
  batch.now += 100 * day_ms;
  batch.alarm();
  CHECK(batch.letters.empty());
  CHECK_FALSE(batch.view().results_gone);
}

// ---- Its lines while it runs

/// A batch of three spans, of which its runners have leased all.
struct Running {
  DatagridBatch batch;
  std::array<Assignment, 3> work;

  Running() {
    batch.plan(3);
    for (std::uint32_t i = 0; i < 3; ++i) work[i] = batch.claim(i % 2, 10 + i % 2);
    std::sort(work.begin(), work.end(), [](const Assignment& a, const Assignment& b) {
      return predicted(a).first < predicted(b).first;
    });
    REQUIRE(predicted(work[2]).first == 20);
  }
  /// Its ten lines are stored: 200 bytes.
  void report(std::size_t span, std::uint32_t number = 0) {
    CHECK(batch.report(work[span].attempt, predicted(work[span]), number).held);
  }
  Bytes key(std::size_t span, std::uint32_t number = 0) const {
    return shard_key(output, work[span].attempt, number);
  }
};
using Stored = std::vector<http::Section>;

TEST_CASE("batch: some items have lines → those up to the first that has none, in items' order") {
  Running running;
  auto& batch = running.batch;
  CHECK(batch.progress().sections.empty());
  running.report(1);
  CHECK(batch.progress().sections.empty());
  CHECK(batch.progress().length == 0);
  CHECK(batch.progress().view.counts.succeeded == 10);

  running.report(0);
  const Stored two{{.key = running.key(0), .offset = 0, .length = 200},
                   {.key = running.key(1), .offset = 0, .length = 200}};
  CHECK(batch.progress().sections == two);
  CHECK(batch.progress().length == 400);
  CHECK_FALSE(batch.progress().whole);

  running.report(2);
  CHECK(batch.progress().sections.size() == 3);
  CHECK(batch.progress().length == 600);
  CHECK(batch.progress().whole);
  CHECK(batch.progress().view.state == State::completed);
}

TEST_CASE("batch: a part of a span has lines → that part") {
  Running running;
  auto& batch = running.batch;
  const auto all = predicted(running.work[0]);
  const auto stretch = [&](std::uint32_t from, std::uint32_t count) {
    return ledger::Stretch{.first = from,
                           .count = count,
                           .byte_begin = all.byte_begin + from * 10ULL,
                           .byte_end = all.byte_begin + (from + count) * 10ULL};
  };
  const auto attempt = running.work[0].attempt;
  CHECK(batch.report(attempt, stretch(6, 4), 0).held);
  CHECK(batch.progress().length == 0);
  CHECK(batch.report(attempt, stretch(0, 5), 1).held);
  CHECK(batch.progress().sections ==
        Stored{{.key = running.key(0, 1), .offset = 0, .length = 100}});
  CHECK(batch.report(attempt, stretch(5, 1), 2).held);
  CHECK(batch.progress().length == 200);
}

TEST_CASE("batch: lines are asked for from an offset on → what the asker has is left out") {
  Running running;
  running.report(0);
  running.report(1);
  const auto lengths = [&](std::uint64_t offset) {
    const auto stored = running.batch.progress(offset);
    CHECK(stored.length == 400);
    return http::total_length(stored.sections);
  };
  for (const std::uint64_t offset : {0U, 1U, 199U, 200U, 201U, 399U, 400U})
    CHECK(lengths(offset) == 400 - offset);
  CHECK(lengths(401) == 0);
  CHECK(lengths(~std::uint64_t{0}) == 0);
  const auto middle = running.batch.progress(250).sections;
  CHECK(middle == Stored{{.key = running.key(1), .offset = 50, .length = 150}});
}

TEST_CASE("batch: lines of both result streams → one section a shard") {
  BatchActor batch;
  batch.plan(1);
  const auto work = batch.claim();
  auto mixed = BatchActor::report_of(work.attempt, predicted(work));
  mixed.shard.counts = {.succeeded = 7, .errored = 3, .canceled = 0, .expired = 0};
  mixed.shard.lengths = {140, 60};
  mixed.shard.lines = {7, 3};
  CHECK(batch.tell(mixed).held);
  const auto reply = batch.tell(Progress{.tenant = "dev"});
  REQUIRE(std::holds_alternative<Progress::Stored>(reply));
  const auto& stored = std::get<Progress::Stored>(reply);
  CHECK(stored.sections ==
        Stored{{.key = shard_key(output, work.attempt, 0), .offset = 0, .length = 200}});
  CHECK(stored.whole);
  CHECK(stored.view.state == State::finalizing);
}

TEST_CASE("batch: its results have gone → none, and it says so") {
  DatagridBatch batch;
  batch.reach(State::completed);
  CHECK(batch.progress().length == 200);
  batch.acknowledge_all();
  batch.wait_until(started_at + 30 * day_ms);
  const auto stored = batch.progress();
  CHECK(stored.view.results_gone);
  CHECK(stored.sections.empty());
  CHECK(stored.length == 0);
}

TEST_CASE("batch: another tenant or dialect asks → no such batch; and asking writes nothing") {
  for (const State state : its_states) {
    CAPTURE(lifecycle::name(state));
    DatagridBatch batch;
    batch.reach(state);
    const std::size_t writes = batch.rows.writes();
    for (const auto& [tenant, dialect] :
         {std::pair(Bytes("dev-2"), Dialect::datagrid), std::pair(Bytes("dev"), Dialect::openai)}) {
      CHECK(code_of(batch.tell(Progress{.tenant = tenant, .dialect = dialect})) ==
            ProblemCode::batch_not_found);
      CHECK(code_of(batch.tell(Retrieve{.tenant = tenant, .dialect = dialect})) ==
            ProblemCode::batch_not_found);
      CHECK(code_of(batch.tell(Cancel{.tenant = tenant, .dialect = dialect})) ==
            ProblemCode::batch_not_found);
    }
    (void)batch.progress();
    (void)batch.view();
    CHECK(batch.rows.writes() == writes);
  }
}

}  // namespace
}  // namespace edgebatch::actors::batch
