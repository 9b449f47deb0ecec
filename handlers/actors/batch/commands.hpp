// What a batch actor can be told. How each is obeyed is in the file of its name.
#pragma once

#include <array>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/line_format.hpp"
#include "core/http/message.hpp"
#include "core/ledger/ledger.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/ports/actor.hpp"

namespace edgebatch::actors::batch {

/// A batch for the tenant's index, and which version of it.
struct Indexed {
  std::uint64_t revision = 0;
  dialects::BatchView view;
  static constexpr auto fields = std::tuple(&Indexed::revision, &Indexed::view);
};

// ---- From the gateway

/// Creates the batch, unless it exists: then it is left as it is.
struct Start {
  static constexpr View name = "start";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Or<Indexed>;  // `unanswered` if it was abandoned before: make another.

  Bytes tenant;
  dialects::Dialect dialect = dialects::Dialect::openai;
  Bytes request;  // What the client asked for, in the dialect's encoding.
  Input input;
  std::optional<Ms> window_ms;  // Nothing: unlimited.
  Ms results_life_ms = 0;       // Of the results: as files from their creation on, else from the
                                // batch's.
  std::array<Bytes, ledger::streams_count_max> result_seeds;
  std::uint32_t items = 0;        // Where they were counted already.
  std::uint32_t concurrency = 0;  // Requests side by side; 0: as many as its upstream takes.

  static constexpr auto fields =
      std::tuple(&Start::tenant, &Start::dialect, &Start::request, &Start::input, &Start::window_ms,
                 &Start::results_life_ms, &Start::result_seeds, &Start::items, &Start::concurrency);
};

struct Retrieve {
  static constexpr View name = "retrieve";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Or<dialects::BatchView>;

  Bytes tenant;
  dialects::Dialect dialect = dialects::Dialect::openai;

  static constexpr auto fields = std::tuple(&Retrieve::tenant, &Retrieve::dialect);
};

struct Cancel {
  static constexpr View name = "cancel";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Or<Indexed>;

  Bytes tenant;
  dialects::Dialect dialect = dialects::Dialect::openai;

  static constexpr auto fields = std::tuple(&Cancel::tenant, &Cancel::dialect);
};

/// Where the lines of one result stream's file are stored, in the order of items. Empty until every
/// item has its line.
struct Sections {
  static constexpr View name = "sections";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Or<std::vector<http::Section>>;

  Bytes tenant;
  std::uint32_t stream = 0;

  static constexpr auto fields = std::tuple(&Sections::tenant, &Sections::stream);
};

/// Where the lines of all result streams are stored, shard by shard in the order of items, up to
/// the first item that has none yet.
struct Progress {
  static constexpr View name = "progress";
  static constexpr auto actor = ports::ActorKind::batch;
  struct Stored {
    dialects::BatchView view;
    bool whole = false;        // Every item has its line.
    std::uint64_t length = 0;  // Bytes of all these lines, those left out too.
    std::vector<http::Section> sections;
    static constexpr auto fields =
        std::tuple(&Stored::view, &Stored::whole, &Stored::length, &Stored::sections);
  };
  using Reply = Or<Stored>;

  Bytes tenant;
  dialects::Dialect dialect = dialects::Dialect::openai;
  std::uint64_t offset = 0;  // Bytes of these lines that the asker has already: left out.

  static constexpr auto fields =
      std::tuple(&Progress::tenant, &Progress::dialect, &Progress::offset);
};

// ---- From the tenant

/// The reservation of this batch is over. If it hasn't started, it never may.
struct Abandon {
  static constexpr View name = "abandon";
  static constexpr auto actor = ports::ActorKind::batch;
  enum class Reply : std::uint8_t { abandoned, started };

  static constexpr auto fields = std::tuple();
};

/// Nothing was heard of a batch that should be running. The turn itself is all that is wanted: it
/// does what is due, and sets the alarm anew.
struct Poke {
  static constexpr View name = "poke";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = std::monostate;

  static constexpr auto fields = std::tuple();
};

/// A result file is deleted or expired. When all are, their objects go.
struct ForgetResults {
  static constexpr View name = "forget_results";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = std::monostate;

