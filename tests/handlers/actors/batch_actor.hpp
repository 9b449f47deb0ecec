// A batch actor under test, and what holds of it after every turn.
#pragma once

#include <algorithm>
#include <array>
#include <ranges>

#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/runners_wanted.hpp"
#include "handlers/actors/runner/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/turn.hpp"

#include "tests/handlers/actors/actor.hpp"

namespace edgebatch::actors::batch {

using lifecycle::State;

inline const Bytes batch_id = "batch_0123456789abcdef0123456789abcdef";
constexpr Ms started_at = 1'790'000'000'000;
constexpr Ms window_ms = 24 * 3'600'000;
constexpr std::size_t record_bytes_max = 4 * 1024;  // Twice that where its errors name items.
constexpr std::size_t rows_bytes_max = 64 * 1024;

/// Of two runners with a lane each, and items so slow that both are wanted as long as there are two
/// items.
constexpr Pulse two_wanted{.latency_ms = haste_ms, .lanes = 1, .batch_lanes = 2, .pause_ms = 0};
constexpr std::uint32_t runners_count = 2;

class BatchActor : public Actor {
 public:
  using Dialect = dialects::Dialect;

  explicit BatchActor(Dialect of = Dialect::openai)
      : Actor(ports::ActorKind::batch, batch_id, started_at), dialect(of) {}

  Dialect dialect;

  // ---- What is there

  Record record() {
    const auto record = ports::load<Record>(rows, "record");
    REQUIRE(record);
    return *record;
  }
  State state() { return record().state; }
  std::vector<ledger::Span> spans() {
    std::vector<ledger::Span> spans;
    for (const auto& [key, row] :
         rows.scan("span/", ports::behind("span/"), 1'000'000, ports::Order::ascending))
      spans.push_back(wire::decode<ledger::Span>(row).value());
    return spans;
  }
  dialects::BatchView view() {
    return std::get<dialects::BatchView>(tell(Retrieve{.tenant = "dev", .dialect = dialect}));
  }

  // ---- What it is told

