// Every story of a batch prediction, and every mishap at every effect of it: one batch, conserved,
// ended, and nothing left behind.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/lifecycle/lifecycle.hpp"

#include "tests/protocol/prediction_scenario.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

using enum lifecycle::State;

namespace {

const std::vector<PredictionStory>& stories() {
  static const std::vector<PredictionStory> all = {
      {.name = "completed", .endings = {completed}},
      {.name = "asked for again without a key", .has_key = false, .endings = {completed}},
      {.name = "its files are deleted at once", .files_deleted = true, .endings = {completed}},
      {.name = "a file is missing", .files_there = false, .endings = {failed}},
      {.name = "cancelled before it starts",
       .cancel_after_ms = 0,
       .endings = {cancelled, completed}},
      {.name = "cancelled while it runs",
       .latency_ms = 400,
       .cancel_after_ms = 500,
       .endings = {cancelled, completed}},
      {.name = "expired", .window = "1s", .latency_ms = 700, .endings = {expired, completed}},
  };
  return all;
}

}  // namespace

TEST_CASE("a batch prediction: nothing goes wrong → every story ends as it should") {
  for (const PredictionStory& story : stories()) {
    PredictionScenario scenario(story, {});
    INFO(story.name);
    CHECK(scenario.play() == "");
  }
}

namespace {

/// Each mishap at each effect, or of these one in `stride`, spread over both.
void play_mishaps(std::size_t stride) {
  for (const PredictionStory& story : stories()) {
    for (std::size_t mishap = 1; mishap < mishaps_count; ++mishap) {
      bool more = true;
      for (std::size_t at = mishap % stride; more; at += stride) {
        PredictionScenario scenario(story, {.mishap = static_cast<Mishap>(mishap), .at = at});
        const Bytes wrong = scenario.play();
        INFO(story.name << ", mishap " << mishap << " at effect " << at);
        CHECK(wrong == "");
        more = at < scenario.effects();
      }
    }
  }
}

}  // namespace

TEST_CASE("a batch prediction: a mishap at some effect → one batch, conserved, and ended") {
  play_mishaps(4);
}

TEST_CASE("a batch prediction: a mishap at any effect → one batch, conserved, and ended",
          "[.soak]") {
  play_mishaps(1);
}

}  // namespace edgebatch::protocol
