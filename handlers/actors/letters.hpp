// Letters: what an actor wants done outside. A letter is a row, written in the turn that decides
// it, delivered after that turn and again from the alarm until it is acknowledged. So it may come
// twice and late: whoever receives one looks at its revision or at its own rows.
#pragma once

#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::actors {

constexpr Ms redelivery_ms_min = 1'000;        // After the first delivery; doubled each time …
constexpr Ms redelivery_ms_max = 60'000;       // … up to this.
constexpr std::size_t letters_count_max = 32;  // Delivered after one turn; more wait for the next.

/// A command to another actor.
struct ToActor {
  ports::Address to;
  Bytes command;
  static constexpr auto fields = std::tuple(&ToActor::to, &ToActor::command);
};
template <class Command>
ToActor to_actor(Bytes name, const Command& command) {
  return {{Command::actor, std::move(name)}, ports::encode_command(command)};
}

/// Objects to be erased, all whose keys begin with `prefix`.
struct Erasure {
  Bytes prefix;
  static constexpr auto fields = std::tuple(&Erasure::prefix);
};

using Errand = std::variant<ToActor, Erasure>;

/// Writes a letter. A newer one on the same subject takes the place of an older one.
void write_letter(ports::Table& table, View subject, std::uint64_t revision, Errand errand,
                  Ms due_at);

/// The subject's letter, if it is still on its way, is forgotten.
void drop_letter(ports::Table& table, View subject);

/// When the next letter has to be delivered (again).
std::optional<Ms> next_delivery(ports::Table& table);

/// What a delivery brought back.
struct Delivered {
  Bytes subject;
  std::uint64_t revision = 0;
  Bytes reply;  // The receiver's, encoded; empty for an erasure.
  static constexpr auto fields =
      std::tuple(&Delivered::subject, &Delivered::revision, &Delivered::reply);
};

/// The letter is done with. False if it was acknowledged before, or a newer one has taken its
/// place.
bool acknowledge(ports::Table& table, const Delivered& delivered);

/// The task of delivering what is due, in the name of `self`.
struct Deliver {
  static constexpr View name = "deliver";

  struct Item {
    Bytes subject;
    std::uint64_t revision = 0;
    Errand errand;
    static constexpr auto fields = std::tuple(&Item::subject, &Item::revision, &Item::errand);
  };
  ports::Address self;
  std::vector<Item> letters;
  static constexpr auto fields = std::tuple(&Deliver::self, &Deliver::letters);
};

/// Takes what is due; each will be due again later, unless it is acknowledged.
std::optional<Deliver> collect_due(ports::Table& table, ports::Address self, Ms now);

/// Delivers, then tells `self` what has arrived.
ports::Task<void> deliver(Deliver task);

}  // namespace edgebatch::actors
