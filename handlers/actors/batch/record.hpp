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

constexpr Ms probe_pause_ms_min = 30'000;       // A parked batch is probed after so long, doubled …
constexpr Ms probe_pause_ms_max = 10 * 60'000;  // … up to this.
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
  bool leaving = false;   // That run ends what it has begun, and claims no more.

  static constexpr auto fields =
      std::tuple(&Seat::invitations, &Seat::present_until, &Seat::run, &Seat::leaving);
};

/// What runners say of their upstream while they work.
struct Pulse {
  Ms latency_ms = 0;              // That an item takes; 0: not known yet.
  std::uint32_t lanes = 0;        // Requests that one runner has side by side, at most.
  std::uint32_t batch_lanes = 0;  // … that all runners of this batch may have; 0: not known yet.
  Ms pause_ms = 0;                // The upstream is left alone for so long.

  bool operator==(const Pulse&) const = default;
  static constexpr auto fields =
      std::tuple(&Pulse::latency_ms, &Pulse::lanes, &Pulse::batch_lanes, &Pulse::pause_ms);
};

/// The upstream refuses whatever this batch asks. It is probed with one item now and then.
struct Parking {
  std::uint32_t status = 0;  // What it says: 401, 403, 404.
  Ms pause_ms = 0;           // Between two probes; it grows.
  Ms probe_at = 0;
  ledger::Attempt probe = 0;  // The lease of the probe that is under way; 0: none.

  static constexpr auto fields =
      std::tuple(&Parking::status, &Parking::pause_ms, &Parking::probe_at, &Parking::probe);
};

constexpr std::uint32_t merge_tries_max = 3;  // Then the results stay in small pieces.

/// The lease on planning, or later on merging; attempt 0: nobody does.
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

  std::vector<Seat> seats;  // Of those that were ever invited.
  Pulse pulse;              // The last …
  Ms pulse_at = 0;          // … and when it was felt.
  std::optional<Parking> parking;
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
  std::uint32_t merge_tries = 0;             // Since the last merge that succeeded.

  static constexpr auto fields = std::tuple(
      &Record::id, &Record::tenant, &Record::dialect, &Record::state, &Record::entered_ms,
      &Record::expires_at, &Record::touched_at, &Record::input, &Record::result_seeds,
      &Record::result_files, &Record::results_life_ms, &Record::last_attempt, &Record::plan,
      &Record::planned_by, &Record::model, &Record::errors_count, &Record::errors,
      &Record::errors_object, &Record::seats, &Record::pulse, &Record::pulse_at, &Record::parking,
      &Record::publishing, &Record::forgotten, &Record::revision, &Record::indexed_state,
      &Record::indexed_done, &Record::indexed_at, &Record::items, &Record::concurrency,
      &Record::lines, &Record::results_gone, &Record::merge_tries);
};

/// The name of a shard's object, and the folder of all that belongs to a batch.
Bytes output_prefix(View tenant, View batch_id);
Bytes shard_key(View output_prefix, ledger::Attempt attempt, std::uint32_t number);

}  // namespace edgebatch::actors::batch
