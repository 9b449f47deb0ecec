// What can't be divided goes round: whoever got one more than others keeps it for a turn, and then
// those come first who have had fewer turns. Fair shares alone would starve the hindmost of ten for
// three lanes; and shares that changed at every question would leave lanes idle between two.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::actors::pacer {

constexpr Ms turn_ms = 10'000;

/// The last one of a claimant.
struct Turn {
  std::uint64_t number = 0;  // It has had so many, or had as many to wait for.
  Ms began_at = 0;

  auto operator<=>(const Turn&) const = default;
  static constexpr auto fields = std::tuple(&Turn::number, &Turn::began_at);

  bool lasts(Ms now) const { return now - began_at < turn_ms; }
};

struct Claim {
  std::uint32_t demand = 0;
  Turn turn;
};

/// The turn of whoever joins these: it queues up behind those who wait already.
Turn turn_of_newcomer(const std::vector<Claim>& others, Ms now);

struct Share {
  std::uint32_t lanes = 0;
  std::optional<Turn> turn;  // It begins, as others go without what it gets.
};

/// What claim `own` gets of `capacity`. While nobody's turn begins or ends, all get what is fair
/// among them, whoever asks first.
Share share_of(std::size_t own, std::uint32_t capacity, const std::vector<Claim>& claims, Ms now);

}  // namespace edgebatch::actors::pacer
