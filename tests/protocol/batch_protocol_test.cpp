// Every story of a batch, and every mishap at every effect of it: conserved, and ended, every time.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"

#include "tests/protocol/scenario.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

using enum lifecycle::State;

namespace {

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {
      {.name = "completed", .endings = {completed}},
      {.name = "failed", .good_input = false, .endings = {failed}},
      {.name = "cancelled before it starts",
       .cancel_after_ms = 0,
       .endings = {cancelled, completed}},
      {.name = "cancelled while it runs",
       .latency_ms = 400,
       .cancel_after_ms = 500,
       .endings = {cancelled, completed}},
      {.name = "cancelled with an unreadable input",
       .good_input = false,
       .cancel_after_ms = 0,
       .endings = {cancelled, failed}},
      {.name = "expired", .window = "1s", .latency_ms = 700, .endings = {expired, completed}},
      {.name = "small shards", .items_a_span = 1, .endings = {completed}},
      {.name = "asked to wait", .retry_after_ms = 30'000, .endings = {completed}},
      {.name = "refused for a while",
       .items_count = 12,
       .items_a_span = 6,
       .refusals_count = 10,
       .endings = {completed}},
      {.name = "poisoned", .poison = true, .endings = {completed}},
      {.name = "poisoned and cancelled",
       .poison = true,
       .cancel_after_ms = 6'000,
       .endings = {cancelled, completed}},
  };
  return all;
}

const char* name(Mishap mishap) {
  switch (mishap) {
    case Mishap::none: return "nothing";
    case Mishap::crash_before: return "crash before";
    case Mishap::crash_after: return "crash after";
    case Mishap::lost_before: return "not carried out, answer lost";
    case Mishap::lost_after: return "carried out, answer lost";
    case Mishap::doubled: return "doubled";
    case Mishap::late: return "late";
    case Mishap::stalled: return "stalled";
    case Mishap::late_alarm: return "late alarms";
  }
  return "";
}

}  // namespace

TEST_CASE("a batch: nothing goes wrong → every story ends as it should") {
  for (const Story& story : stories()) {
    Scenario scenario(story, {});
    INFO(story.name);
    const Bytes wrong = scenario.play();
    INFO(wrong);
    CHECK(wrong.empty());
  }
}

namespace {

/// One of `share` effects meets each mishap.
void play_mishaps(std::size_t share) {
  std::size_t histories = 0;
  for (const Story& story : stories()) {
    for (std::size_t mishap = 1; mishap < mishaps_count; ++mishap) {
      bool more = true;
      for (std::size_t at = mishap % share; more; at += share, ++histories) {
        Scenario scenario(story, {.mishap = static_cast<Mishap>(mishap), .at = at});
        const Bytes wrong = scenario.play();
        INFO(story.name << ", " << name(static_cast<Mishap>(mishap)) << " at effect " << at);
        INFO(wrong);
        CHECK(wrong.empty());
        more = at < scenario.effects();
      }
    }
  }
  CHECK(histories > 3'000 / share);
}

}  // namespace

TEST_CASE("a batch: a mishap at some effect → conserved, and ended") { play_mishaps(8); }

TEST_CASE("a batch: a mishap at any effect → conserved, and ended", "[.soak]") { play_mishaps(1); }

}  // namespace edgebatch::protocol
