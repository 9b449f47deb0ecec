// Runners of several batches, the pacer between them, and a model of a provider, in steps of 20 ms.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/actors/pacer/pacer.hpp"
#include "handlers/ports/actor.hpp"

#include "tests/handlers/actors/actor.hpp"

namespace edgebatch::actors::pacer {
namespace {

constexpr Ms step_ms = 20;
constexpr Ms refusal_ms = 60;   // What is turned away comes back soon.
constexpr Ms backoff_ms = 400;  // So long its lane waits then.

struct Provider {
  std::uint32_t bears = 1'000;  // Side by side.
  Ms answer_ms_min = 200;
  Ms answer_ms_max = 600;
  bool up = true;
  bool says_so = true;    // When it turns away: 429, or else 503.
  Ms breaks_percent = 0;  // So many requests come to nothing, whatever the load.
};

enum class Ending : std::uint8_t { answered, throttled, broken };

struct Flight {
  Ms until = 0;
  Ending ending = Ending::answered;
};

struct SimulatedRunner {
  Pace report;  // Grows until it is sent.
  std::vector<Flight> flights;
  std::vector<Ms> waiting;  // Lanes, until then.
  std::uint32_t lanes = 0;
  Ms idle_until = 0;
  Ms asks_at = 0;
  std::optional<Pace::Paced> reply;  // On its way.
};

struct Tally {
  std::uint64_t started = 0;
  std::uint64_t answered = 0;
  std::uint64_t throttled = 0;
  std::uint64_t broken = 0;
  std::uint64_t busy = 0;   // Requests that are being answered, summed up over …
  std::uint64_t steps = 0;  // … so many steps.
};

class Simulation {
 public:
  Simulation(std::uint32_t capacity, Provider provider, std::uint32_t seed = 1)
      : provider(provider),
        capacity_(capacity),
        pacer_(ports::ActorKind::pacer, "up", 1'000'000),
        random_(seed) {}

  Provider provider;
  Tally all;
  std::map<Bytes, Tally> batches;

  void add(View tenant, View batch, std::uint32_t runner, std::uint32_t wanted = 100) {
    SimulatedRunner added;
    added.report.tenant = tenant;
    added.report.batch = batch;
    added.report.runner = runner;
    added.report.capacity = capacity_;
    added.report.batch_wanted = 100;
    added.report.wanted = wanted;
    added.asks_at = pacer_.now + below(again_ms);
    runners_.push_back(std::move(added));
    (void)batches[Bytes(batch)];
  }
  /// The batch's runner is gone, with what it has in flight; with or without a word.
  void remove(View batch, bool with_a_word) {
    const auto gone = std::ranges::find_if(
        runners_, [&](const SimulatedRunner& runner) { return runner.report.batch == batch; });
    Pace leave = gone->report;
    leave.wanted = leave.in_flight = 0;
    if (with_a_word) (void)pacer_.tell(leave);
    runners_.erase(gone);
  }
  void lose_rows() { pacer_.rows = {}; }
  std::size_t rows_count() const { return pacer_.rows.count(); }

  /// What happened meanwhile.
  void run(Ms duration) {
    all = {};
    for (auto& [batch, tally] : batches) tally = {};
    for (const Ms end = pacer_.now + duration; pacer_.now < end; pacer_.now += step_ms) step();
  }
  std::pair<double, double> least_and_greatest() const {
    std::vector<std::uint64_t> answered;
    answered.reserve(batches.size());
    for (const auto& [batch, tally] : batches) answered.push_back(tally.answered);
    const auto [least, greatest] = std::ranges::minmax(answered);
    return {static_cast<double>(least), static_cast<double>(greatest)};
  }
  /// How many requests were answered at any moment, on average.
  double busy() const { return static_cast<double>(all.busy) / static_cast<double>(all.steps); }

 private:
  Ms below(Ms bound) { return static_cast<Ms>(random_() % static_cast<std::uint32_t>(bound)); }

  void step() {
    for (SimulatedRunner& runner : runners_) land(runner);
    std::shuffle(runners_.begin(), runners_.end(), random_);
    for (SimulatedRunner& runner : runners_) {
      if (const auto reply = std::exchange(runner.reply, std::nullopt)) {
        runner.lanes = reply->lanes;
        runner.idle_until = pacer_.now + reply->pause_ms;
        runner.asks_at = pacer_.now + reply->again_ms;
      }
      while (runner.flights.size() + runner.waiting.size() < runner.lanes &&
             runner.idle_until <= pacer_.now)
        start(runner);
      if (runner.asks_at <= pacer_.now) ask(runner);
    }
    std::size_t in_flight = 0;
    for (const SimulatedRunner& runner : runners_) in_flight += runner.flights.size();
    REQUIRE(in_flight <= capacity_);
    all.busy += busy_now();
    ++all.steps;
  }

