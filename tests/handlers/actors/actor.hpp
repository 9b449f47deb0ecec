// One actor under test: its rows, its clock, and the host that gives it its turns.
#pragma once

#include <catch_amalgamated.hpp>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/entry.hpp"

#include "tests/support/rows.hpp"

namespace edgebatch::actors {

/// A letter that a turn has handed over.
using Letter = Deliver::Item;

/// The command in a letter; nothing if it is another one.
template <class Command>
std::optional<Command> command_in(const Letter& letter) {
  const auto* errand = std::get_if<ToActor>(&letter.errand);
  if (errand == nullptr || errand->to.kind != Command::actor) return std::nullopt;
  wire::Reader in(errand->command);
  Bytes name;
  Command command{};
  in.value(name);
  if (name != Command::name) return std::nullopt;
  in.value(command);
  REQUIRE(in.ok());
  REQUIRE(in.empty());
  return command;
}

inline Bytes receiver_of(const Letter& letter) { return std::get<ToActor>(letter.errand).to.name; }

class Actor {
 public:
  Actor(ports::ActorKind kind, Bytes name, Ms now) : now(now), self_{kind, std::move(name)} {}
  virtual ~Actor() = default;

  Ms now;
  support::Rows rows;
  std::optional<Ms> wake_at;    // As the last turn said.
  std::vector<Bytes> tasks;     // Of the last turn, but for deliveries …
  std::vector<Letter> letters;  // … whose letters are here.

  template <class Command>
  typename Command::Reply tell(const Command& command) {
    auto reply = wire::decode<typename Command::Reply>(turn(ports::encode_command(command)));
    REQUIRE(reply);
    return std::move(*reply);
  }
  /// The alarm goes off.
  void alarm() { (void)turn({}); }
  /// Alarms go off as they are asked for, until `moment` is now.
  void wait_until(Ms moment) {
    while (wake_at && *wake_at <= moment) {
      now = std::max(now, *wake_at);
      alarm();
      see_letters();
      // Who asks for an alarm that has just gone off spins.
      REQUIRE((!wake_at || *wake_at > now));
    }
    now = std::max(now, moment);
  }
  void wait(Ms duration) { wait_until(now + duration); }

  /// The turn's letter on that subject; nothing if it handed over none.
  std::optional<Letter> letter(View subject) const {
    for (const Letter& letter : letters)
      if (letter.subject == subject) return letter;
    return std::nullopt;
  }
  void acknowledge(const Letter& letter, Bytes reply = {}) {
    const Acknowledge command{
        .delivered = {
            {.subject = letter.subject, .revision = letter.revision, .reply = std::move(reply)}}};
    (void)turn(ports::encode_command(command));
  }

  /// How many rows a turn wrote.
  template <class Command>
  std::size_t writes_of(const Command& command) {
    const std::size_t before = rows.writes();
    (void)tell(command);
    return rows.writes() - before;
  }

  Bytes turn(View command) {
    const auto output =
        edgebatch::take_turn(rows, {.actor = self_, .now = now, .command = Bytes(command)});
    wake_at = output.wake_at;
    tasks.clear();
    letters.clear();
    for (const Bytes& task : output.tasks) keep(task);
    check();
    return output.reply;
  }

 protected:
  /// What holds after every turn.
  virtual void check() {}
  /// What alarms handed over while waiting.
  virtual void see_letters() {}

 private:
  void keep(const Bytes& task) {
    wire::Reader in(task);
    Bytes name;
    in.value(name);
    if (name != Deliver::name) return tasks.push_back(task);
    Deliver deliver;
    in.value(deliver);
    REQUIRE(in.ok());
    CHECK(deliver.self == self_);
    for (Letter& letter : deliver.letters) letters.push_back(std::move(letter));
  }

  ports::Address self_;
};

}  // namespace edgebatch::actors