  std::uint32_t stream = 0;

  static constexpr auto fields = std::tuple(&ForgetResults::stream);
};

// ---- From runners

/// What a runner has to know to work on a batch.
struct Job {
  Bytes tenant;
  dialects::Dialect dialect = dialects::Dialect::openai;
  Bytes request;
  Bytes model;                // Empty until planned.
  ports::StoredStream input;  // What byte ranges address: the input's lines, or the plan's.
  Bytes output_prefix;
  Bytes brief_key;  // Of the object that holds what its items have in common, if it has one.
  std::uint32_t concurrency = 0;

  static constexpr auto fields =
      std::tuple(&Job::tenant, &Job::dialect, &Job::request, &Job::model, &Job::input,
                 &Job::output_prefix, &Job::brief_key, &Job::concurrency);
};

/// Nothing to do (any more).
struct Idle {
  static constexpr auto fields = std::tuple();
};
/// Check what only now can be checked, and say where the items lie.
struct PlanWork {
  bool ranges_only = false;  // Nothing will be predicted: only where the items lie is wanted.
  static constexpr auto fields = std::tuple(&PlanWork::ranges_only);
};
struct PredictWork {
  ledger::Stretch stretch;
  std::uint32_t tries = 0;      // How often its items were asked for already.
  std::uint32_t items_max = 0;  // Only so many, alone; the rest is given back first. 0: all.
  bool probe = false;           // Of an upstream that refused everybody.
  static constexpr auto fields = std::tuple(&PredictWork::stretch, &PredictWork::tries,
                                            &PredictWork::items_max, &PredictWork::probe);
};
/// Why nothing is started any more.
enum class Halt : std::uint8_t { none, cancelled, expired, refused };
/// Write lines that say why these items have no answer.
struct DrainWork {
  ledger::Stretch stretch;
  dialects::Unanswered why = dialects::Unanswered::cancelled;
  static constexpr auto fields = std::tuple(&DrainWork::stretch, &DrainWork::why);
};

/// Make one object of these neighbouring shards: their bytes, one behind another.
struct MergeWork {
  struct Piece {
    ledger::Attempt attempt = 0;  // Its object's name.
    std::uint32_t number = 0;
    std::uint64_t bytes = 0;
    static constexpr auto fields = std::tuple(&Piece::attempt, &Piece::number, &Piece::bytes);
  };
  ledger::Stretch stretch;
  std::vector<Piece> pieces;
  ledger::Shard shard;  // What they come to; its name is the runner's choice.
  static constexpr auto fields =
      std::tuple(&MergeWork::stretch, &MergeWork::pieces, &MergeWork::shard);
};

struct Assignment {
  using Work = std::variant<Idle, PlanWork, PredictWork, DrainWork, MergeWork>;

  Work work;
  ledger::Attempt attempt = 0;
  Ms lease_ms = 0;               // From when the claim was sent.
  std::uint32_t items_left = 0;  // Of the batch: without a line yet.
  Job job;

  static constexpr auto fields =
      std::tuple(&Assignment::work, &Assignment::attempt, &Assignment::lease_ms,
                 &Assignment::items_left, &Assignment::job);
};

/// Asks for work. A run of a runner that has not claimed before takes the place of the runner's
/// earlier run: what that one had leased has lapsed. One that has leases gets nothing but spans to
/// predict beside them.
struct Claim {
  static constexpr View name = "claim";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Assignment;

  std::uint32_t runner = 0;
  std::uint64_t run = 0;
  bool has_leases = false;
  Pulse pulse;

  static constexpr auto fields =
      std::tuple(&Claim::runner, &Claim::run, &Claim::has_leases, &Claim::pulse);
};

/// How a lease stands.
struct Standing {
  bool held = false;
  Halt halt = Halt::none;  // Start nothing new; store what is there.
  bool more = false;       // A claim would find something.
  static constexpr auto fields = std::tuple(&Standing::held, &Standing::halt, &Standing::more);
};

/// A runner's sign of life, for all its leases at once.
struct Renew {
  static constexpr View name = "renew";
  static constexpr auto actor = ports::ActorKind::batch;
  struct Reply {
    std::vector<ledger::Attempt> lost;  // Of those that were to be renewed.
    Halt halt = Halt::none;
    bool more = false;
    bool parked = false;  // Somebody found that the upstream refuses everybody.
    static constexpr auto fields =
        std::tuple(&Reply::lost, &Reply::halt, &Reply::more, &Reply::parked);
  };

