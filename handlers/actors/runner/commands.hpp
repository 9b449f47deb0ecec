// What a runner actor can be told.
#pragma once

#include <optional>
#include <tuple>
#include <variant>

#include "handlers/ports/actor.hpp"

namespace edgebatch::actors::runner {

/// There is work. From the batch, by letter.
struct Invite {
  static constexpr View name = "invite";
  static constexpr auto actor = ports::ActorKind::runner;
  using Reply = std::monostate;

  std::uint64_t number = 0;

  static constexpr auto fields = std::tuple(&Invite::number);
};

/// A run is over. From the run itself.
struct EndRun {
  static constexpr View name = "end_run";
  static constexpr auto actor = ports::ActorKind::runner;
  using Reply = std::monostate;

  std::uint64_t invitation = 0;   // The one it began with.
  std::optional<Ms> again_in_ms;  // It gave work back: run again.

  static constexpr auto fields = std::tuple(&EndRun::invitation, &EndRun::again_in_ms);
};

}  // namespace edgebatch::actors::runner
