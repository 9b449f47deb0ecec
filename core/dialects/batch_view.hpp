// A batch as its actor shows it and as the tenant's index keeps it: what every dialect's batch
// object is rendered from.
#pragma once

#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects {

constexpr std::size_t errors_shown_count_max = 8;  // Errors that a view carries itself.

/// What a batch in progress waits for.
struct Waiting {
  enum class For : std::uint8_t {
    upstream_refuses,      // It says `status` whatever is asked; it is asked again now and then.
    upstream_unavailable,  // It doesn't answer well, or asked to be left alone.
    retry,                 // All that is left has to wait before it is asked for again.
  };
  For what = For::retry;
  std::uint32_t status = 0;
  Ms until_ms = 0;  // When it goes on.

  bool operator==(const Waiting&) const = default;
  static constexpr auto fields = std::tuple(&Waiting::what, &Waiting::status, &Waiting::until_ms);
};

struct BatchView {
  Bytes id;
  Dialect dialect = Dialect::openai;
  lifecycle::State state = lifecycle::State::validating;
  std::array<Ms, lifecycle::states_count> entered_ms{};  // When each state was entered; 0: never.
  std::optional<Ms> expires_at_ms;
  Bytes request;            // What the client asked for, in the dialect's own encoding.
  Bytes input_file;         // A file's id, or the name of inline items.
  Bytes model;              // Empty until planned.
  std::uint32_t total = 0;  // Items; 0 until planned, unless they were counted at creation.
  // Result lines so far, by result stream.
  std::array<std::uint32_t, ledger::streams_count_max> lines{};
  ledger::Counts counts;
  ledger::Usage usage;
  // File ids, by result stream; empty: no such file (yet).
  std::array<Bytes, ledger::streams_count_max> result_files;
  std::uint64_t errors_count = 0;             // Of a failed batch's input.
  std::vector<validation::LineError> errors;  // The first of them.
  Bytes errors_object;        // Where all of them are (as a Verdict); empty: those are all.
  bool results_gone = false;  // They were kept for as long as was promised.

  // Where it is asked for by itself; lists don't say it.
  std::optional<Waiting> waiting;
  std::uint32_t runners = 0;  // At work.

  static constexpr auto fields =
      std::tuple(&BatchView::id, &BatchView::dialect, &BatchView::state, &BatchView::entered_ms,
                 &BatchView::expires_at_ms, &BatchView::request, &BatchView::input_file,
                 &BatchView::model, &BatchView::total, &BatchView::lines, &BatchView::counts,
                 &BatchView::usage, &BatchView::result_files, &BatchView::errors_count,
                 &BatchView::errors, &BatchView::errors_object, &BatchView::results_gone,
                 &BatchView::waiting, &BatchView::runners);
};

/// The state that clients see: internal ones are shown as what came before them.
lifecycle::State shown_state(const BatchView& batch);

}  // namespace edgebatch::dialects
