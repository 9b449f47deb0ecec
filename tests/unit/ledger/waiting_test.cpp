// Spans that have to wait, and spans that kill whoever works on them.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"

namespace {

using namespace edgebatch::ledger;
using edgebatch::Ms;

Stretch items(std::uint32_t first, std::uint32_t count) {
  return {first, count, std::uint64_t{first} * 100, (std::uint64_t{first} + count) * 100};
}

Ledger planned(std::uint32_t spans, std::uint32_t of_items) {
  std::vector<Stretch> stretches;
  stretches.reserve(spans);
  for (std::uint32_t i = 0; i < spans; ++i) stretches.push_back(items(i * of_items, of_items));
  return Ledger::planned(stretches);
}

Shard shard_of(Attempt attempt, std::uint32_t of_items) {
  Shard shard;
  shard.attempt = attempt;
  shard.counts.succeeded = of_items;
  return shard;
}

std::optional<Lease> claim(Ledger& ledger, Attempt attempt, Ms now = 0, bool has_leases = false) {
  return ledger.claim(
      {.runner = 1, .attempt = attempt, .lease_until = now + 60, .has_leases = has_leases}, now);
}

/// Whoever works on that lease dies.
void die(Ledger& ledger) {
  ledger.lapse_runner(1);
  REQUIRE(ledger.sound());
}

}  // namespace

// ---- Waiting

TEST_CASE("ledger: an item goes back until later → nobody gets it before, its neighbours stay") {
  Ledger ledger = planned(1, 5);
  REQUIRE(claim(ledger, 7));
  REQUIRE(ledger.give_back(7, items(2, 1), 3, 100));
  CHECK(ledger.sound());
  CHECK(ledger.totals().leased == 4);
  CHECK_FALSE(claim(ledger, 8, 99));
  CHECK_FALSE(ledger.claimable(99));
  CHECK(ledger.next_claimable(99) == 100);
  CHECK(ledger.claimable(100));
  CHECK_FALSE(ledger.next_claimable(100));
  CHECK(claim(ledger, 8, 100) == Lease{.stretch = items(2, 1), .tries = 3});
  CHECK(ledger.sound());
}

TEST_CASE("ledger: neighbours had to wait → claimed as one if they may, and were tried as often") {
  Ledger ledger = planned(1, 6);
  REQUIRE(claim(ledger, 7));
  for (const auto& [item, tries, wait] :
       {std::tuple(0U, 1U, 10), {1U, 1U, 20}, {2U, 1U, 5}, {3U, 2U, 5}, {4U, 1U, 5}, {5U, 1U, 99}})
    REQUIRE(ledger.give_back(7, items(item, 1), tries, wait));
  CHECK(claim(ledger, 8, 20) == Lease{.stretch = items(0, 3), .tries = 1});
  CHECK(claim(ledger, 9, 20) == Lease{.stretch = items(3, 1), .tries = 2});
  CHECK(claim(ledger, 10, 20) == Lease{.stretch = items(4, 1), .tries = 1});
  CHECK_FALSE(claim(ledger, 11, 20));
  CHECK(ledger.sound());
}

TEST_CASE(
    "ledger: neighbours that waited, at the limit of items or bytes → not more in one claim") {
  const auto first_claim = [](std::uint32_t of_items, std::uint64_t bytes_an_item) {
    Ledger ledger = Ledger::planned({{0, of_items, 0, of_items * bytes_an_item}});
    REQUIRE(claim(ledger, 7));
    for (std::uint32_t item = 0; item < of_items; ++item)
      REQUIRE(
          ledger.give_back(7, {item, 1, item * bytes_an_item, (item + 1) * bytes_an_item}, 1, 0));
    return claim(ledger, 8)->stretch.count;
  };
  CHECK(first_claim(claim_items_max - 1, 1) == claim_items_max - 1);
  CHECK(first_claim(claim_items_max, 1) == claim_items_max);
  CHECK(first_claim(claim_items_max + 1, 1) == claim_items_max);
  CHECK(first_claim(5, claim_bytes_max / 4) == 4);
  CHECK(first_claim(5, claim_bytes_max / 4 + 1) == 3);
  CHECK(first_claim(5, claim_bytes_max + 1) == 1);
}

