// The batch actor: the lifecycle and the ledger of one batch.
#pragma once

#include <optional>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::batch {

constexpr Ms index_interval_ms = 5'000;  // Counts reach lists at most this often; states at once.
constexpr Ms index_grace_ms =
    2'000;  // Time for a gateway to carry a row along before a letter does.

class Batch {
 public:
  Batch(ports::Table& table, ports::Address self, Ms now);

  void apply_due();

  Start::Reply obey(const Start& command);
  Retrieve::Reply obey(const Retrieve& command);
  Cancel::Reply obey(const Cancel& command);
  Sections::Reply obey(const Sections& command);
  Progress::Reply obey(const Progress& command);
  Abandon::Reply obey(const Abandon& command);
  Poke::Reply obey(const Poke&) { return {}; }
  ForgetResults::Reply obey(const ForgetResults& command);
  Claim::Reply obey(const Claim& command);
  Renew::Reply obey(const Renew& command);
  ReportPlan::Reply obey(const ReportPlan& command);
  ReportShard::Reply obey(const ReportShard& command);
  ReportMerge::Reply obey(const ReportMerge& command);
  GiveBack::Reply obey(const GiveBack& command);
  Park::Reply obey(const Park& command);
  Acknowledge::Reply obey(const Acknowledge& command);

  void settle();
  std::optional<Ms> wake_at();

 private:
  static constexpr View abandoned_key = "abandoned";

  /// For all who know that there is a batch.
  Record& record() { return *record_; }              // NOLINT(bugprone-unchecked-optional-access)
  const Record& record() const { return *record_; }  // NOLINT(bugprone-unchecked-optional-access)
  bool belongs_to(View tenant) const { return record_ && record_->tenant == tenant; }
  bool belongs_to(View tenant, dialects::Dialect dialect) const {
    return belongs_to(tenant) && record().dialect == dialect;
  }
  Problem not_found() const {
    return {.code = ProblemCode::batch_not_found, .param = {}, .detail = self_.name};
  }
  void create(Record record, View request);

  /// The one way into a state. False if the event can't be obeyed.
  bool enter(lifecycle::Event event);
  void refuse(std::uint64_t errors_count, std::vector<validation::LineError> errors,
              Bytes errors_object, lifecycle::Event event = lifecycle::Event::refused);

  void take_plan(const Accepted& plan);

  dialects::BatchView view() const;
  std::optional<dialects::Waiting> waiting() const;
  /// The view under a new revision, which whoever asked carries to the tenant.
  Indexed carried_along();
  Job job() const;
  Halt halt() const;
  Standing standing(bool held) const {
    return {.held = held, .halt = halt(), .more = spans_wanted()};
  }

  // ---- Seats

  /// Nothing if there can't be such a runner.
  Seat* seat(std::uint32_t runner);
  /// A sign of life: the runner keeps its seat for another lease.
  void seen(std::uint32_t runner);
  void feel(const Pulse& pulse);
  /// Whether it is at work, and will claim again.
  bool present(const Seat& seat) const;
  std::uint32_t runners_present() const;
  std::uint32_t wanted() const;  // Runners, for what can be claimed now.
  bool surplus(std::uint32_t runner) const;
  void replace_earlier_run(std::uint32_t runner, std::uint64_t run);
  Assignment::Work work_for(const ledger::Claimant& claimant);
  Assignment::Work predict_work(const ledger::Claimant& claimant);

  bool plan_wanted() const;   // A plan is missing and nobody makes one.
  bool spans_wanted() const;  // Spans may be claimed.
  bool settled() const;       // Every item has its line.
  bool to_be_merged() const;  // … but in shards that are too small.
  bool merge_wanted() const;  // … and nobody merges them.
  MergeWork merge_work();

  /// When results go that nobody else keeps: those of dialects without result files.
  std::optional<Ms> purge_at() const;
  void purge();

  void publish();
  void invite();
  void index();
  void write_index_letter(Ms due_at);

  ports::Table& table_;
  ports::Address self_;
  Ms now_;
  std::optional<Record> record_;
  Bytes stored_record_;  // As it was loaded.
  Bytes request_;
  ledger::Ledger ledger_;
  std::vector<ledger::Span> stored_spans_;  // As they were loaded: only what changes is written.
};

/// One turn over the actor's rows.
ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input);

}  // namespace edgebatch::actors::batch