  std::uint32_t busy_now() const {
    std::uint32_t busy = 0;
    for (const SimulatedRunner& runner : runners_)
      for (const Flight& flight : runner.flights) busy += flight.ending == Ending::answered ? 1 : 0;
    return busy;
  }

  void start(SimulatedRunner& runner) {
    Flight flight{.until = pacer_.now + refusal_ms, .ending = Ending::answered};
    if (!provider.up || below(100) < provider.breaks_percent) {
      flight.ending = Ending::broken;
    } else if (busy_now() >= provider.bears) {
      flight.ending = provider.says_so ? Ending::throttled : Ending::broken;
    } else {
      flight.until = pacer_.now + provider.answer_ms_min +
                     below(provider.answer_ms_max - provider.answer_ms_min + 1);
    }
    runner.flights.push_back(flight);
    ++all.started;
  }

  void land(SimulatedRunner& runner) {
    std::erase_if(runner.waiting, [&](Ms until) { return until <= pacer_.now; });
    std::erase_if(runner.flights, [&](const Flight& flight) {
      if (flight.until > pacer_.now) return false;
      Tally& tally = batches[runner.report.batch];
      if (flight.ending != Ending::answered) runner.waiting.push_back(pacer_.now + backoff_ms);
      if (flight.ending == Ending::answered) {
        ++runner.report.answered;
        ++tally.answered;
        ++all.answered;
      } else if (flight.ending == Ending::throttled) {
        ++runner.report.throttled;
        ++all.throttled;
      } else {
        ++runner.report.broken;
        ++all.broken;
      }
      return true;
    });
  }

  void ask(SimulatedRunner& runner) {
    runner.report.in_flight = static_cast<std::uint32_t>(runner.flights.size());
    runner.reply = pacer_.tell(runner.report);  // It goes on as before until it has read it.
    runner.asks_at = pacer_.now + again_ms;
    runner.report.answered = runner.report.throttled = runner.report.broken = 0;
  }

