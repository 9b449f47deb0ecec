// Every story of a batch prediction, and every mishap at every effect of it: one batch, conserved,
// ended, and nothing left behind.
#include <catch_amalgamated.hpp>
#include <vector>

#include "core/lifecycle/lifecycle.hpp"

#include "tests/protocol/mishaps.hpp"
#include "tests/protocol/prediction_scenario.hpp"
#include "tests/protocol/story.hpp"

namespace edgebatch::protocol {

using enum lifecycle::State;

namespace {

const std::vector<PredictionStory>& stories() {
  static const std::vector<PredictionStory> all = [] {
    std::vector<PredictionStory> found = {
        {.common = {.name = "asked for again without a key", .endings = {completed}},
         .has_key = false},
        {.common = {.name = "its files are deleted at once", .endings = {completed}},
         .files_deleted = true},
        {.common = {.name = "a file is missing", .endings = {failed}}, .files_there = false},
    };
    for (const Story& story : common_stories()) found.push_back({.common = story});
    return found;
  }();
  return all;
}

}  // namespace

TEST_CASE("a batch prediction: nothing goes wrong → every story ends as it should") {
  play_quietly<PredictionScenario>(stories());
}

TEST_CASE("a batch prediction: a mishap at some effect → one batch, conserved, and ended") {
  play_mishaps<PredictionScenario>(stories(), {.share = 12, .effects_max = 1'600});
}

TEST_CASE("a batch prediction: a mishap at any effect → one batch, conserved, and ended",
          "[.soak]") {
  play_mishaps<PredictionScenario>(stories(), {.share = 1, .effects_max = 20'000});
}

}  // namespace edgebatch::protocol
