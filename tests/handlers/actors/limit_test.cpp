#include "handlers/actors/pacer/limit.hpp"

#include <algorithm>
#include <array>
#include <catch_amalgamated.hpp>
#include <cstdint>
#include <limits>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"

namespace edgebatch::actors::pacer {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

/// The limit as one runner after the other reports to it, in turns.
class Reports {
 public:
  explicit Reports(std::uint32_t capacity, std::size_t runners = 1) : runners_(runners) {
    limit.set_capacity(capacity);
  }

  Limit limit;
  Ms now = 1'000'000'000;
  std::uint32_t in_flight = 0;
  std::uint32_t held = 1;

  /// A window passes, then the next runner reports.
  void hear(std::uint32_t answered, std::uint32_t throttled = 0, std::uint32_t broken = 0,
            Ms retry_after_ms = 0) {
    now += window_ms;
    hear_now(answered, throttled, broken, retry_after_ms);
  }
  void hear_now(std::uint32_t answered, std::uint32_t throttled = 0, std::uint32_t broken = 0,
                Ms retry_after_ms = 0) {
    Ms& since = since_.at(next_++ % runners_);
    limit.hear({.since = since,
                .in_flight = in_flight,
                .held = held,
                .answered = answered,
                .throttled = throttled,
                .broken = broken,
                .retry_after_ms = retry_after_ms},
               now);
    since = now;
    const auto stored = wire::decode<Limit>(wire::encode(limit));  // As between two turns.
    REQUIRE(stored);
    limit = *stored;
  }
  Ms pause_ms() const { return limit.pause_ms(now); }
  void wait_for_pause() { now += pause_ms(); }