  static Start a_start(std::optional<Ms> window = window_ms, Dialect dialect = Dialect::openai) {
    Start start;
    start.tenant = "dev";
    start.dialect = dialect;
    start.request = "a request";
    start.input = {
        .file_id = "file-1", .stream = {.prefix = "in/dev/f/", .bytes = 3'000}, .missing = {}};
    start.window_ms = window;
    start.results_life_ms = 30 * window_ms;
    start.result_seeds = {"11111111111111111111", "22222222222222222222"};
    if (dialect == Dialect::datagrid) {  // Its items came with the request.
      start.input.file_id = "inline_1";
      start.input.stream.prefix = "in/dev/inline_1/";
      start.input.own = true;
      start.items = 30;
    }
    return start;
  }
  Start::Reply start(std::optional<Ms> window = window_ms) {
    return tell(a_start(window, dialect));
  }
  Assignment claim(std::uint32_t runner = 0, std::uint64_t run = 1) {
    return tell(Claim{.runner = runner, .run = run, .pulse = two_wanted});
  }
  /// Spans of ten items each, ten bytes an item.
  static std::vector<ledger::Stretch> stretches(std::uint32_t count) {
    std::vector<ledger::Stretch> found;
    found.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
      found.push_back(
          {.first = i * 10, .count = 10, .byte_begin = i * 100, .byte_end = i * 100 + 100});
    return found;
  }
  bool accept(ledger::Attempt attempt, std::uint32_t spans) {
    return tell(
        ReportPlan{.runner = 0,
                   .attempt = attempt,
                   .plan = Accepted{.model = "m1", .stretches = stretches(spans), .lines = {}}});
  }
  bool refuse(ledger::Attempt attempt) {
    return tell(
        ReportPlan{.runner = 0,
                   .attempt = attempt,
                   .plan = Refused{.errors_count = 2,
                                   .errors = {{.line = 3,
                                               .code = validation::ErrorCode::invalid_json_line,
                                               .param = {},
                                               .detail = {}}},
                                   .errors_object = "out/dev/b/1.0.errors"}});
  }
  /// The plan is that each of thirty items gets a line that says what is wrong.
  bool condemn(ledger::Attempt attempt) {
    return tell(ReportPlan{
        .runner = 0,
        .attempt = attempt,
        .plan = Condemned{
            .why = {.errors_count = 9,
                    .errors = {{.line = 3,
                                .code = validation::ErrorCode::file_not_found,
                                .param = "file_id",
                                .detail = "file_1",
                                .custom_id = "c"}},
                    .errors_object = "out/dev/b/1.0.errors"},
            .plan = {.model = "m1",
                     .stretches = stretches(3),
                     .lines = ports::StoredStream{.prefix = "out/1.plan/", .bytes = 300}}}});
  }
  static ledger::Counts all_of(std::uint32_t count, Halt why = Halt::none) {
    ledger::Counts counts;
    switch (why) {
      case Halt::none: counts.succeeded = count; break;
      case Halt::cancelled: counts.canceled = count; break;
      case Halt::expired: counts.expired = count; break;
      case Halt::refused: counts.errored = count; break;
    }
    return counts;
  }
  static Halt halt_of(dialects::Unanswered why) {
    switch (why) {
      case dialects::Unanswered::cancelled: return Halt::cancelled;
      case dialects::Unanswered::expired: return Halt::expired;
      default: return Halt::refused;
    }
  }
  static ReportShard report_of(ledger::Attempt attempt, ledger::Stretch stretch,
                               std::uint32_t number = 0, Halt why = Halt::none,
                               Dialect dialect = Dialect::openai) {
    ReportShard report{.runner = 0, .stretch = stretch, .shard = {}};
    report.shard.attempt = attempt;
    report.shard.number = number;
    const std::size_t stream = why == Halt::none || dialect == Dialect::datagrid ? 0 : 1;
    report.shard.lengths[stream] = stretch.count * 20ULL;
    report.shard.lines[stream] = stretch.count;
    report.shard.counts = all_of(stretch.count, why);
    report.shard.usage.total = stretch.count;
    return report;
  }
  Standing report(ledger::Attempt attempt, ledger::Stretch stretch, std::uint32_t number = 0,
                  Halt why = Halt::none) {
    return tell(report_of(attempt, stretch, number, why, dialect));
  }
  Standing renew(ledger::Attempt attempt, std::uint32_t runner = 0) {
    const auto reply = tell(Renew{.runner = runner, .attempts = {attempt}, .pulse = two_wanted});
    return {.held = reply.lost.empty(), .halt = reply.halt, .more = reply.more};
  }
  void give_back(ledger::Attempt attempt, std::vector<Returned> parts = {}) {
    (void)tell(GiveBack{.runner = 0, .attempt = attempt, .parts = std::move(parts)});
  }
  Standing merge(ledger::Attempt attempt, const MergeWork& work) {
    ReportMerge merged{.runner = 0, .stretch = work.stretch, .shard = work.shard};
    merged.shard.attempt = attempt;
    return tell(merged);
  }
  Cancel::Reply cancel() { return tell(Cancel{.tenant = "dev", .dialect = dialect}); }

  // ---- Ways

  void plan(std::uint32_t spans) {
    (void)start();
    const auto assignment = claim();
    REQUIRE(std::holds_alternative<PlanWork>(assignment.work));
    REQUIRE(accept(assignment.attempt, spans));
  }
  /// Claims and reports until nothing is left to do.
  void work_off(std::uint64_t run = 1) {
    for (;;) {
      const auto assignment = claim(0, run);
      if (std::holds_alternative<Idle>(assignment.work)) return;
      if (std::holds_alternative<PlanWork>(assignment.work)) {
        REQUIRE(accept(assignment.attempt, 3));
      } else if (const auto* predict = std::get_if<PredictWork>(&assignment.work)) {
        CHECK(report(assignment.attempt, predict->stretch).held);
      } else if (const auto* merge = std::get_if<MergeWork>(&assignment.work)) {
        CHECK(this->merge(assignment.attempt, *merge).held);
      } else {
        const auto& drain = std::get<DrainWork>(assignment.work);
        CHECK(report(assignment.attempt, drain.stretch, 0, halt_of(drain.why)).held);
      }
    }
  }
  /// The tenant has registered the result files, if there are any.
  void publish() {
    if (dialect == Dialect::datagrid) return;
    const auto results = pending("results");
    REQUIRE(results);
    acknowledge(*results);
  }
  /// A way into that state, straight from the start.
  void reach(State state) {
    switch (state) {
      case State::validating: (void)start(); break;
      case State::in_progress: plan(3); break;
      case State::finalizing:
        plan(1);
        work_off();
        break;
      case State::completed:
        plan(1);
        work_off();
        publish();
        break;
      case State::failed:
        if (dialect == Dialect::datagrid) {
          reach(State::failing);
          work_off();
          break;
        }
        (void)start();
        REQUIRE(refuse(claim().attempt));
        break;
      case State::cancelling:
        plan(3);
        (void)cancel();
        break;
      case State::cancelled:
        reach(State::cancelling);
        work_off();
        publish();
        break;
      case State::expiring:
        plan(3);
        now = started_at + window_ms;
        alarm();
        break;
      case State::expired:
        reach(State::expiring);
        work_off();
        publish();
        break;
      case State::failing:
        (void)start();
        REQUIRE(condemn(claim().attempt));
        break;
    }
    REQUIRE(this->state() == state);
  }

  /// The letter on that subject that has been handed over last and not been acknowledged.
  std::optional<Letter> pending(View subject) const {
    for (const Letter& letter : std::views::reverse(posted_))
      if (letter.subject == subject) return letter;
    return std::nullopt;
  }
  /// All that were handed over since the last call.
  std::vector<Letter> take_posted() { return std::exchange(posted_, {}); }

 protected:
  void see_letters() override {}

  void check() override {
    posted_.insert(posted_.end(), letters.begin(), letters.end());
    const auto record = ports::load<Record>(rows, "record");
    if (!record) return;
    const std::size_t names_items = dialect == Dialect::datagrid ? 2 : 1;
    CHECK(wire::encode(*record).size() <= names_items * record_bytes_max);
    CHECK(rows.bytes() <= rows_bytes_max);
    CHECK(ledger::Ledger(spans()).sound());
    check_times(*record);
    check_alarm(*record);
    last_ = *record;
  }

 private:
  // A timestamp is set iff its state was entered, never changes, and never lies before another.
  void check_times(const Record& record) {
    const auto entered = [&](State state) {
      return record.entered_ms[static_cast<std::size_t>(state)];
    };
    CHECK(entered(State::validating) != 0);
    CHECK(entered(record.state) ==
          *std::max_element(record.entered_ms.begin(), record.entered_ms.end()));
    if (!last_) return;
    CHECK(record.touched_at >= last_->touched_at);
    for (std::size_t i = 0; i < lifecycle::states_count; ++i) {
      if (last_->entered_ms[i] != 0) {
        CHECK(record.entered_ms[i] == last_->entered_ms[i]);
      } else if (record.entered_ms[i] != 0) {
        const auto state = static_cast<State>(i);
        // Without files to register, all that is left happens in one turn.
        const bool passed = state == State::finalizing && dialect == Dialect::datagrid;
        CHECK((state == record.state || passed));
      }
    }
    if (lifecycle::terminal(last_->state)) CHECK(record.state == last_->state);
  }

  std::optional<Ms> purge_at(const Record& record) const {
    if (dialect == Dialect::openai || record.results_gone) return std::nullopt;
    const auto entered = [&](State state) {
      return record.entered_ms[static_cast<std::size_t>(state)];
    };
    return std::max(entered(State::validating) + record.results_life_ms,
                    entered(record.state) + results_kept_ms_min);
  }

  // Nothing is stuck: whatever is left to do, an alarm comes in time for it.
  void check_alarm(const Record& record) {
    const auto covered = [&](Ms moment) { return wake_at && *wake_at <= moment; };
    if (const auto delivery = next_delivery(rows)) CHECK(covered(*delivery));
    if (lifecycle::terminal(record.state)) {
      // Nothing else is waited for but that its results go, where nobody else sees to that.
      CHECK(wake_at == earlier(purge_at(record), next_delivery(rows)));
      return;
    }
    CHECK(wake_at);
    if (record.expires_at &&
        (record.state == State::validating || record.state == State::in_progress))
      CHECK(covered(*record.expires_at));
    if (record.plan.attempt != 0) CHECK(covered(record.plan.until));
    if (record.input.missing) return;
    const ledger::Ledger ledger(spans());
    for (const ledger::Span& span : ledger.spans())
      if (span.state == ledger::SpanState::leased) CHECK(covered(span.lease_until));
    const bool plan =
        record.planned_by == 0 && record.plan.attempt == 0 && record.state != State::finalizing;
    const Ms at = std::max(now, record.touched_at);
    if (plan || (lifecycle::draining(record.state) && ledger.any_todo()))
      return check_invited(record);
    if (record.parking && record.parking->probe_at > at) {
      CHECK(covered(record.parking->probe_at));
      return;
    }
    if (record.parking && ledger.leased(record.parking->probe)) return;
    if (const auto next = ledger.next_claimable(at)) CHECK(covered(*next));
    if (ledger.claimable(at)) check_invited(record);
  }

  // Somebody was invited, and if nobody is heard of, somebody will be again.
  void check_invited(const Record& record) const {
    Ms present = 0;
    for (const Seat& seat : record.seats) present = std::max(present, seat.present_until);
    CHECK(present > std::max(now, record.touched_at) - 1);
    CHECK((wake_at && *wake_at <= present));
  }

  std::vector<Letter> posted_;
  std::optional<Record> last_;
};

inline bool is_idle(const Assignment& assignment) {
  return std::holds_alternative<Idle>(assignment.work);
}
inline ledger::Stretch predicted(const Assignment& assignment) {
  REQUIRE(std::holds_alternative<PredictWork>(assignment.work));
  return std::get<PredictWork>(assignment.work).stretch;
}
inline DrainWork drained(const Assignment& assignment) {
  REQUIRE(std::holds_alternative<DrainWork>(assignment.work));
  return std::get<DrainWork>(assignment.work);
}
template <class T>
ProblemCode code_of(const Or<T>& reply) {
  const auto* problem = std::get_if<Problem>(&reply);
  REQUIRE(problem != nullptr);
  return problem->code;
}

}  // namespace edgebatch::actors::batch