  std::uint32_t capacity_;
  Actor pacer_;
  std::mt19937 random_;
  std::vector<SimulatedRunner> runners_;
};

/// Two tenants, three batches, five runners.
void fill(Simulation& simulation) {
  simulation.add("a", "a1", 0);
  simulation.add("a", "a1", 1);
  simulation.add("a", "a2", 0);
  simulation.add("b", "b1", 0);
  simulation.add("b", "b1", 1);
}

TEST_CASE("pacing: a provider that bears all → all lanes are busy, and halved between tenants") {
  Simulation simulation(24, {});
  fill(simulation);
  simulation.run(10'000);
  simulation.run(60'000);
  CHECK(simulation.busy() > 0.95 * 24);
  const auto part = [&](View batch) {
    return static_cast<double>(simulation.batches.at(Bytes(batch)).answered) /
           static_cast<double>(simulation.all.answered);
  };
  CHECK(std::abs(part("a1") - 0.25) < 0.02);
  CHECK(std::abs(part("a2") - 0.25) < 0.02);
  CHECK(std::abs(part("b1") - 0.5) < 0.03);
}

TEST_CASE("pacing: the pacer's rows are lost → no more than the capacity, and all go on") {
  Simulation simulation(24, {});
  fill(simulation);
  simulation.run(10'000);  // Who has nothing in flight yet can't be told from a lone newcomer.
  for (Ms apart = 7'000; apart < 20'000; apart += 1'180) {
    simulation.run(apart);
    simulation.lose_rows();
  }
  simulation.run(5'000);
  simulation.run(20'000);
  CHECK(simulation.busy() > 0.95 * 24);
}

TEST_CASE("pacing: a provider that bears a part → near to that, and few are turned away") {
  const std::uint32_t bears = GENERATE(5U, 20U, 48U);
  CAPTURE(bears);
  Simulation simulation(64, {.bears = bears});
  fill(simulation);
  simulation.run(60'000);
  simulation.run(120'000);
  CHECK(simulation.busy() > 0.7 * bears);
  CHECK(static_cast<double>(simulation.all.throttled) <
        0.12 * static_cast<double>(simulation.all.answered));
  const auto [least, greatest] = simulation.least_and_greatest();
  CHECK(least > 0.35 * greatest);  // b1 has a tenant of its own.

  simulation.provider.bears = 1'000;  // It has been given more machines.
  simulation.run(60'000);
  simulation.run(20'000);
  CHECK(simulation.busy() > 0.95 * 64);
}

TEST_CASE("pacing: a provider is down for 30 s → hardly asked, and all go on afterwards") {
  Simulation simulation(32, {.bears = 20});
  fill(simulation);
  simulation.run(60'000);
  simulation.provider.up = false;
  simulation.run(4'000);
  CHECK(simulation.all.answered < 32);
  simulation.run(26'000);
  CHECK(simulation.all.answered == 0);
  CHECK(simulation.all.started <= 100);
  simulation.provider.up = true;
  simulation.run(45'000);
  simulation.run(60'000);
  CHECK(simulation.busy() > 0.7 * 20);
  const auto [least, greatest] = simulation.least_and_greatest();
  CHECK(least > 0.35 * greatest);
}

TEST_CASE("pacing: a provider bears a part, and says 503 → near to that, and few come to nothing") {
  const std::uint32_t bears = GENERATE(5U, 20U, 48U);
  CAPTURE(bears);
  Simulation simulation(64, {.bears = bears, .says_so = false});
  fill(simulation);
  simulation.run(60'000);
  simulation.run(120'000);
  CHECK(simulation.busy() > 0.7 * bears);
  CHECK(static_cast<double>(simulation.all.broken) <
        0.25 * static_cast<double>(simulation.all.answered));
}

TEST_CASE(
    "pacing: a provider is back after 20 s → half of its lanes within 20 s, all within 40 s") {
  Simulation simulation(64, {});
  fill(simulation);
  simulation.run(20'000);
  simulation.provider.up = false;
  simulation.run(20'000);
  simulation.provider.up = true;
  simulation.run(2'000);
  CHECK(simulation.busy() < 0.2 * 64);  // Never all at once.
  simulation.run(18'000);
  simulation.run(5'000);
  CHECK(simulation.busy() > 0.5 * 64);
  simulation.run(15'000);
  simulation.run(5'000);
  CHECK(simulation.busy() > 0.95 * 64);
}

TEST_CASE(
    "pacing: a third of all requests breaks for a minute → the provider is in use again soon") {
  Simulation simulation(64, {});
  fill(simulation);
  simulation.run(20'000);
  simulation.provider.breaks_percent = 33;
  simulation.run(60'000);
  CHECK(simulation.all.answered > 1'000);  // A single lane has 150 answers in that time.
  simulation.provider.breaks_percent = 0;
  simulation.run(20'000);
  simulation.run(20'000);
  CHECK(simulation.busy() > 0.95 * 64);
}

TEST_CASE("pacing: ten batches for three lanes → all get about the same") {
  const Ms answer_ms = GENERATE(Ms{300}, Ms{1'000}, Ms{5'000});
  CAPTURE(answer_ms);
  Simulation simulation(3, {.answer_ms_min = answer_ms, .answer_ms_max = answer_ms + 100});
  for (std::uint32_t i = 0; i < 10; ++i) simulation.add("a", text::decimal(i), 0);
  simulation.run(20'000);
  simulation.run(600'000);
  const auto [least, greatest] = simulation.least_and_greatest();
  CHECK(least > 0.75 * greatest);
  CHECK(simulation.busy() > 0.8 * 3);
}

TEST_CASE("pacing: requests that outlast turns → still nobody starves") {
  const Ms answer_ms = GENERATE(Ms{25'000}, Ms{60'000});
  CAPTURE(answer_ms);
  Simulation simulation(3,
                        {.answer_ms_min = answer_ms - 1'000, .answer_ms_max = answer_ms + 1'000});
  for (std::uint32_t i = 0; i < 10; ++i) simulation.add(i < 5 ? "a" : "b", text::decimal(i), 0);
  simulation.run(32 * answer_ms);
  const auto [least, greatest] = simulation.least_and_greatest();
  CAPTURE(least, greatest);
  CHECK(least > 0.5 * greatest);
  CHECK(simulation.busy() > 0.8 * 3);
}

TEST_CASE("pacing: runners come and go, with and without a word → who stays isn't forgotten") {
  Simulation simulation(4, {});
  simulation.add("a", "stays", 0);
  std::uint32_t comes = 0;
  for (; comes < 9; ++comes) simulation.add("a", text::decimal(comes), 0);
  int hungry = 0;
  for (; comes < 100; ++comes) {
    simulation.run(6'000);
    hungry = simulation.batches.at("stays").answered > 0 ? 0 : hungry + 1;
    CHECK(hungry <= 10);  // A round of ten for four lanes takes 25 s; some hold theirs in silence.
    simulation.remove(text::decimal(comes - 9), comes % 2 == 0);
    simulation.add("a", text::decimal(comes), 0);
    CHECK(simulation.rows_count() <= 10 + 3 + 1);  // Silence lasts for five steps of six seconds.
  }
}

}  // namespace
}  // namespace edgebatch::actors::pacer
