#include "handlers/actors/meter/meter.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <deque>
#include <vector>

#include "tests/handlers/actors/actor.hpp"

namespace edgebatch::actors::meter {
namespace {

constexpr Ms window_ms = 60'000;
const Bytes route = "GET /files/{}";

class MeterActor : public Actor {
 public:
  explicit MeterActor(std::uint32_t limit)
      : Actor(ports::ActorKind::meter, "dev", 1'000'000'000), limit_(limit) {}

  Count::Counted count(View on = route) {
    return tell(Count{.route = Bytes(on), .limit = limit_, .window_ms = window_ms});
  }
  bool allows(View on = route) { return count(on).allowed; }

 protected:
  void check() override {
    CHECK(wake_at.has_value() == (rows.count() > 0));  // Else rows would stay for ever.
    CHECK(tasks.empty());
    CHECK(letters.empty());
  }

 private:
  std::uint32_t limit_;
};

/// The rows of a route that has taken so many requests in a window, and the row of the sweep.
constexpr std::size_t rows_count(std::size_t requests) {
  return (requests + page_requests_max - 1) / page_requests_max + 1;
}

TEST_CASE("meter: below, at and above the limit → allowed, allowed, refused") {
  const std::uint32_t limit = GENERATE(1U, 2U, 63U, 64U, 65U, 128U, 200U);
  CAPTURE(limit);
  MeterActor meter(limit);
  const Ms began_at = meter.now;
  for (std::uint32_t i = 1; i <= limit; ++i) {
    const auto counted = meter.count();
    CHECK(counted.allowed);
    CHECK(counted.remaining == limit - i);
    CHECK(counted.reset_at == began_at + window_ms);
    CHECK(counted.retry_after_ms == (i < limit ? 0 : began_at + window_ms - meter.now));
    ++meter.now;
  }
  const auto refused = meter.count();
  CHECK_FALSE(refused.allowed);
  CHECK(refused.remaining == 0);
  CHECK(refused.reset_at == began_at + window_ms);
  CHECK(refused.retry_after_ms == began_at + window_ms - meter.now);
}

TEST_CASE("meter: the 201st request → refused until the first leaves the window, not longer") {
  MeterActor meter(200);
  const Ms began_at = meter.now;
  for (int i = 0; i < 200; ++i) {
    REQUIRE(meter.allows());
    meter.now += 100;
  }
  meter.now = began_at + window_ms - 1;
  const auto refused = meter.count();
  CHECK_FALSE(refused.allowed);
  CHECK(refused.retry_after_ms == 1);

  meter.now += refused.retry_after_ms;
  CHECK(meter.allows());
  const auto next = meter.count();  // The second came 100 ms after the first.
  CHECK_FALSE(next.allowed);
  CHECK(next.retry_after_ms == 100);
}

TEST_CASE("meter: requests that are refused → don't count") {
  MeterActor meter(1);
  CHECK(meter.allows());
  for (int second = 1; second < 60; ++second) {
    meter.now += 1'000;
    CHECK_FALSE(meter.allows());
  }
  meter.now += 1'000;
  CHECK(meter.allows());
}

TEST_CASE("meter: a limit of none → nothing is allowed, nothing kept") {
  MeterActor meter(0);
  const auto counted = meter.count();
  CHECK_FALSE(counted.allowed);
  CHECK(counted.remaining == 0);
  CHECK(counted.retry_after_ms == window_ms);
  CHECK(meter.rows.count() == 0);
}

TEST_CASE("meter: routes → counted apart, also where one's name begins with the other's") {
  MeterActor meter(2);
  const auto views = {View("GET /files"), View("GET /files/{}"), View("DELETE /files/{}")};
  for (const View view : views) {
    CHECK(meter.count(view).remaining == 1);
    CHECK(meter.count(view).remaining == 0);
    CHECK_FALSE(meter.allows(view));
  }
}

TEST_CASE("meter: any history → what a list of the window's times would say") {
  constexpr std::uint32_t limit = 150;
  MeterActor meter(limit);
  std::deque<Ms> times;
  std::uint32_t random = 1;
  std::size_t refusals = 0;
  for (int i = 0; i < 5'000; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    meter.now += (random >> 24) * (i % 700 < 600 ? 2 : 30);
    while (!times.empty() && times.front() <= meter.now - window_ms) times.pop_front();
    const bool allowed = times.size() < limit;
    if (allowed) times.push_back(meter.now);
    const auto counted = meter.count();
    REQUIRE(counted.allowed == allowed);
    REQUIRE(counted.remaining == limit - times.size());
    REQUIRE(counted.reset_at == times.front() + window_ms);
    REQUIRE(meter.rows.count() <= rows_count(limit) + 1);
    refusals += allowed ? 0 : 1;
  }
  CHECK(refusals > 100);
}

TEST_CASE("meter: the clock is set back → order is kept, and nobody gets more") {
  MeterActor meter(2);
  CHECK(meter.allows());
  meter.now -= 500;
  const auto counted = meter.count();
  CHECK(counted.allowed);
  CHECK(counted.retry_after_ms == window_ms);
  CHECK_FALSE(meter.allows());
  meter.now += 500 + window_ms;
  CHECK(meter.count().remaining == 1);
}

TEST_CASE("meter: one route for hours → no more rows than a window's requests fill") {
  MeterActor meter(200);
  for (int i = 0; i < 20'000; ++i) {
    (void)meter.count();
    meter.now += 250;
    REQUIRE(meter.rows.count() <= rows_count(200) + 1);
    REQUIRE(meter.rows.bytes() < 4'000);
  }
}

TEST_CASE("meter: nobody asks any more → a window after the last request nothing is left") {
  MeterActor meter(200);
  for (int i = 0; i < 150; ++i) {
    (void)meter.count();
    meter.wait(1'000);
  }
  const Ms last = meter.now - 1'000;
  meter.wait_until(last + window_ms - 1);
  CHECK(meter.rows.count() > 0);
  CHECK(meter.wake_at == last + window_ms);
  meter.wait_until(last + window_ms);
  CHECK(meter.rows.count() == 0);
  CHECK_FALSE(meter.wake_at);
}

TEST_CASE("meter: routes that nobody asks for any more → dropped, others go on") {
  MeterActor meter(200);
  for (int i = 0; i < 300; ++i) (void)meter.count("GET /" + std::to_string(i));
  CHECK(meter.rows.count() == 301);
  meter.wait(window_ms - 1);
  (void)meter.count();
  CHECK(meter.rows.count() == 302);
  meter.wait(1);
  CHECK(meter.rows.count() == 2);
  CHECK(meter.count().remaining == 198);
}

TEST_CASE("meter: a late alarm → what is due is dropped by the next command") {
  MeterActor meter(200);
  for (int i = 0; i < 300; ++i) (void)meter.count("GET /" + std::to_string(i));
  meter.now += 2 * window_ms;
  CHECK(meter.count().remaining == 199);
  CHECK(meter.rows.count() == 2);
}

TEST_CASE("meter: a request → the same few writes, however many came before") {
  MeterActor meter(100'000);
  (void)meter.count();
  for (int i = 0; i < 2'000; ++i) {
    const std::size_t before = meter.rows.writes();
    (void)meter.count();
    REQUIRE(meter.rows.writes() - before == 1);
  }
}

TEST_CASE("meter: an alarm, or a command of another version → nothing") {
  MeterActor meter(1);
  meter.alarm();
  CHECK(meter.turn("\x05other").empty());
  CHECK_FALSE(meter.wake_at);
  CHECK(meter.rows.count() == 0);
}

TEST_CASE("meter: its rows are lost → the count begins anew") {
  MeterActor meter(1);
  CHECK(meter.allows());
  meter.rows = {};
  CHECK(meter.allows());
}

}  // namespace
}  // namespace edgebatch::actors::meter