 private:
  std::size_t runners_;
  std::size_t next_ = 0;
  std::array<Ms, 16> since_ = {};
};

TEST_CASE("limit: nothing heard → the capacity, at least 1") {
  CHECK(Reports(64).limit.lanes() == 64);
  CHECK(Reports(0).limit.lanes() == 1);
  CHECK(Limit().lanes() == 1);
  CHECK(Reports(64).pause_ms() == 0);
}

TEST_CASE("limit: few are turned away → it stays") {
  Reports one(64);
  one.held = 64;
  one.hear(3, 1);  // A quarter, but only one.
  CHECK(one.limit.lanes() == 64);
  Reports few(64);
  few.hear(91, 9);  // Nine, but less than a tenth.
  CHECK(few.limit.lanes() == 64);
}

TEST_CASE("limit: two, and a tenth, are turned away → halved at once") {
  Reports two(64);
  two.hear(18, 2);
  CHECK(two.limit.lanes() == 32);
  Reports tenth(64, 2);
  tenth.hear(0);
  tenth.hear(0);
  tenth.hear(10, 1);
  tenth.hear_now(4, 1);  // Of two runners together.
  CHECK(tenth.limit.lanes() == 32);
}

TEST_CASE("limit: one runner is turned away, others are answered → it is one of them all") {
  Reports reports(64, 8);
  for (int i = 0; i < 8; ++i) reports.hear_now(0);
  reports.now += window_ms;
  for (int i = 0; i < 8; ++i) reports.hear_now(100);
  reports.hear(10, 10);
  CHECK(reports.limit.lanes() == 64);
}

TEST_CASE("limit: many runners report one storm → cut once") {
  Reports reports(64, 8);
  for (int i = 0; i < 8; ++i) reports.hear_now(1);
  for (int i = 0; i < 8; ++i) {
    reports.now += 300;  // All of them after more than two windows.
    reports.hear_now(1, 20);
  }
  CHECK(reports.limit.lanes() == 32);
}

TEST_CASE("limit: what was in flight at the cut is turned away, too → cut once") {
  Reports reports(64, 2);
  reports.hear(8);
  reports.hear(8);
  reports.in_flight = 20;
  reports.hear(1, 20);
  reports.hear(1, 20);  // The other one: it has heard of no cut yet.
  REQUIRE(reports.limit.lanes() == 32);
  reports.hear(1, 20);
  reports.hear(1, 20);
  CHECK(reports.limit.lanes() == 32);
  reports.hear(1, 2);  // What was started since.
  CHECK(reports.limit.lanes() == 16);
}

TEST_CASE("limit: the storm goes on → cut once a window, never below 1") {
  Reports reports(64);
  std::uint32_t expected = 64;
  for (int i = 0; i < 10; ++i) {
    reports.hear(1, 20);
    expected = std::max(1U, expected / 2);
    CHECK(reports.limit.lanes() == expected);
    reports.now += window_ms - 1;
    reports.hear_now(1, 20);
    CHECK(reports.limit.lanes() == expected);
  }
}

TEST_CASE("limit: all is answered well again → it grows a step a window, up to the capacity") {
  const std::uint32_t capacity = GENERATE(5U, 64U, 1'000U);
  CAPTURE(capacity);
  Reports reports(capacity);
  reports.hear(1, 20);
  std::uint32_t expected = capacity / 2;
  REQUIRE(reports.limit.lanes() == expected);
  reports.hear(10);  // The window of the cut.
  for (int i = 0; i < 20; ++i) {
    expected =
        std::min(capacity,
                 expected + std::max(1U, std::min(capacity / steps_count, expected / growth_part)));
    reports.hear(10);
    CHECK(reports.limit.lanes() == expected);
  }
  CHECK(expected == capacity);
}

TEST_CASE("limit: strays among hundreds → it grows; one of a few, or nothing → it doesn't") {
  Reports strays(64);
  strays.hear(1, 20);
  for (int i = 0; i < 20; ++i) strays.hear(195, 3, 10);
  CHECK(strays.limit.lanes() == 64);

  Reports few(64);
  few.hear(1, 20);
  for (int i = 0; i < 20; ++i) few.hear(20, 1);
  CHECK(few.limit.lanes() == 32);

  Reports broken(64);
  broken.hear(1, 20);
  for (int i = 0; i < 20; ++i) broken.hear(81, 0, 19);
  CHECK(broken.limit.lanes() == 64);

  Reports idle(64);
  idle.hear(1, 20);
  for (int i = 0; i < 20; ++i) idle.hear(0);
  CHECK(idle.limit.lanes() == 32);
}

TEST_CASE("limit: a fifth breaks → halved, as if it were turned away; less than that → it stays") {
  Reports few(64);
  few.hear(81, 0, 19);
  CHECK(few.limit.lanes() == 64);
  Reports one(64);
  one.hear(1, 0, 1);
  CHECK(one.limit.lanes() == 64);
  Reports fifth(64);
  fifth.hear(8, 0, 2);
  CHECK(fifth.limit.lanes() == 32);
  CHECK(fifth.pause_ms() == 0);
}

TEST_CASE("limit: as many break one by one → it isn't for want of room, and the limit comes back") {
  Reports reports(64);
  for (std::uint32_t expected : {32U, 16U, 8U, 4U, 2U, 1U}) {
    reports.hear(1, 0, 50);
    CHECK(reports.limit.lanes() == expected);
  }
  reports.hear(2, 0, 3);
  CHECK(reports.limit.lanes() == 1);
  int windows = 0;
  for (; reports.limit.lanes() < 64; ++windows) {
    REQUIRE(windows < 40);
    reports.hear(2, 0, 3);
  }
  reports.hear(1, 20);  // Being turned away still counts.
  CHECK(reports.limit.lanes() == 32);

  reports.now += blameless_ms;  // Perhaps it is for want of room by now.
  reports.hear(2, 0, 3);
  CHECK(reports.limit.lanes() == 16);
}

TEST_CASE("limit: all that may be in flight comes to nothing → a pause, and 1 then") {
  const bool throttled = GENERATE(false, true);
  Reports reports(64);
  reports.held = 8;
  reports.hear(1);
  const auto refuse = [&](std::uint32_t count) {
    if (throttled)
      reports.hear_now(0, count);
    else
      reports.hear_now(0, 0, count);
  };
  refuse(7);
  CHECK(reports.pause_ms() == 0);
  refuse(1);
  CHECK(reports.pause_ms() == pause_ms_min);
  CHECK(reports.limit.in_trouble());
  CHECK(reports.limit.lanes() == 1);
  reports.wait_for_pause();
  CHECK(reports.pause_ms() == 0);
  CHECK(reports.limit.lanes() == 1);
}

TEST_CASE("limit: a lone request comes to nothing → no pause yet") {
  Reports reports(64);
  reports.hear(0, 1);
  CHECK(reports.pause_ms() == 0);
  reports.hear(0, 0, 1);
  CHECK(reports.pause_ms() == pause_ms_min);
}

TEST_CASE("limit: probes come to nothing → pauses are doubled, up to half a minute") {
  Reports reports(64);
  reports.hear(0, 2);
  for (Ms expected = 1'000; expected < 500'000; expected *= 2) {
    CHECK(reports.pause_ms() == std::min(expected, pause_ms_max));
    reports.wait_for_pause();
    reports.hear_now(0);  // It is told that it may probe.
    reports.hear_now(0, 1);
  }
}

TEST_CASE("limit: late news of the time before a pause → it isn't prolonged") {
  Reports reports(64, 4);
  for (int i = 0; i < 4; ++i) reports.hear_now(0);
  reports.hear(0, 2);
  REQUIRE(reports.pause_ms() == 1'000);
  reports.hear_now(0, 2);
  CHECK(reports.pause_ms() == 1'000);
  reports.wait_for_pause();
  reports.hear_now(0, 2);
  reports.hear_now(0, 0, 2);
  CHECK(reports.pause_ms() == 0);
}

TEST_CASE("limit: the upstream says for how long → so long, but bounded") {
  const auto asked = GENERATE(Ms{20'000}, retry_after_ms_max, retry_after_ms_max + 1,
                              std::numeric_limits<Ms>::max());
  CAPTURE(asked);
  Reports reports(64);
  reports.hear(0, 2, 0, asked);
  CHECK(reports.pause_ms() == std::min(asked, retry_after_ms_max));
  reports.now += 1'000;
  reports.hear_now(0, 1, 0, asked);  // Again, while all pause.
  CHECK(reports.pause_ms() == std::min(asked, retry_after_ms_max));

  Reports shorter(64);
  shorter.hear(0, 2, 0, 10);
  CHECK(shorter.pause_ms() == pause_ms_min);
  Reports absurd(64);
  absurd.hear(0, 2, 0, std::numeric_limits<Ms>::min());
  CHECK(absurd.pause_ms() == pause_ms_min);
}

TEST_CASE("limit: it says so to some, and answers others → no pause") {
  Reports reports(64);
  reports.held = 8;
  for (int i = 0; i < 10; ++i) {
    reports.hear(0, 5, 0, 60'000);
    reports.hear(10);
  }
  CHECK(reports.pause_ms() == 0);
}

TEST_CASE("limit: a probe is answered → the trouble is over, and it grows from 1") {
  Reports reports(64);
  reports.hear(0, 2);
  reports.wait_for_pause();
  reports.hear_now(0);
  reports.hear_now(1);
  CHECK_FALSE(reports.limit.in_trouble());
  CHECK(reports.limit.lanes() == 1);
  reports.hear(1);
  CHECK(reports.limit.lanes() == 2);
  for (int i = 0; i < 30; ++i) reports.hear(5);
  CHECK(reports.limit.lanes() == 64);
  reports.hear(0, 2);  // A new trouble begins with a short pause.
  CHECK(reports.pause_ms() == pause_ms_min);
}

TEST_CASE("limit: a trouble is over → doubled up to half of what it was, however long it lasted") {
  const int pauses = GENERATE(1, 5);
  CAPTURE(pauses);
  Reports reports(64);
  for (int i = 0; i < pauses; ++i) {
    reports.hear(0, 0, 2);
    reports.wait_for_pause();
    reports.hear_now(0);
  }
  reports.hear(1);
  CHECK(reports.limit.recovers());
  for (const std::uint32_t expected : {1U, 2U, 4U, 8U, 16U, 32U}) {
    CHECK(reports.limit.lanes() == expected);
    reports.hear(10);
  }
  CHECK_FALSE(reports.limit.recovers());
  CHECK(reports.limit.lanes() == 36);
  reports.limit.set_capacity(8);
  CHECK_FALSE(reports.limit.recovers());
}

/// An upstream that answers nobody for a while, then all: where the doubling ends.
std::uint32_t regained_after_collapse(Reports& reports) {
  reports.hear(0, 0, 2);
  CHECK(reports.limit.in_trouble());
  reports.wait_for_pause();
  reports.hear_now(0);
  reports.hear(1);
  for (int i = 0; reports.limit.recovers(); ++i) {
    REQUIRE(i < 10);
    reports.hear(10);
  }
  return reports.limit.lanes();
}

/// 64 → 8 in three windows.
Reports after_three_cuts() {
  Reports reports(64);
  for (const std::uint32_t expected : {32U, 16U, 8U}) {
    reports.hear(1, 10, 10);
    CHECK(reports.limit.lanes() == expected);
  }
  return reports;
}

TEST_CASE("limit: news of a collapse comes in pieces → doubled up to half of what it was before") {
  Reports reports = after_three_cuts();
  CHECK(regained_after_collapse(reports) == 32);
}

TEST_CASE("limit: it was cut, all went well for a window, then a collapse → half of what it had") {
  Reports reports = after_three_cuts();
  reports.hear(10);  // The window of the cut.
  reports.hear(10);
  CHECK(reports.limit.lanes() == 10);
  CHECK(regained_after_collapse(reports) == 6);  // It was 12 by then.
}

TEST_CASE("limit: it was cut long before a collapse, and nothing went well → half of what it had") {
  const bool long_ago = GENERATE(false, true);
  Reports reports = after_three_cuts();  // Two windows after the storm began.
  const int windows = static_cast<int>(storm_ms_max / window_ms) - (long_ago ? 3 : 4);
  for (int i = 0; i < windows; ++i) reports.hear(95, 5);
  CHECK(reports.limit.lanes() == 8);
  CHECK(regained_after_collapse(reports) == (long_ago ? 4 : 32));
}

TEST_CASE(
    "limit: a trouble is over, and others report their failures of that time → still doubled") {
  Reports reports(64, 3);
  for (int i = 0; i < 3; ++i) reports.hear_now(0);
  reports.hear(0, 0, 2);
  reports.hear_now(0);
  reports.wait_for_pause();
  for (int i = 0; i < 3; ++i) reports.hear_now(0);  // All three may have asked since.
  reports.now += 100;
  reports.hear_now(1);
  REQUIRE_FALSE(reports.limit.in_trouble());
  reports.hear_now(0, 0, 2);
  reports.hear_now(0, 2);
  CHECK(reports.limit.recovers());
  for (int i = 0; i < 5; ++i) reports.hear(10);
  CHECK(reports.limit.lanes() == 32);
}

TEST_CASE("limit: too many are turned away while it is doubled → from there on step by step") {
  Reports reports(64);
  reports.hear(0, 0, 2);
  reports.wait_for_pause();
  reports.hear_now(0);
  for (int i = 0; i < 5; ++i) reports.hear(10);
  REQUIRE(reports.limit.lanes() == 16);
  reports.hear_now(10, 10);
  CHECK(reports.limit.lanes() == 8);
  CHECK_FALSE(reports.limit.recovers());
  reports.hear(10);  // The window of the cut.
  reports.hear(10);
  CHECK(reports.limit.lanes() == 10);
}

TEST_CASE("limit: what is still in flight is answered while all pause → the trouble is over") {
  Reports reports(64);
  reports.hear(0, 2, 0, 60'000);
  reports.hear(1);
  CHECK_FALSE(reports.limit.in_trouble());
  CHECK(reports.pause_ms() == 0);
  CHECK(reports.limit.lanes() == 1);
}

TEST_CASE("limit: another runner was answered well meanwhile → no pause, but a cut") {
  Reports reports(64, 2);
  reports.hear(10);
  reports.hear(10);
  reports.hear(0, 5, 0, 60'000);
  REQUIRE(reports.pause_ms() == 60'000);
  reports.hear(10, 2);
  CHECK(reports.pause_ms() == 0);
  CHECK(reports.limit.lanes() == 32);
}

TEST_CASE("limit: another runner was answered before the trouble began → the pause stays") {
  Reports reports(64, 2);
  reports.hear(10);
  reports.hear(10);
  reports.hear(0, 5, 0, 60'000);
  reports.hear(3, 10);
  CHECK(reports.pause_ms() == 59'000);
}

TEST_CASE("limit: another capacity → the newest counts, and what was found out stays") {
  Reports reports(64);
  reports.limit.set_capacity(100);
  CHECK(reports.limit.lanes() == 100);
  reports.limit.set_capacity(64);
  reports.hear(1, 20);
  CHECK(reports.limit.lanes() == 32);
  reports.limit.set_capacity(1'000);
  CHECK(reports.limit.lanes() == 32);
  reports.limit.set_capacity(8);
  CHECK(reports.limit.lanes() == 8);
  reports.limit.set_capacity(64);
  CHECK(reports.limit.lanes() == 32);
}

TEST_CASE("limit: absurd numbers → it stays between 1 and the capacity") {
  Reports reports(most, 3);
  reports.in_flight = reports.held = most;
  for (int i = 0; i < 200; ++i) {
    reports.hear(i % 3 == 0 ? most : 0, i % 4 == 0 ? most : 0, i % 5 == 0 ? most : 0, most);
    reports.limit.set_capacity(i % 7 == 0 ? most : static_cast<std::uint32_t>(i));
    CHECK(reports.limit.lanes() >= 1);
    if (i % 7 != 0) CHECK(reports.limit.lanes() <= static_cast<std::uint32_t>(i));
  }
}

TEST_CASE("limit: a provider that bears fewer → found out, kept to, and more when it bears more") {
  constexpr std::uint32_t capacity = 128;
  const std::uint32_t bears = GENERATE(1U, 3U, 20U, 100U);
  const bool says_so = GENERATE(false, true);
  CAPTURE(bears, says_so);
  Reports reports(capacity);
  // All lanes are busy; each request takes half a window.
  const auto run = [&](std::uint32_t well, int windows) {
    std::uint64_t lanes = 0;
    for (int i = 0; i < windows; ++i) {
      reports.in_flight = reports.held = reports.limit.lanes();
      lanes += reports.held;
      const std::uint32_t answered = 2 * std::min(reports.held, well);
      const std::uint32_t others = 2 * reports.held - answered;
      reports.hear(answered, says_so ? others : 0, says_so ? 0 : others);
    }
    return static_cast<double>(lanes) / windows;
  };
  (void)run(bears, 30);
  const double mean = run(bears, 100);
  CHECK(mean >= 0.5 * bears);
  CHECK(mean <= (says_so ? 1.2 : 1.3) * bears + 1.0);
  (void)run(capacity, 40);
  CHECK(reports.limit.lanes() == capacity);
}

}  // namespace
}  // namespace edgebatch::actors::pacer
