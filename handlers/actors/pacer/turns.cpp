#include "handlers/actors/pacer/turns.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/sort.hpp"
#include "handlers/actors/pacer/fair_shares.hpp"

namespace edgebatch::actors::pacer {

Turn turn_of_newcomer(const std::vector<Claim>& others, Ms now) {
  // One more than the least: else those who have had a turn would wait for all who come later.
  std::optional<std::uint64_t> least;
  for (const Claim& claim : others)
    least = std::min(least.value_or(claim.turn.number), claim.turn.number);
  return {.number = least ? *least + 1 : 0, .began_at = now - turn_ms};
}

Share share_of(std::size_t own, std::uint32_t capacity, const std::vector<Claim>& claims, Ms now) {
  std::vector<std::size_t> order(claims.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  text::sort(order, {}, [&](std::size_t i) {
    return std::tuple(!claims[i].turn.lasts(now), claims[i].turn, i);
  });

  std::vector<std::uint32_t> demands;
  demands.reserve(claims.size());
  for (const std::size_t i : order) demands.push_back(claims[i].demand);
  const auto in_order = fair_shares(capacity, demands);
  std::vector<std::uint32_t> shares(claims.size());
  for (std::size_t k = 0; k < order.size(); ++k) shares[order[k]] = in_order[k];

  // Who has been content for long, and thus had few turns, isn't owed all of them: one is enough.
  bool others_without = false;
  std::optional<std::uint64_t> least;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    if (i == own || claim.demand < shares[own]) continue;
    others_without = others_without || shares[i] < shares[own];
    least = std::min(least.value_or(claim.turn.number), claim.turn.number);
  }
  const Turn& last = claims[own].turn;
  if (!others_without || last.lasts(now)) return {.lanes = shares[own], .turn = std::nullopt};
  return {.lanes = shares[own],
          .turn = Turn{.number = std::max(last.number + 1, least.value_or(0)), .began_at = now}};
}

}  // namespace edgebatch::actors::pacer
