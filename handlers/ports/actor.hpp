// Actors: who they are, how they are spoken to, what a turn of theirs brings forth.
#pragma once

#include <optional>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::ports {

enum class ActorKind : std::uint8_t {
  tenant = 0,
  batch = 1,
  runner = 2,
  meter = 3,  // Its rows and its alarm are volatile: in memory only, they may be lost.
  pacer = 4,  // So are its.
};

struct Address {
  ActorKind kind = ActorKind::tenant;
  // tenant, meter: the tenant's; batch: its id; runner: `<batch id>/<k>`; pacer: the upstream's.
  Bytes name;

  bool operator==(const Address&) const = default;
  static constexpr auto fields = std::tuple(&Address::kind, &Address::name);
};

/// A command as it travels: which one, and its members.
template <class Command>
Bytes encode_command(const Command& command) {
  wire::Writer out;
  out.value(Command::name);
  out.value(command);
  return out.take();
}

/// What a host hands to a turn. An empty command means that the actor's alarm went off.
struct TurnInput {
  Address actor;
  Ms now = 0;
  Bytes command;

  static constexpr auto fields =
      std::tuple(&TurnInput::actor, &TurnInput::now, &TurnInput::command);
};

/// What a host does after a turn, once its rows are stored.
struct TurnOutput {
  Bytes reply;
  std::optional<Ms> wake_at;  // When the alarm has to go off; nothing: never.
  std::vector<Bytes> tasks;   // Operations to run now, each the input of one.

  static constexpr auto fields =
      std::tuple(&TurnOutput::reply, &TurnOutput::wake_at, &TurnOutput::tasks);
};

/// A command to an actor, as bytes already (letters).
struct TellBytes {
  static constexpr Port port = Port::actor;
  using Result = Bytes;

  Address to;
  Bytes command;

  /// The address; the command is the rest.
  Bytes encode() const {
    wire::Writer out;
    out.value(to);
    out.raw(command);
    return out.take();
  }
  static Got<Bytes> decode(View bytes) { return Bytes(bytes); }
};

/// The one effect on actors: a new command adds no port and no line to a host.
template <class Command>
struct Tell {
  static constexpr Port port = Port::actor;
  using Result = typename Command::Reply;

  Bytes to;  // The actor's name; its kind is the command's.
  Command command;

  Bytes encode() const { return TellBytes{{Command::actor, to}, encode_command(command)}.encode(); }
  static Got<Result> decode(View bytes) {
    auto reply = wire::decode<Result>(bytes);
    if (!reply) return Fault::lost;
    return std::move(*reply);
  }
};

template <class Command>
Tell(Bytes, Command) -> Tell<Command>;

}  // namespace edgebatch::ports
