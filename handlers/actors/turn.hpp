// One turn of an actor: rows are loaded, what is due is applied, the command is obeyed, what
// follows from it is settled and stored, letters that are due are handed over for delivery, and the
// alarm is computed. An actor is a type with these parts:
//
//   Actor(Table&, Address, Ms now)        loads
//   void apply_due()                      time has passed
//   Reply obey(const Command&)            one overload a command
//   void settle()                         consequences that don't depend on the command; stores
//   std::optional<Ms> wake_at()           what the actor itself waits for
#pragma once

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "handlers/actors/letters.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors {

namespace detail {

/// Obeys the command of that name. An unknown one (of a newer or older version) has no reply, which
/// its sender takes for a lost one.
template <class... Commands, class Actor>
Bytes dispatch(Actor& actor, View command) {
  wire::Reader in(command);
  Bytes name;
  in.value(name);
  Bytes reply;
  const auto obeyed = [&]<class Command>(std::type_identity<Command>) {
    if (name != Command::name) return false;
    Command decoded{};
    in.value(decoded);
    if (in.ok()) reply = wire::encode(typename Command::Reply(actor.obey(decoded)));
    return true;
  };
  (void)(obeyed(std::type_identity<Commands>()) || ...);
  return reply;
}

}  // namespace detail

inline std::optional<Ms> earlier(std::optional<Ms> a, std::optional<Ms> b) {
  if (!a) return b;
  return b ? std::min(*a, *b) : a;
}

template <class Actor, class... Commands>
ports::TurnOutput take_turn(ports::Table& table, const ports::TurnInput& input) {
  ports::TurnOutput output;
  Actor actor(table, input.actor, input.now);
  actor.apply_due();
  if (!input.command.empty()) output.reply = detail::dispatch<Commands...>(actor, input.command);
  actor.settle();
  if (const auto letters = collect_due(table, input.actor, input.now))
    output.tasks.push_back(ports::encode_command(*letters));
  output.wake_at = earlier(actor.wake_at(), next_delivery(table));
  return output;
}

}  // namespace edgebatch::actors