  std::uint32_t runner = 0;
  std::vector<ledger::Attempt> attempts;
  bool leaving = false;  // It claims no more: somebody else may have its seat.
  Pulse pulse;

  static constexpr auto fields =
      std::tuple(&Renew::runner, &Renew::attempts, &Renew::leaving, &Renew::pulse);
};

/// The plan: the input is good, and its items lie there …
struct Accepted {
  Bytes model;
  std::vector<ledger::Stretch> stretches;
  std::optional<ports::StoredStream> lines;  // Where, if not in the input itself.
  static constexpr auto fields =
      std::tuple(&Accepted::model, &Accepted::stretches, &Accepted::lines);
};
/// … or it isn't …
struct Refused {
  std::uint64_t errors_count = 0;
  std::vector<validation::LineError> errors;  // The first dialects::errors_shown_count_max …
  Bytes errors_object;                        // … all of them, as an encoded Inspection.
  static constexpr auto fields =
      std::tuple(&Refused::errors_count, &Refused::errors, &Refused::errors_object);
};
/// … or it isn't, and every item is owed a line that says so.
struct Condemned {
  Refused why;
  Accepted plan;
  static constexpr auto fields = std::tuple(&Condemned::why, &Condemned::plan);
};
struct ReportPlan {
  static constexpr View name = "report_plan";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = bool;  // False: the lease on planning was lost.

  std::uint32_t runner = 0;
  ledger::Attempt attempt = 0;
  std::variant<Accepted, Refused, Condemned> plan;

  static constexpr auto fields =
      std::tuple(&ReportPlan::runner, &ReportPlan::attempt, &ReportPlan::plan);
};

/// A stretch is done, and stored.
struct ReportShard {
  static constexpr View name = "report_shard";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Standing;  // Held: the report is accepted, now or before.

  std::uint32_t runner = 0;
  ledger::Stretch stretch;
  ledger::Shard shard;

  static constexpr auto fields =
      std::tuple(&ReportShard::runner, &ReportShard::stretch, &ReportShard::shard);
};

/// The shards of a stretch are one object now.
struct ReportMerge {
  static constexpr View name = "report_merge";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = Standing;

  std::uint32_t runner = 0;
  ledger::Stretch stretch;
  ledger::Shard shard;

  static constexpr auto fields =
      std::tuple(&ReportMerge::runner, &ReportMerge::stretch, &ReportMerge::shard);
};

/// A stretch of a lease that is free again.
struct Returned {
  ledger::Stretch stretch;
  std::uint32_t tries = 0;  // How often its items were asked for.
  Ms wait_ms = 0;           // Before they may be asked for again.
  static constexpr auto fields =
      std::tuple(&Returned::stretch, &Returned::tries, &Returned::wait_ms);
};

/// What nobody works on any more is free again.
struct GiveBack {
  static constexpr View name = "give_back";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = std::monostate;

  std::uint32_t runner = 0;
  ledger::Attempt attempt = 0;
  std::vector<Returned> parts;  // Empty: all that is left of the lease.

  static constexpr auto fields =
      std::tuple(&GiveBack::runner, &GiveBack::attempt, &GiveBack::parts);
};

/// The upstream refuses everybody alike: nothing more of this batch is asked for, but for a probe
/// now and then.
struct Park {
  static constexpr View name = "park";
  static constexpr auto actor = ports::ActorKind::batch;
  using Reply = std::monostate;

  std::uint32_t runner = 0;
  ledger::Attempt attempt = 0;  // The newest of its leases.
  std::uint32_t status = 0;     // What the upstream says.

  static constexpr auto fields = std::tuple(&Park::runner, &Park::attempt, &Park::status);
};

}  // namespace edgebatch::actors::batch
