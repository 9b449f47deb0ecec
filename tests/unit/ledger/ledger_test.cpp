#include "core/ledger/ledger.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ledger/span.hpp"

namespace {

using namespace edgebatch::ledger;

// Three spans of 10, 5 and 1 items; an item's line is 100 bytes long.
Ledger three_spans() {
  return Ledger::planned({{0, 10, 0, 1000}, {10, 5, 1000, 1500}, {15, 1, 1500, 1600}});
}

Shard shard_of(Attempt attempt, std::uint32_t number, std::uint32_t items) {
  Shard shard;
  shard.attempt = attempt;
  shard.number = number;
  shard.counts.succeeded = items;
  shard.lines = {items, 0};
  shard.lengths = {std::uint64_t{items} * 50, 0};
  return shard;
}

Stretch items(std::uint32_t first, std::uint32_t count) {
  return {first, count, std::uint64_t{first} * 100, (std::uint64_t{first} + count) * 100};
}

std::optional<Stretch> claim(Ledger& ledger, std::uint32_t runner, Attempt attempt,
                             edgebatch::Ms until) {
  const auto lease = ledger.claim({.runner = runner, .attempt = attempt, .lease_until = until}, 0);
  if (!lease) return std::nullopt;
  return lease->stretch;
}

}  // namespace

TEST_CASE("ledger: planned → one todo span a stretch, nothing done") {
  const Ledger ledger = three_spans();
  REQUIRE(ledger.spans().size() == 3);
  CHECK(ledger.sound());
  CHECK(ledger.any_todo());
  CHECK_FALSE(ledger.all_done());
  CHECK_FALSE(ledger.next_lapse());
  const Totals totals = ledger.totals();
  CHECK(totals.items == 16);
  CHECK(totals.todo() == 16);
  CHECK(totals.done == 0);
}

TEST_CASE("ledger: without spans → sound, but nothing to do and nothing done") {
  Ledger ledger;
  CHECK(ledger.sound());
  CHECK_FALSE(ledger.all_done());
  CHECK_FALSE(ledger.any_todo());
  CHECK_FALSE(claim(ledger, 1, 1, 5));
  CHECK_FALSE(ledger.claim_for_drain({.runner = 1, .attempt = 1, .lease_until = 5}));
  CHECK(ledger.report(items(0, 1), shard_of(1, 0, 1)) == Reported::lost);
}

TEST_CASE("ledger: claims → the lowest todo spans, until there is none") {
  Ledger ledger = three_spans();
  CHECK(claim(ledger, 1, 1, 60) == items(0, 10));
  CHECK(claim(ledger, 2, 2, 50) == items(10, 5));
  ledger.give_back(1);
  CHECK(claim(ledger, 2, 3, 70) == items(0, 10));
  CHECK(claim(ledger, 2, 4, 70) == items(15, 1));
  CHECK_FALSE(claim(ledger, 2, 5, 70));
  CHECK_FALSE(ledger.any_todo());
  CHECK(ledger.next_lapse() == 50);
  CHECK(ledger.totals().leased == 16);
  CHECK(ledger.sound());
}

TEST_CASE("ledger: claims for draining → todo neighbours together, over no gap") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 1, 60));
  CHECK(ledger.claim_for_drain({.runner = 2, .attempt = 2, .lease_until = 60}) == items(10, 6));
  ledger.give_back(1);
  ledger.give_back(2);
  CHECK(ledger.spans().size() == 2);
  CHECK(ledger.claim_for_drain({.runner = 2, .attempt = 3, .lease_until = 60}) == items(0, 16));
  CHECK(ledger.spans().size() == 1);
  CHECK(ledger.sound());

  Ledger cut = three_spans();
  REQUIRE(claim(cut, 1, 1, 60));
  REQUIRE(claim(cut, 1, 2, 60));
  cut.give_back(1);
  CHECK(cut.claim_for_drain({.runner = 1, .attempt = 3, .lease_until = 60}) ==
        items(0, 10));  // The second span is leased.
}

