// The runners at one upstream: what they want, what they hold, and what is fair among them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"
#include "handlers/actors/pacer/turns.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::pacer {

struct Runner {
  struct Name {
    Bytes tenant;
    Bytes batch;
    std::uint32_t number = 0;

    bool operator==(const Name&) const = default;
    static constexpr auto fields = std::tuple(&Name::tenant, &Name::batch, &Name::number);
  };
  struct Row {
    Ms heard_at = 0;
    std::uint32_t wanted = 0;
    std::uint32_t batch_wanted = 0;
    std::uint32_t granted = 0;
    std::uint32_t held = 0;  // What it may have in flight, at most. It never shrinks by itself.
    std::array<Turn, 3> turns = {};  // Of its tenant, its batch and itself.
    Ms asked_at = 0;                 // By its own clock.
    static constexpr auto fields =
        std::tuple(&Row::heard_at, &Row::wanted, &Row::batch_wanted, &Row::granted, &Row::held,
                   &Row::turns, &Row::asked_at);
  };

  Name name;
  Row row;
};

/// A runner's part of the limit.
struct Division {
  std::uint32_t lanes = 0;
  std::uint32_t batch_lanes = 0;  // Of its batch, if its runners wanted all that the batch does.
  std::array<std::optional<Turn>, 3> turns = {};  // That begin, as in Runner::Row.
};

class Runners {
 public:
  /// Drops those that haven't been heard of since then.
  Runners(ports::Table& table, Ms heard_since);

  /// The runner's row; a new one if it isn't known. It counts at once, but isn't stored.
  Runner::Row& row_of(const Runner::Name& name, Ms now);
  void store(const Runner::Name& name);
  void erase(const Runner::Name& name);

  /// What all but this one may have in flight.
  std::uint64_t held_by_others(const Runner::Name& name) const;

  /// Of a runner that is known.
  Division divide(std::uint32_t limit, const Runner::Name& name, Ms now) const;

 private:
  std::array<Turn, 3> turns_of_newcomer(const Runner::Name& name, Ms now) const;

  ports::Table& table_;
  std::vector<Runner> runners_;  // In order of their keys: a tenant's side by side, and a batch's.
};

}  // namespace edgebatch::actors::pacer
