#include "handlers/actors/pacer/pacer.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/actors/pacer/limit.hpp"
#include "handlers/actors/pacer/turns.hpp"
#include "handlers/ports/actor.hpp"

#include "tests/handlers/actors/actor.hpp"

namespace edgebatch::actors::pacer {
namespace {

using Paced = Pace::Paced;

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

class PacerActor : public Actor {
 public:
  explicit PacerActor(std::uint32_t capacity = 16)
      : Actor(ports::ActorKind::pacer, "https://a.example/v1", 1'000'000'000), capacity(capacity) {}

  std::uint32_t capacity;

  /// A command of `batch`, which is also the tenant's name up to its slash.
  Pace pace(View batch, std::uint32_t wanted, std::uint32_t in_flight = 0,
            std::uint32_t runner = 0) const {
    return {.tenant = Bytes(batch.substr(0, batch.find('/'))),
            .batch = Bytes(batch),
            .runner = runner,
            .capacity = capacity,
            .batch_wanted = std::max(wanted, 100U),
            .wanted = wanted,
            .in_flight = in_flight,
            .answered = 0,
            .throttled = 0,
            .broken = 0,
            .retry_after_ms = 0};
  }
  Paced ask(View batch, std::uint32_t wanted, std::uint32_t in_flight = 0,
            std::uint32_t runner = 0) {
    return tell(pace(batch, wanted, in_flight, runner));
  }
  /// All of them ask, and do as they are told, until nothing changes.
  void settle(const std::vector<Bytes>& batches, std::uint32_t wanted) {
    for (int round = 0; round < 4; ++round)
      for (const Bytes& batch : batches) {
        now += 10;
        const std::uint32_t lanes = ask(batch, wanted).lanes;
        (void)ask(batch, wanted, lanes);
      }
  }

 protected:
  void check() override {
    CHECK_FALSE(wake_at);
    CHECK(tasks.empty());
    CHECK(letters.empty());
  }
};

TEST_CASE("pacer: a lone runner asks → all it wants at once, up to the capacity") {
  PacerActor pacer(16);
  const Paced paced = pacer.ask("a", 10);
  CHECK(paced.lanes == 10);
  CHECK(paced.batch_lanes == 16);
  CHECK(paced.pause_ms == 0);
  CHECK(paced.again_ms == again_ms);
  CHECK(pacer.ask("a", 100, 10).lanes == 16);
}

TEST_CASE("pacer: another one comes → it gets what has been given up, and both ask soon") {
  PacerActor pacer(16);
  CHECK(pacer.ask("a", 100).lanes == 16);
  const Paced waiting = pacer.ask("b", 100);
  CHECK(waiting.lanes == 0);
  CHECK(waiting.again_ms == again_soon_ms);

  const Paced yielding = pacer.ask("a", 100, 16);
  CHECK(yielding.lanes == 8);
  CHECK(yielding.again_ms == again_soon_ms);
  CHECK(pacer.ask("b", 100).lanes == 0);
  CHECK(pacer.ask("a", 100, 13).lanes == 8);
  const Paced some = pacer.ask("b", 100);
  CHECK(some.lanes == 3);
  CHECK(some.again_ms == again_soon_ms);
  CHECK(pacer.ask("a", 100, 8).again_ms == again_ms);
  const Paced all = pacer.ask("b", 100, 3);
  CHECK(all.lanes == 8);
  CHECK(all.again_ms == again_ms);
}

TEST_CASE("pacer: a runner is to have less → what it starts until it knows is counted") {
  PacerActor pacer(16);
  (void)pacer.ask("a", 100);
  (void)pacer.ask("b", 100);
  CHECK(pacer.ask("a", 100, 0).lanes == 8);  // While it asks, it may start all 16.
  CHECK(pacer.ask("b", 100).lanes == 0);
  CHECK(pacer.ask("a", 100, 0).lanes == 8);
  CHECK(pacer.ask("b", 100).lanes == 8);
}

TEST_CASE("pacer: a runner has more in flight than it was granted → others get the rest") {
  PacerActor pacer(16);
  (void)pacer.ask("a", 4);
  (void)pacer.ask("a", 4, 12);
  CHECK(pacer.ask("b", 100).lanes == 4);
  (void)pacer.ask("a", 4, most);
  CHECK(pacer.ask("b", 100).lanes == 0);
  CHECK(pacer.ask("a", 4, 0).lanes == 4);
}

TEST_CASE("pacer: a runner leaves → what it had is free") {
  PacerActor pacer(16);
  (void)pacer.ask("a", 100);
  CHECK(pacer.ask("b", 100).lanes == 0);
  CHECK(pacer.ask("a", 0).lanes == 0);
  CHECK(pacer.ask("b", 100).lanes == 16);
  CHECK(pacer.rows.count() == 2);
}

TEST_CASE("pacer: a runner isn't heard of → after half a minute its lanes are free") {
  PacerActor pacer(16);
  (void)pacer.ask("a", 100);
  pacer.now += silence_ms_max - 1;
  CHECK(pacer.ask("b", 100).lanes == 0);
  pacer.now += 1;
  CHECK(pacer.ask("b", 100).lanes == 16);
  CHECK(pacer.rows.count() == 2);
}

TEST_CASE("pacer: many batches of one tenant, one of another → each tenant gets half") {
  PacerActor pacer(24);
  pacer.settle({"a/1", "a/2", "a/3", "b/1"}, 100);
  CHECK(pacer.ask("a/1", 100, 4).lanes == 4);
  CHECK(pacer.ask("a/2", 100, 4).lanes == 4);
  CHECK(pacer.ask("a/3", 100, 4).lanes == 4);
  CHECK(pacer.ask("b/1", 100, 12).lanes == 12);
}

TEST_CASE("pacer: a batch wants less than its part → the others of its tenant get it first") {
  PacerActor pacer(24);
  (void)pacer.ask("a/1", 2);
  pacer.settle({"a/2", "b/1"}, 100);
  CHECK(pacer.ask("a/1", 2, 2).lanes == 2);
  CHECK(pacer.ask("a/2", 100, 10).lanes == 10);
  CHECK(pacer.ask("b/1", 100, 12).lanes == 12);
}

TEST_CASE("pacer: several runners of a batch → they share what the batch gets, and wants") {
  PacerActor pacer(64);
  Pace one = pacer.pace("a", 40);
  Pace two = pacer.pace("a", 40, 0, 1);
  one.batch_wanted = two.batch_wanted = 20;
  CHECK(pacer.tell(one).lanes == 20);
  CHECK(pacer.tell(two).lanes == 10);  // The upstream has room for it, …
  one.in_flight = 20;
  CHECK(pacer.tell(one).lanes == 10);  // … and soon the batch has no more than it wants.

  two.batch_wanted = 60;  // The newest counts.
  pacer.now += 1;
  CHECK(pacer.tell(two).lanes == 30);
  CHECK(pacer.tell(two).batch_lanes == 60);
}

TEST_CASE("pacer: a batch could have more runners → it hears what they would get") {
  PacerActor pacer(64);
  pacer.settle({"a/1", "b/1"}, 8);
  Pace command = pacer.pace("a/1", 8, 8);
  command.batch_wanted = 1'000;
  CHECK(pacer.tell(command).lanes == 8);
  CHECK(pacer.tell(command).batch_lanes == 56);
  pacer.settle({"a/2"}, 100);
  CHECK(pacer.tell(command).batch_lanes == 28);
  command.batch_wanted = 9;
  CHECK(pacer.tell(command).batch_lanes == 9);
}

TEST_CASE("pacer: lanes that can't be divided → a turn for one, then for another") {
  PacerActor pacer(1);
  CHECK(pacer.ask("a", 1).lanes == 1);
  CHECK(pacer.ask("b", 1).lanes == 0);
  const Paced turn = pacer.ask("a", 1, 1);
  CHECK(turn.lanes == 1);
  CHECK(turn.again_ms == again_ms);
  CHECK(pacer.ask("b", 1).again_ms == again_ms);
  pacer.now += turn_ms;
  CHECK(pacer.ask("b", 1).again_ms == again_soon_ms);
  CHECK(pacer.ask("a", 1, 1).lanes == 0);
  CHECK(pacer.ask("a", 1, 0).lanes == 0);
  CHECK(pacer.ask("b", 1).lanes == 1);
  CHECK(pacer.ask("a", 1).again_ms == again_ms);
}

TEST_CASE("pacer: the upstream turns some away → less for all, at once for who asks") {
  PacerActor pacer(16);
  pacer.settle({"a", "b"}, 100);
  Pace command = pacer.pace("a", 100, 8);
  command.answered = 10;
  command.throttled = 5;
  const Paced paced = pacer.tell(command);
  CHECK(paced.lanes == 0);  // Of 8, the other one holds 8.
  CHECK(paced.again_ms == again_soon_ms);
  CHECK(pacer.ask("b", 100, 8).lanes == 0);
  CHECK(pacer.ask("b", 100, 2).lanes == 0);  // The first one still has 8 in flight.
  CHECK(pacer.ask("a", 100, 3).lanes == 4);
  CHECK(pacer.ask("b", 100, 2).lanes == 4);
}

TEST_CASE("pacer: the upstream answers nobody → all pause, one probes, then more and more") {
  PacerActor pacer(16);
  pacer.settle({"a", "b"}, 100);
  Pace command = pacer.pace("a", 100, 0);
  command.broken = 20;
  const Paced paused = pacer.tell(command);
  CHECK(paused.lanes == 0);
  CHECK(paused.pause_ms == pause_ms_min);
  CHECK(paused.again_ms == pause_ms_min);
  pacer.now += 400;
  CHECK(pacer.ask("b", 100).pause_ms == pause_ms_min - 400);
  pacer.now += 400;
  CHECK(pacer.ask("b", 100).again_ms == again_soon_ms);
  pacer.now += 200;

  const Paced probe = pacer.ask("a", 100);
  CHECK(probe.lanes == 1);
  CHECK(probe.pause_ms == 0);
  CHECK(probe.again_ms == again_soon_ms);
  const Paced other = pacer.ask("b", 100);
  CHECK(other.lanes == 0);
  CHECK(other.again_ms == again_ms);

  command.broken = 1;
  CHECK(pacer.tell(command).pause_ms == 2 * pause_ms_min);
  pacer.now += 2 * pause_ms_min;
  CHECK(pacer.ask("a", 100).lanes == 1);
  command.broken = 0;
  command.answered = 1;
  for (int i = 0; i < 20; ++i) {
    pacer.now += 1'000;
    (void)pacer.tell(command);
    (void)pacer.ask("b", 100);
  }
  CHECK(pacer.tell(command).lanes == 8);
  CHECK(pacer.ask("b", 100).lanes == 8);
}

TEST_CASE("pacer: a long pause → runners are heard of meanwhile") {
  PacerActor pacer(16);
  (void)pacer.ask("a", 100);
  Pace command = pacer.pace("a", 100);
  command.throttled = 20;
  command.retry_after_ms = 600'000;
  const Paced paced = pacer.tell(command);
  CHECK(paced.pause_ms == retry_after_ms_max);
  CHECK(paced.again_ms == again_ms);
  CHECK(pacer.ask("a", 0).pause_ms == retry_after_ms_max);  // One that leaves hears of it, too.
}

TEST_CASE("pacer: the operator sets another capacity → the newest counts") {
  PacerActor pacer(16);
  CHECK(pacer.ask("a", 100).lanes == 16);
  pacer.capacity = 40;
  CHECK(pacer.ask("a", 100, 16).lanes == 40);
  pacer.capacity = 4;
  CHECK(pacer.ask("a", 100, 40).lanes == 4);
  CHECK(pacer.ask("b", 100).lanes == 0);
  pacer.capacity = 0;  // Nobody would ever be served.
  (void)pacer.ask("b", 0);
  CHECK(pacer.ask("a", 100, 4).lanes == 1);
}

TEST_CASE("pacer: a command comes twice, or late → nobody gets more than there is") {
  PacerActor pacer(16);
  const Pace first = pacer.pace("a", 100);
  CHECK(pacer.tell(first).lanes == 16);
  CHECK(pacer.tell(first).lanes == 16);
  CHECK(pacer.ask("b", 100).lanes == 0);
  Pace storm = pacer.pace("a", 100, 16);
  storm.answered = storm.throttled = 50;
  CHECK(pacer.tell(storm).lanes == 4);
  CHECK(pacer.tell(storm).lanes == 4);  // The same storm.

  (void)pacer.ask("a", 0);
  (void)pacer.ask("a", 0);
  CHECK(pacer.ask("b", 100).lanes == 8);
  CHECK(pacer.tell(first).lanes == 0);
  pacer.now += silence_ms_max;
  CHECK(pacer.ask("b", 100).lanes == 8);
}

TEST_CASE("pacer: a word that it left comes late, or once more → who has come back has its lanes") {
  PacerActor pacer(16);
  Pace leave = pacer.pace("a", 0);
  leave.asked_at = 5;
  (void)pacer.tell(leave);
  Pace back = pacer.pace("a", 100);
  back.asked_at = 6;
  CHECK(pacer.tell(back).lanes == 16);
  CHECK(pacer.tell(leave).lanes == 0);
  CHECK(pacer.ask("b", 100).lanes == 0);

  leave.asked_at = 6;  // It has left again, in the same millisecond.
  (void)pacer.tell(leave);
  CHECK(pacer.ask("b", 100).lanes == 16);
}

TEST_CASE("pacer: absurd numbers → answered all the same") {
  PacerActor pacer(most);
  Pace command = pacer.pace("a", most, most, most);
  command.batch_wanted = command.answered = command.throttled = command.broken = most;
  command.retry_after_ms = std::numeric_limits<Ms>::min();
  for (int i = 0; i < 5; ++i) {
    command.runner -= 1;
    command.batch += "x";
    pacer.now += 700;
    CHECK(pacer.tell(command).lanes <= most / 2);
  }
  command.wanted = 0;
  CHECK(pacer.tell(command).lanes == 0);
}

TEST_CASE("pacer: names that look alike → other runners") {
  PacerActor pacer(16);
  const auto ask = [&](View tenant, View batch) {
    Pace command = pacer.pace("", 1, 0, 1);
    command.tenant = tenant;
    command.batch = batch;
    return pacer.tell(command).lanes;
  };
  for (const auto& [tenant, batch] :
       {std::pair(View("a"), View("bc")), std::pair(View("ab"), View("c")),
        std::pair(View("a\nb"), View("c")), std::pair(View(""), View("abc"))})
    CHECK(ask(tenant, batch) == 1);
  CHECK(pacer.rows.count() == 5);
}

TEST_CASE("pacer: many runners for long → a row each and one more, two written at a time") {
  PacerActor pacer(16);
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const std::size_t before = pacer.rows.writes();
    (void)pacer.ask("a/" + text::decimal(i % 5), 100, 1, i % 40);
    REQUIRE(pacer.rows.writes() - before == 2);
    REQUIRE(pacer.rows.count() <= 41);
    pacer.now += 50;
  }
}

TEST_CASE("pacer: the clock is set back → it stands still, and nothing is lost") {
  PacerActor pacer(16);
  pacer.settle({"a"}, 10);
  pacer.now -= 100'000;
  CHECK(pacer.ask("b", 100).lanes == 6);
  CHECK(pacer.rows.count() == 3);
}

TEST_CASE("pacer: its rows are lost → it begins anew with what runners say") {
  PacerActor pacer(16);
  pacer.settle({"a", "b"}, 100);
  pacer.rows = {};
  const Paced first = pacer.ask("a", 100, 5);
  CHECK(first.lanes == 5);  // Others may have the rest, …
  CHECK(first.again_ms == again_soon_ms);
  CHECK(pacer.ask("c", 100, 0).lanes == 0);
  pacer.now += again_ms;
  CHECK(pacer.ask("b", 100, 8).lanes == 5);  // … as this one has.
  CHECK(pacer.ask("a", 100, 5).lanes == 5);
  pacer.now += recollection_ms;
  pacer.settle({"a", "b"}, 100);
  CHECK(pacer.ask("c", 0).lanes == 0);
  pacer.settle({"a", "b"}, 100);
  CHECK(pacer.ask("a", 100, 8).lanes == 8);
}

TEST_CASE("pacer: an alarm, or a command of another version → nothing") {
  PacerActor pacer;
  pacer.alarm();
  CHECK(pacer.turn("\x05other").empty());
  CHECK(pacer.rows.count() == 0);
}

}  // namespace
}  // namespace edgebatch::actors::pacer
