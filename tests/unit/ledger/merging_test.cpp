// Small neighbouring shards become one.
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"

namespace {

using namespace edgebatch::ledger;

/// Done spans of one item each, with so many bytes of output and of errors.
Ledger done(const std::vector<Lengths>& shards) {
  std::vector<Stretch> stretches;
  stretches.reserve(shards.size());
  for (std::uint32_t i = 0; i < shards.size(); ++i)
    stretches.push_back({i, 1, i * 10, i * 10 + 10});
  Ledger ledger = Ledger::planned(stretches);
  for (std::uint32_t i = 0; i < shards.size(); ++i) {
    REQUIRE(ledger.claim({.runner = 1, .attempt = i + 1, .lease_until = 9}, 0));
    Shard shard;
    shard.attempt = i + 1;
    shard.lengths = shards[i];
    shard.lines = {shards[i][0] > 0 ? 1U : 0U, shards[i][1] > 0 ? 1U : 0U};
    shard.counts.succeeded = 1;
    shard.usage.total = 7;
    REQUIRE(ledger.report(stretches[i], shard) == Reported::accepted);
  }
  return ledger;
}

Stretch whole(const std::vector<Span>& spans) {
  return {spans.front().first, spans.back().end() - spans.front().first, spans.front().byte_begin,
          spans.back().byte_end};
}
Shard sum(const std::vector<Span>& spans) {
  Shard shard;
  shard.attempt = 99;
  for (const Span& span : spans) shard.append(span.shard);
  return shard;
}

std::size_t merged_first(std::size_t shards, std::uint64_t bytes) {
  return done(std::vector<Lengths>(shards, Lengths{bytes, 0})).mergeable().size();
}

}  // namespace

TEST_CASE("ledger: small neighbouring shards, at each limit → as many as fit, or none") {
  CHECK(merged_first(merged_shards_min - 1, 1) == 0);
  CHECK(merged_first(merged_shards_min, 1) == merged_shards_min);
  CHECK(merged_first(merged_shards_max, 1) == merged_shards_max);
  CHECK(merged_first(merged_shards_max + 1, 1) == merged_shards_max);
  CHECK(merged_first(9, merged_bytes_max / 5) == 5);
  CHECK(merged_first(9, merged_bytes_max / 5 + 1) == 4);
  CHECK(merged_first(9, merged_bytes_max / 4) == 4);
  CHECK(merged_first(9, merged_bytes_max / 4 + 1) == 0);
}

TEST_CASE("ledger: large shards and what isn't done lie between small ones → no merge over them") {
  Ledger ledger =
      done({{1, 0}, {1, 0}, {1, 0}, {merged_bytes_max, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}});
  const auto spans = ledger.mergeable();
  REQUIRE(spans.size() == 4);
  CHECK(spans.front().first == 4);

  Ledger running = Ledger::planned({{0, 1, 0, 1}, {1, 1, 1, 2}});
  CHECK(running.mergeable().empty());
}

TEST_CASE(
    "ledger: merged → one span with the sums and the pieces in their order, totals as before") {
  Ledger ledger = done({{5, 0}, {6, 0}, {0, 7}, {8, 9}, {0, 3}, {4, 0}});
  const Totals before = ledger.totals();
  const auto spans = ledger.mergeable();
  REQUIRE(spans.size() == 6);
  const Shard shard = sum(spans);
  // Outputs that follow errors begin another piece.
  CHECK(shard.pieces == std::vector<Lengths>{{11, 7}, {8, 12}, {4, 0}});
  CHECK(ledger.merge(whole(spans), shard) == Reported::accepted);
  CHECK(ledger.sound());
  CHECK(ledger.spans().size() == 1);
  CHECK(ledger.totals() == before);
  CHECK(ledger.merge(whole(spans), shard) == Reported::repeated);
  CHECK(ledger.mergeable().empty());
}

TEST_CASE("ledger: a merge that isn't of just these shards → lost, and nothing changes") {
  Ledger ledger = done({{5, 0}, {6, 0}, {0, 7}, {8, 9}});
  const auto spans = ledger.mergeable();
  const Stretch all = whole(spans);
  const auto before = ledger.spans();
  Shard wrong = sum(spans);
  wrong.lengths[0] += 1;
  CHECK(ledger.merge(all, wrong) == Reported::lost);
  Stretch shorter = all;
  --shorter.count;
  CHECK(ledger.merge(shorter, sum(spans)) == Reported::lost);
  CHECK(ledger.merge({7, 1, 0, 0}, sum(spans)) == Reported::lost);
  CHECK(ledger.spans() == before);
}

TEST_CASE("ledger: merged already → the same merge is a repetition, one of another name is lost") {
  Ledger ledger = done(std::vector<Lengths>(5, Lengths{10, 0}));
  const auto spans = ledger.mergeable();
  Shard merged = sum(spans);
  REQUIRE(ledger.merge(whole(spans), merged) == Reported::accepted);
  const auto after = ledger.spans();
  CHECK(ledger.merge(whole(spans), merged) == Reported::repeated);
  merged.attempt += 1;
  CHECK(ledger.merge(whole(spans), merged) == Reported::lost);
  CHECK(ledger.spans() == after);
}

TEST_CASE("ledger: many tiny shards are merged until none should be → few, and nothing is lost") {
  std::vector<Lengths> shards;
  shards.reserve(1'000);
  for (std::uint32_t i = 0; i < 1'000; ++i)
    shards.push_back(i % 7 == 0 ? Lengths{0, 90} : Lengths{900, 0});
  Ledger ledger = done(shards);
  const Totals before = ledger.totals();
  int merges = 0;
  for (auto spans = ledger.mergeable(); !spans.empty(); spans = ledger.mergeable()) {
    REQUIRE(ledger.merge(whole(spans), sum(spans)) == Reported::accepted);
    REQUIRE(++merges < 100);
  }
  CHECK(ledger.sound());
  CHECK(ledger.totals() == before);
  CHECK(ledger.spans().size() < merged_shards_min);
}
