#include "handlers/actors/runner/runner.hpp"

#include <catch_amalgamated.hpp>

#include "tests/handlers/actors/actor.hpp"

namespace edgebatch::actors::runner {
namespace {

const Bytes name = "batch_1/0";

class RunnerActor : public Actor {
 public:
  RunnerActor() : Actor(ports::ActorKind::runner, name, 1'000'000) {}

  void invite(std::uint64_t number) { (void)tell(Invite{.number = number}); }
  void end(std::uint64_t invitation, std::optional<Ms> again_in_ms = {}) {
    (void)tell(EndRun{.invitation = invitation, .again_in_ms = again_in_ms});
  }
  /// The invitation of the run that the last turn asked for; nothing if it asked for none.
  std::optional<std::uint64_t> run() const {
    if (tasks.empty()) return std::nullopt;
    REQUIRE(tasks.size() == 1);
    wire::Reader in(tasks[0]);
    Bytes task;
    Run run;
    in.value(task);
    in.value(run);
    REQUIRE(in.ok());
    CHECK(task == Run::name);
    CHECK(run.runner == name);
    return run.invitation;
  }
};

TEST_CASE("runner: never invited → no alarm, and an alarm does nothing") {
  RunnerActor runner;
  runner.alarm();
  CHECK_FALSE(runner.run());
  CHECK_FALSE(runner.wake_at);
  runner.end(0);
  CHECK_FALSE(runner.wake_at);
}

TEST_CASE("runner: invited → its alarm at once, and in the alarm it runs") {
  RunnerActor runner;
  runner.invite(1);
  CHECK(runner.wake_at == runner.now);
  CHECK_FALSE(runner.run());  // Not in the turn of the letter.
  runner.alarm();
  CHECK(runner.run() == 1);
  // The alarm is set anew: a run that dies, with its host or alone, begins again a while later.
  CHECK(runner.wake_at == runner.now + died_pause_ms_min);
  runner.alarm();
  CHECK_FALSE(runner.run());
  runner.now += died_pause_ms_min;
  runner.alarm();
  CHECK(runner.run() == 1);
}

TEST_CASE("runner: run after run dies → ever longer pauses, up to 10 s; one that ends, none") {
  RunnerActor runner;
  runner.invite(1);
  Ms pause = died_pause_ms_min;
  for (int death = 0; death < 12; ++death) {
    runner.alarm();
    REQUIRE(runner.run() == 1);
    REQUIRE(runner.wake_at == runner.now + pause);
    runner.now = *runner.wake_at;
    pause = std::min(pause * 2, died_pause_ms_max);
  }
  runner.alarm();
  runner.end(1, 0);
  runner.alarm();
  CHECK(runner.run() == 1);
  CHECK(runner.wake_at == runner.now + died_pause_ms_min);
}

TEST_CASE("runner: the same or an older invitation → changes nothing") {
  RunnerActor runner;
  runner.invite(3);
  const std::size_t writes = runner.rows.writes();
  runner.now += 500;
  runner.invite(3);
  runner.invite(2);
  CHECK(runner.rows.writes() == writes);
  CHECK(runner.wake_at == runner.now - 500);
  runner.alarm();
  CHECK(runner.run() == 3);
}

TEST_CASE("runner: its run ends → no alarm any more; a doubled invitation doesn't bring it back") {
  RunnerActor runner;
  runner.invite(1);
  runner.alarm();
  runner.end(1);
  CHECK_FALSE(runner.wake_at);
  runner.invite(1);
  CHECK_FALSE(runner.wake_at);
  runner.alarm();
  CHECK_FALSE(runner.run());
}

TEST_CASE("runner: it gave work back → its alarm again, then") {
  RunnerActor runner;
  runner.invite(1);
  runner.alarm();
  runner.end(1, 2'000);
  CHECK(runner.wake_at == runner.now + 2'000);
  runner.alarm();  // Too early.
  CHECK_FALSE(runner.run());
  runner.now += 2'000;
  runner.alarm();
  CHECK(runner.run() == 1);
}

TEST_CASE("runner: invited while it runs → the run's end doesn't take that invitation away") {
  RunnerActor runner;
  runner.invite(1);
  runner.alarm();
  runner.now += 5'000;
  runner.invite(2);
  runner.end(1);
  CHECK(runner.wake_at == runner.now);
  runner.alarm();
  CHECK(runner.run() == 2);
  runner.end(1, 60'000);  // The old run's end, once more: too late.
  CHECK(runner.wake_at > runner.now);
  CHECK(runner.wake_at < runner.now + 60'000);
  runner.end(2);
  CHECK_FALSE(runner.wake_at);
}

TEST_CASE("runner: invited after its end → it runs anew, under the new number") {
  RunnerActor runner;
  runner.invite(1);
  runner.end(1);
  runner.now += 9'000;
  runner.invite(2);
  CHECK(runner.wake_at == runner.now);
  runner.alarm();
  CHECK(runner.run() == 2);
}

TEST_CASE("runner: whatever happens → one row") {
  RunnerActor runner;
  for (std::uint64_t number = 1; number < 50; ++number) {
    runner.invite(number);
    runner.alarm();
    runner.end(number, 5);
  }
  CHECK(runner.rows.count() == 1);
}

}  // namespace
}  // namespace edgebatch::actors::runner