TEST_CASE("ledger: claims for draining at, below and above the limit of items") {
  const auto drained = [](std::uint32_t first, std::uint32_t second) {
    Ledger ledger = Ledger::planned({items(0, first), items(first, second)});
    return ledger.claim_for_drain({.runner = 1, .attempt = 1, .lease_until = 60})->count;
  };
  CHECK(drained(drain_items_max - 2, 1) == drain_items_max - 1);
  CHECK(drained(drain_items_max - 1, 1) == drain_items_max);
  CHECK(drained(drain_items_max, 1) == drain_items_max);
  CHECK(drained(drain_items_max + 1, 1) == drain_items_max + 1);  // One span is never cut.
}

TEST_CASE("ledger: neighbours drained together → they carry the most lapses of any") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 1, 60));
  REQUIRE(claim(ledger, 1, 2, 60));
  ledger.lapse(60);
  REQUIRE(claim(ledger, 1, 3, 70));
  ledger.lapse(70);
  REQUIRE(ledger.claim_for_drain({.runner = 1, .attempt = 4, .lease_until = 90}));
  REQUIRE(ledger.spans().size() == 1);
  CHECK(ledger.spans()[0].lapses == 2);
}

TEST_CASE("ledger: a lease is renewed → it runs out later, all its parts do") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  REQUIRE(ledger.report(items(4, 2), shard_of(7, 0, 2)) == Reported::accepted);
  CHECK(ledger.renew(7, 90));
  CHECK(ledger.next_lapse() == 90);
  CHECK_FALSE(ledger.renew(8, 99));
  CHECK_FALSE(ledger.renew(0, 99));
  ledger.give_back(7);
  CHECK_FALSE(ledger.renew(7, 99));
}

TEST_CASE("ledger: a stretch in a lease's middle is reported → what is around it stays leased") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  CHECK(ledger.report(items(4, 2), shard_of(7, 0, 2)) == Reported::accepted);

  REQUIRE(ledger.spans().size() == 5);
  const Span& before = ledger.spans()[0];
  CHECK(
      (before.first == 0 && before.count == 4 && before.byte_begin == 0 && before.byte_end == 400));
  CHECK((before.state == SpanState::leased && before.attempt == 7 && before.lease_until == 60));
  const Span& done = ledger.spans()[1];
  CHECK((done.first == 4 && done.count == 2 && done.byte_begin == 400 && done.byte_end == 600));
  CHECK((done.state == SpanState::done && done.attempt == 0 && done.shard == shard_of(7, 0, 2)));
  const Span& behind = ledger.spans()[2];
  CHECK((behind.first == 6 && behind.count == 4));
  CHECK((behind.byte_begin == 600 && behind.byte_end == 1000));
  CHECK((behind.state == SpanState::leased && behind.attempt == 7 && behind.runner == 1));
  CHECK(ledger.sound());

  // Both rests can be reported under the same attempt, but no stretch across what is done.
  CHECK(ledger.report(items(3, 2), shard_of(7, 1, 2)) == Reported::lost);
  CHECK(ledger.report(items(0, 10), shard_of(7, 1, 10)) == Reported::lost);
  CHECK(ledger.report(items(6, 4), shard_of(7, 1, 4)) == Reported::accepted);
  CHECK(ledger.report(items(0, 4), shard_of(7, 2, 4)) == Reported::accepted);
  CHECK(ledger.totals().done == 10);
  CHECK(ledger.totals().lines == decltype(Totals::lines){10, 0});
  CHECK(ledger.totals().lengths == decltype(Totals::lengths){500, 0});
  CHECK(ledger.sound());
}

TEST_CASE("ledger: the same report comes again → repeated, and nothing changes") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  REQUIRE(ledger.report(items(0, 3), shard_of(7, 0, 3)) == Reported::accepted);
  const auto before = ledger.spans();
  CHECK(ledger.report(items(0, 3), shard_of(7, 0, 3)) == Reported::repeated);
  ledger.give_back(7);
  CHECK(ledger.report(items(0, 3), shard_of(7, 0, 3)) == Reported::repeated);
  CHECK(ledger.spans()[0] == before[0]);
  CHECK(ledger.spans().size() == before.size());
}

