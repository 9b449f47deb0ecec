#include "handlers/actors/pacer/fair_shares.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "core/text/bytes.hpp"
#include "handlers/actors/pacer/turns.hpp"

namespace edgebatch::actors::pacer {
namespace {

using Numbers = std::vector<std::uint32_t>;

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

std::uint64_t sum(const Numbers& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

TEST_CASE("fair_shares: enough for all → what each wants") {
  CHECK(fair_shares(10, {1, 2, 7}) == Numbers{1, 2, 7});
  CHECK(fair_shares(10, {0, 0}) == Numbers{0, 0});
  CHECK(fair_shares(10, {}).empty());
}

TEST_CASE("fair_shares: not enough for all → who wants little gets it, the others the same") {
  CHECK(fair_shares(10, {1, 100, 4, 4}) == Numbers{1, 3, 3, 3});
  CHECK(fair_shares(10, {100, 1, 3, 4}) == Numbers{3, 1, 3, 3});
  CHECK(fair_shares(0, {1, 2}) == Numbers{0, 0});
}

TEST_CASE("fair_shares: it can't be divided → one more for those in front that want it") {
  CHECK(fair_shares(3, {9, 9, 9, 9}) == Numbers{1, 1, 1, 0});
  CHECK(fair_shares(8, {1, 9, 2, 9}) == Numbers{1, 3, 2, 2});
  CHECK(fair_shares(11, {3, 9, 9, 9}) == Numbers{3, 3, 3, 2});
}

TEST_CASE("fair_shares: numbers at their limits → no overflow") {
  CHECK(fair_shares(most, {most, most, 1}) == Numbers{most / 2, most / 2, 1});
  CHECK(fair_shares(most, {most}) == Numbers{most});
  CHECK(fair_shares(1, {most, most}) == Numbers{1, 0});
}

TEST_CASE(
    "fair_shares: any demands → all is shared, and nobody has more than one more at the "
    "cost of who wants it") {
  std::mt19937 random(7);
  const auto below = [&](std::uint32_t bound) {
    return static_cast<std::uint32_t>(random()) % bound;
  };
  for (int round = 0; round < 2'000; ++round) {
    Numbers demands(below(12));
    for (auto& demand : demands) demand = below(1 + below(40));
    const std::uint32_t capacity = below(120);
    const auto shares = fair_shares(capacity, demands);
    INFO("round " << round);
    REQUIRE(shares.size() == demands.size());
    CHECK(sum(shares) == std::min<std::uint64_t>(capacity, sum(demands)));
    for (std::size_t i = 0; i < shares.size(); ++i) {
      CHECK(shares[i] <= demands[i]);
      if (shares[i] == demands[i]) continue;
      for (std::size_t k = 0; k < shares.size(); ++k) {
        CHECK(shares[k] <= shares[i] + 1);
        if (k > i) CHECK(shares[k] <= shares[i]);  // Who is in front doesn't come off worse.
      }
    }
  }
}

TEST_CASE("turns: more claimants than lanes → one after the other, each for a turn") {
  const std::size_t claimants = GENERATE(2U, 3U, 5U, 10U);
  const std::uint32_t lanes = GENERATE(1U, 3U, 4U, 13U);
  CAPTURE(claimants, lanes);
  std::vector<Claim> claims(claimants,
                            {.demand = 100, .turn = {.number = 0, .began_at = -turn_ms}});
  std::vector<std::uint64_t> served(claimants, 0);
  std::mt19937 random(3);
  constexpr Ms end = 40 * turn_ms;
  for (Ms now = 0; now < end; now += 1'000) {
    std::vector<std::size_t> order(claimants);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    std::uint64_t shared = 0;
    for (const std::size_t own : order) {  // Whoever asks first.
      const Share share = share_of(own, lanes, claims, now);
      if (share.turn) claims[own].turn = *share.turn;
      served[own] += share.lanes;
      shared += share.lanes;
    }
    CHECK(shared == lanes);
  }
  const auto [least, greatest] = std::ranges::minmax(served);
  CHECK(greatest - least <= turn_ms / 1'000);  // At most a turn more.
}

constexpr Turn over(std::uint64_t number) { return {.number = number, .began_at = 0}; }

TEST_CASE("turns: everybody has the same, or all it wants → nobody's turn begins") {
  constexpr Ms now = turn_ms;
  CHECK_FALSE(share_of(0, 4, {{9, over(0)}, {9, over(0)}}, now).turn);
  CHECK_FALSE(share_of(0, 9, {{2, over(0)}, {7, over(0)}}, now).turn);
  CHECK(share_of(0, 5, {{9, over(0)}, {9, over(0)}}, now).turn == Turn{1, now});
  CHECK_FALSE(share_of(1, 5, {{9, over(0)}, {9, over(0)}}, now).turn);
}

TEST_CASE("turns: somebody comes → it queues up behind those who wait, and is not forgotten") {
  constexpr Ms now = 100'000;
  std::vector<Claim> claims{{1, {.number = 4, .began_at = now - 50'000}},
                            {1, {.number = 5, .began_at = now - 1}},
                            {1, {.number = 5, .began_at = now - 30'000}}};
  claims.push_back({1, turn_of_newcomer(claims, now)});
  const auto lanes = [&](std::uint32_t capacity, Ms at) {
    Numbers shares;
    for (std::size_t i = 0; i < claims.size(); ++i)
      shares.push_back(share_of(i, capacity, claims, at).lanes);
    return shares;
  };
  CHECK(lanes(1, now) == Numbers{0, 1, 0, 0});  // It keeps its turn, not longer.
  CHECK(lanes(1, now - 1 + turn_ms) == Numbers{1, 0, 0, 0});
  CHECK(lanes(2, now - 1 + turn_ms) == Numbers{1, 0, 1, 0});
  CHECK(lanes(3, now - 1 + turn_ms) == Numbers{1, 0, 1, 1});
  CHECK(turn_of_newcomer({}, now) == Turn{0, now - turn_ms});
}

TEST_CASE("turns: somebody was content for long → it comes first, but once only") {
  std::vector<Claim> claims{{9, over(0)}, {9, over(700)}, {9, over(700)}};
  Ms now = turn_ms;
  std::vector<std::size_t> served;
  for (int turn = 0; turn < 6; ++turn, now += turn_ms)
    for (std::size_t own = 0; own < claims.size(); ++own)
      if (const auto share = share_of(own, 1, claims, now); share.turn) {
        claims[own].turn = *share.turn;
        served.push_back(own);
      }
  CHECK(served == std::vector<std::size_t>{0, 1, 2, 0, 1, 2});
}

}  // namespace
}  // namespace edgebatch::actors::pacer
