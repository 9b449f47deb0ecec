// The batch's own row: its lifecycle record, at most 4 KB, or 8 KB where its errors name items.
// What the client asked for lies in a row beside it.
#pragma once

#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/ports/stored_stream.hpp"

namespace edgebatch::actors::batch {

constexpr std::uint32_t runners_count = 2;            // Runners of a batch, side by side.
constexpr Ms results_kept_ms_min = 24 * 60 * 60'000;  // After the batch's end, however old it is.

/// A batch's input, or why there is none.
struct Input {
  Bytes file_id;  // Or the name of inline items.
  ports::StoredStream stream;
  std::optional<validation::LineError> missing;
  bool own = false;  // Inline items are the batch's own, and go with its results.

  static constexpr auto fields =
      std::tuple(&Input::file_id, &Input::stream, &Input::missing, &Input::own);
};

/// One of the batch's runners, as the batch sees it.
struct Seat {
  std::uint64_t invitations = 0;  // How many it got; the number of the last.
  Ms present_until = 0;   // It is taken to be at work until then, unless it is heard of again.
  std::uint64_t run = 0;  // Which run of it claimed last.

  static constexpr auto fields = std::tuple(&Seat::invitations, &Seat::present_until, &Seat::run);
};

/// The lease on planning; attempt 0: nobody plans.
struct PlanLease {
  ledger::Attempt attempt = 0;
  std::uint32_t runner = 0;
  Ms until = 0;

  static constexpr auto fields =
      std::tuple(&PlanLease::attempt, &PlanLease::runner, &PlanLease::until);
};

struct Record {
  Bytes id;
  Bytes tenant;
  dialects::Dialect dialect = dialects::Dialect::openai;
  lifecycle::State state = lifecycle::State::validating;
  std::array<Ms, lifecycle::states_count> entered_ms{};
  std::optional<Ms> expires_at;
  Ms touched_at = 0;  // Time never goes back behind this.

  Input input;
  std::array<Bytes, ledger::streams_count_max>
      result_seeds;  // The random ends of result files' ids.
  std::array<Bytes, ledger::streams_count_max>
      result_files;  // Ids of those that exist; set on publishing.
  Ms results_life_ms = 0;

  ledger::Attempt last_attempt = 0;
  PlanLease plan;
  ledger::Attempt planned_by = 0;  // The attempt whose plan counts; 0: none yet.
  Bytes model;
  std::uint64_t errors_count = 0;
  std::vector<validation::LineError> errors;  // The first few …
  Bytes errors_object;                        // … and where all of them are.

  std::array<Seat, runners_count> seats;
  bool publishing = false;  // Every item has its line; the tenant is asked to register the files.
  std::array<bool, ledger::streams_count_max> forgotten{};  // Result files that are gone for good.

  std::uint64_t revision = 0;  // Of the row in the tenant's index, as last written …
  lifecycle::State indexed_state = lifecycle::State::validating;  // … and what it said
  std::uint32_t indexed_done = 0;
  Ms indexed_at = 0;  // … and when.

  std::uint32_t items = 0;                   // Where they were counted at creation; else 0.
  std::uint32_t concurrency = 0;             // Requests side by side; 0: its upstream's.
  std::optional<ports::StoredStream> lines;  // Where the plan put the items' lines, if it did.
  bool results_gone = false;                 // They were kept for as long as was promised.

  static constexpr auto fields = std::tuple(
      &Record::id, &Record::tenant, &Record::dialect, &Record::state, &Record::entered_ms,
      &Record::expires_at, &Record::touched_at, &Record::input, &Record::result_seeds,
      &Record::result_files, &Record::results_life_ms, &Record::last_attempt, &Record::plan,
      &Record::planned_by, &Record::model, &Record::errors_count, &Record::errors,
      &Record::errors_object, &Record::seats, &Record::publishing, &Record::forgotten,
      &Record::revision, &Record::indexed_state, &Record::indexed_done, &Record::indexed_at,
      &Record::items, &Record::concurrency, &Record::lines, &Record::results_gone);
};

/// The name of a shard's object, and the folder of all that belongs to a batch.
Bytes output_prefix(View tenant, View batch_id);
Bytes shard_key(View output_prefix, ledger::Attempt attempt, std::uint32_t number);

}  // namespace edgebatch::actors::batch