TEST_CASE("ledger: a report of what is done differs in any field → lost") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  REQUIRE(ledger.report(items(2, 3), shard_of(7, 0, 3)) == Reported::accepted);
  const auto before = ledger.spans();
  const auto with = [](auto change) {
    Shard shard = shard_of(7, 0, 3);
    change(shard);
    return shard;
  };
  CHECK(ledger.report(items(2, 3), with([](Shard& s) { s.attempt = 8; })) == Reported::lost);
  CHECK(ledger.report(items(2, 3), with([](Shard& s) { s.number = 1; })) == Reported::lost);
  CHECK(ledger.report(items(2, 3), with([](Shard& s) { s.lengths[0] = 1; })) == Reported::lost);
  CHECK(ledger.report(items(2, 3), with([](Shard& s) { s.lines[1] = 1; })) == Reported::lost);
  CHECK(ledger.report(items(2, 3), with([](Shard& s) { s.usage.output = 1; })) == Reported::lost);
  CHECK(ledger.report(items(2, 3), with([](Shard& s) {
                        s.counts.succeeded = 2;
                        s.counts.errored = 1;
                      })) == Reported::lost);
  CHECK(ledger.report(items(2, 2), shard_of(7, 0, 2)) == Reported::lost);
  CHECK(ledger.report({2, 3, 201, 500}, shard_of(7, 0, 3)) == Reported::lost);
  CHECK(ledger.report({2, 3, 200, 501}, shard_of(7, 0, 3)) == Reported::lost);
  CHECK(ledger.spans() == before);
}

TEST_CASE("ledger: a report's counts don't add up, even by wrapping around → lost") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  const auto before = ledger.spans();
  CHECK(ledger.report(items(0, 3), shard_of(7, 0, 2)) == Reported::lost);
  CHECK(ledger.report(items(0, 3), shard_of(7, 0, 4)) == Reported::lost);
  Shard wrapping = shard_of(7, 0, 4);
  wrapping.counts.errored = UINT32_MAX;
  CHECK(wrapping.counts.total() == 3);
  CHECK(ledger.report(items(0, 3), wrapping) == Reported::lost);
  CHECK(ledger.spans() == before);
}

TEST_CASE("ledger: a report leaves its lease → lost") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 6, 60));
  REQUIRE(claim(ledger, 1, 7, 60));  // Items 10 … 14, bytes 1000 … 1499.
  const auto before = ledger.spans();
  CHECK(ledger.report(items(9, 2), shard_of(7, 0, 2)) == Reported::lost);
  CHECK(ledger.report(items(10, 6), shard_of(7, 0, 6)) == Reported::lost);
  CHECK(ledger.report(items(10, 5), shard_of(6, 0, 5)) == Reported::lost);  // Another's attempt.
  CHECK(ledger.report(items(10, 0), shard_of(7, 0, 0)) == Reported::lost);
  CHECK(ledger.report({10, 1, 999, 1100}, shard_of(7, 0, 1)) == Reported::lost);
  CHECK(ledger.report({14, 1, 1400, 1501}, shard_of(7, 0, 1)) == Reported::lost);
  CHECK(ledger.report({11, 1, 1200, 1100}, shard_of(7, 0, 1)) == Reported::lost);
  CHECK(ledger.report(items(15, 1), shard_of(0, 0, 1)) == Reported::lost);  // Not leased at all.
  CHECK(ledger.report(items(16, 1), shard_of(7, 0, 1)) == Reported::lost);
  CHECK(ledger.report({12, UINT32_MAX, 1200, 1300}, shard_of(7, 0, UINT32_MAX)) == Reported::lost);
  CHECK(ledger.spans() == before);
}

TEST_CASE("ledger: a lease's last item is reported short of its bytes → they go with it") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  CHECK(ledger.report({6, 4, 600, 990}, shard_of(7, 0, 4)) == Reported::accepted);
  CHECK(ledger.spans()[1].byte_end == 1000);
  CHECK(ledger.report({6, 4, 600, 990}, shard_of(7, 0, 4)) == Reported::repeated);
  CHECK(ledger.report({0, 6, 0, 600}, shard_of(7, 1, 6)) == Reported::accepted);
  CHECK(ledger.sound());
}

TEST_CASE("ledger: a lease runs out → at its moment, not before; it counts as a lapse") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  ledger.lapse(59);
  CHECK(ledger.totals().leased == 10);
  ledger.lapse(60);
  CHECK(ledger.totals().leased == 0);
  CHECK(ledger.spans()[0].lapses == 1);
  CHECK(ledger.spans()[0].attempt == 0);
  CHECK(ledger.report(items(0, 3), shard_of(7, 0, 3)) == Reported::lost);
  REQUIRE(claim(ledger, 1, 8, 160));
  CHECK(ledger.report(items(0, 3), shard_of(7, 0, 3)) == Reported::lost);
  ledger.lapse(1000);
  CHECK(ledger.spans()[0].lapses == 2);
  CHECK(ledger.sound());
}

