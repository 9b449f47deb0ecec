// The runner actor: an invitation, and the alarm in which the run happens.
#pragma once

#include <optional>
#include <tuple>

#include "handlers/actors/runner/commands.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::runner {

/// The alarm turn runs this beside it; how is written in `handlers/runner`.
struct Run {
  static constexpr View name = "run";

  Bytes runner;  // The actor's name: `<batch id>/<k>`.
  std::uint64_t invitation = 0;

  static constexpr auto fields = std::tuple(&Run::runner, &Run::invitation);
};

// Before a run that died begins anew. A longer pause would spare nobody: an item that kills its
// runs is cornered after a number of deaths that is bounded, and its neighbours wait for each of
// them.
constexpr Ms died_pause_ms_min = 1'000;   // Doubled after each death …
constexpr Ms died_pause_ms_max = 10'000;  // … up to this.

/// The actor's only row.
struct Invitation {
  std::uint64_t number = 0;
  std::optional<Ms> run_at;   // Nothing: the run that it led to is over.
  std::uint32_t unended = 0;  // Runs in a row that have begun, and not ended.

  static constexpr auto fields =
      std::tuple(&Invitation::number, &Invitation::run_at, &Invitation::unended);
};

/// One turn over the actor's row.
ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input);

}  // namespace edgebatch::actors::runner