TEST_CASE("ledger: draining → what has to wait too") {
  Ledger ledger = planned(2, 3);
  REQUIRE(claim(ledger, 7));
  REQUIRE(ledger.give_back(7, items(1, 1), 1, 1'000));
  ledger.give_back(7);
  CHECK(ledger.claim_for_drain({.runner = 1, .attempt = 8, .lease_until = 60}) == items(0, 6));
  CHECK(ledger.sound());
}

TEST_CASE("ledger: a stretch goes back that isn't leased so → nothing happens") {
  Ledger ledger = planned(2, 3);
  REQUIRE(claim(ledger, 7));
  const auto before = ledger.spans();
  CHECK_FALSE(ledger.give_back(8, items(1, 1), 1, 10));
  CHECK_FALSE(ledger.give_back(7, items(2, 2), 1, 10));
  CHECK_FALSE(ledger.give_back(7, items(3, 1), 1, 10));
  CHECK(ledger.spans() == before);
  REQUIRE(ledger.report(items(0, 1), shard_of(7, 1)) == Reported::accepted);
  CHECK_FALSE(ledger.give_back(7, items(0, 1), 1, 10));
}

// ---- Dying

TEST_CASE(
    "ledger: a span lapsed twice → a part of it is claimed, alone, after the others; once → all of "
    "it") {
  Ledger ledger = planned(2, 8);
  for (Attempt attempt = 1; attempt <= trusted_lapses_max + 1; ++attempt) {
    CHECK(claim(ledger, attempt)->items_max == 0);
    die(ledger);
  }
  CHECK(claim(ledger, 8) == Lease{.stretch = items(8, 8)});
  CHECK(claim(ledger, 9) == Lease{.stretch = items(0, 8), .items_max = 2});
}

TEST_CASE("ledger: suspects → one at a time, and to nobody who has other leases") {
  Ledger ledger = planned(3, 8);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(claim(ledger, 1));
    REQUIRE(claim(ledger, 2, 0, true));
    die(ledger);
  }
  CHECK(claim(ledger, 3, 0, true)->stretch == items(16, 8));  // The only one that is trusted.
  CHECK_FALSE(claim(ledger, 4, 0, true));
  CHECK(ledger.claimable(0));
  CHECK(claim(ledger, 5)->stretch == items(0, 8));
  CHECK_FALSE(ledger.claimable(0));
  CHECK_FALSE(claim(ledger, 6));
  ledger.give_back(5);
  CHECK(claim(ledger, 6)->items_max == 0);  // It was given back alive.
  CHECK(claim(ledger, 7)->items_max == 2);
}

TEST_CASE(
    "ledger: one item kills whoever works on it → cornered in log4 steps, the rest untouched") {
  constexpr std::uint32_t count = 500;
  for (const std::uint32_t guilty : {0U, 1U, 249U, 250U, 377U, 498U, 499U}) {
    CAPTURE(guilty);
    Ledger ledger = planned(2, count);
    Attempt attempt = 0;
    int deaths = 0;
    std::uint32_t given_up = 0;
    while (!ledger.all_done()) {
      const auto lease = claim(ledger, ++attempt);
      REQUIRE(lease);
      Stretch worked_on = lease->stretch;
      if (lease->given_up) {
        REQUIRE(worked_on == items(guilty, 1));
        ++given_up;
      } else {
        if (lease->items_max != 0 && lease->items_max < worked_on.count) {
          worked_on = items(worked_on.first, lease->items_max);
          for (std::uint32_t first = worked_on.end(); first < lease->stretch.end();
               first += lease->items_max)
            REQUIRE(ledger.give_back(
                attempt, items(first, std::min(lease->items_max, lease->stretch.end() - first)), 0,
                0));
        }
        if (worked_on.first <= guilty && guilty < worked_on.end()) {
          ++deaths;
          die(ledger);
          continue;
        }
      }
      REQUIRE(ledger.report(worked_on, shard_of(attempt, worked_on.count)) == Reported::accepted);
    }
    CHECK(given_up == 1);
    CHECK(deaths <= 2 + 5 + 3);
    CHECK(ledger.sound());
  }
}

TEST_CASE("ledger: a single item lapsed less often than it may → it is tried") {
  Ledger ledger = planned(1, 1);
  for (std::uint32_t lapses = 0; lapses < given_up_lapses; ++lapses) {
    CHECK_FALSE(claim(ledger, lapses + 1)->given_up);
    die(ledger);
  }
  CHECK(claim(ledger, 9)->given_up);
}