TEST_CASE("ledger: a runner begins anew → all its leases have lapsed, others' stay") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 7, 60));
  REQUIRE(claim(ledger, 2, 8, 60));
  REQUIRE(claim(ledger, 1, 9, 60));
  ledger.lapse_runner(1);
  CHECK(ledger.totals().leased == 5);
  CHECK(ledger.spans()[0].lapses == 1);
  CHECK(ledger.spans()[1].lapses == 0);
  CHECK_FALSE(ledger.renew(7, 99));
  CHECK(ledger.renew(8, 99));
  CHECK_FALSE(ledger.renew(9, 99));
  CHECK(ledger.sound());
}

TEST_CASE("ledger: every item is reported → all done, totals are sums of the shards") {
  Ledger ledger = three_spans();
  REQUIRE(claim(ledger, 1, 1, 60));
  REQUIRE(claim(ledger, 1, 2, 60));
  REQUIRE(claim(ledger, 1, 3, 60));
  Shard mixed;
  mixed.attempt = 1;
  mixed.counts = {4, 3, 2, 1};
  mixed.lines = {4, 6};
  mixed.lengths = {400, 60};
  mixed.usage = {10, 2, 20, 5, 30};
  REQUIRE(ledger.report(items(0, 10), mixed) == Reported::accepted);
  mixed.attempt = 2;
  mixed.counts = {5, 0, 0, 0};
  REQUIRE(ledger.report(items(10, 5), mixed) == Reported::accepted);
  CHECK_FALSE(ledger.all_done());
  REQUIRE(ledger.report(items(15, 1), shard_of(3, 0, 1)) == Reported::accepted);
  CHECK(ledger.all_done());
  CHECK_FALSE(ledger.next_lapse());
  const Totals totals = ledger.totals();
  CHECK(totals.counts == Counts{10, 3, 2, 1});
  CHECK(totals.usage == Usage{20, 4, 40, 10, 60});
  CHECK(totals.lines == decltype(Totals::lines){9, 12});
  CHECK(totals.lengths == decltype(Totals::lengths){850, 120});
  CHECK(totals.counts.total() == totals.items);
}

TEST_CASE("ledger: sound → false for each way in which spans can be wrong") {
  const auto broken = [](auto change) {
    Ledger ledger = three_spans();
    (void)claim(ledger, 1, 7, 60);
    (void)ledger.report(items(0, 10), shard_of(7, 0, 10));
    (void)claim(ledger, 1, 8, 60);
    auto spans = ledger.spans();  // done, leased, todo
    change(spans);
    return !Ledger(spans).sound();
  };
  using Spans = std::vector<Span>;
  CHECK_FALSE(broken([](Spans&) {}));
  CHECK(broken([](Spans& s) { s.erase(s.begin()); }));
  CHECK(broken([](Spans& s) { s[1].first = 11; }));
  CHECK(broken([](Spans& s) { s[1].first = 9; }));
  CHECK(broken([](Spans& s) { s[2].count = 0; }));
  CHECK(broken([](Spans& s) { s[2].count = UINT32_MAX; }));
  CHECK(broken([](Spans& s) { s[1].byte_begin = 999; }));
  CHECK(broken([](Spans& s) { s[2].byte_end = 1499; }));
  CHECK(broken([](Spans& s) { s[0].shard.counts.errored = 1; }));
  CHECK(broken([](Spans& s) { s[0].attempt = 7; }));
  CHECK(broken([](Spans& s) { s[1].attempt = 0; }));
  CHECK(broken([](Spans& s) { s[1].shard.number = 1; }));
  CHECK(broken([](Spans& s) { s[2].runner = 1; }));
  CHECK(broken([](Spans& s) { s[2].lease_until = 1; }));
  CHECK(broken([](Spans& s) { s[0].not_before = 1; }));
  CHECK(broken([](Spans& s) { s[1].not_before = 1; }));
  CHECK(broken([](Spans& s) { s[2].state = static_cast<SpanState>(3); }));
}
