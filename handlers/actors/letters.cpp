#include "handlers/actors/letters.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/acknowledge.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/table.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::actors {

namespace {

constexpr View letters_prefix = "letter/";

struct Letter {
  std::uint64_t revision = 0;
  Errand errand;
  Ms due_at = 0;
  std::uint32_t deliveries = 0;
  static constexpr auto fields =
      std::tuple(&Letter::revision, &Letter::errand, &Letter::due_at, &Letter::deliveries);
};

Bytes key_of(View subject) { return Bytes(letters_prefix).append(subject); }

Ms redelivery_ms(std::uint32_t deliveries) {
  return std::min(redelivery_ms_max, redelivery_ms_min << std::min<std::uint32_t>(deliveries, 10));
}

std::vector<ports::Row> all_letters(ports::Table& table) {
  return table.scan(letters_prefix, ports::behind(letters_prefix), static_cast<std::size_t>(-1),
                    ports::Order::ascending);
}

/// The reply, or nothing if it has to be tried again.
ports::Task<std::optional<Bytes>> run_errand(Errand errand) {
  if (const auto* letter = std::get_if<ToActor>(&errand)) {
    auto reply = co_await ports::TellBytes{letter->to, letter->command};
    if (failed(reply)) co_return std::nullopt;
    co_return std::get<Bytes>(std::move(reply));
  }
  for (;;) {
    const auto erased = co_await ports::EraseObjects{std::get<Erasure>(errand).prefix};
    if (failed(erased)) co_return std::nullopt;
    if (!std::get<ports::EraseObjects::Erased>(erased).more) co_return Bytes();
  }
}

}  // namespace

void write_letter(ports::Table& table, View subject, std::uint64_t revision, Errand errand,
                  Ms due_at) {
  ports::store(table, key_of(subject),
               Letter{.revision = revision, .errand = std::move(errand), .due_at = due_at});
}

void drop_letter(ports::Table& table, View subject) { table.erase(key_of(subject)); }

std::optional<Ms> next_delivery(ports::Table& table) {
  std::optional<Ms> next;
  for (const auto& [key, row] : all_letters(table)) {
    const auto letter = wire::decode<Letter>(row);
    if (letter && (!next || letter->due_at < *next)) next = letter->due_at;
  }
  return next;
}

bool acknowledge(ports::Table& table, const Delivered& delivered) {
  const Bytes key = key_of(delivered.subject);
  const auto letter = ports::load<Letter>(table, key);
  if (!letter || letter->revision != delivered.revision) return false;
  table.erase(key);
  return true;
}

std::optional<Deliver> collect_due(ports::Table& table, ports::Address self, Ms now) {
  Deliver task{.self = std::move(self), .letters = {}};
  for (const auto& [key, row] : all_letters(table)) {
    auto letter = wire::decode<Letter>(row);
    if (!letter || letter->due_at > now) continue;
    if (task.letters.size() == letters_count_max) break;

    task.letters.push_back({.subject = key.substr(letters_prefix.size()),
                            .revision = letter->revision,
                            .errand = letter->errand});
    letter->due_at = now + redelivery_ms(letter->deliveries++);
    ports::store(table, key, *letter);
  }
  if (task.letters.empty()) return std::nullopt;
  return task;
}

ports::Task<void> deliver(Deliver task) {
  Acknowledge acknowledgement;
  for (Deliver::Item& letter : task.letters) {
    auto reply = co_await run_errand(std::move(letter.errand));
    if (!reply) continue;
    acknowledgement.delivered.push_back({.subject = std::move(letter.subject),
                                         .revision = letter.revision,
                                         .reply = std::move(*reply)});
  }
  // If this is lost, the letters are delivered once more.
  if (!acknowledgement.delivered.empty())
    co_await ports::TellBytes{task.self, ports::encode_command(acknowledgement)};
}

}  // namespace edgebatch::actors
