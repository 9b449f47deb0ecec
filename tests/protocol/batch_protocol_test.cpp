// Every story of a batch, and every mishap at every effect of it: conserved, and ended, every time.
#include <catch_amalgamated.hpp>
#include <vector>

#include "core/lifecycle/lifecycle.hpp"

#include "tests/protocol/mishaps.hpp"
#include "tests/protocol/scenario.hpp"
#include "tests/protocol/story.hpp"

namespace edgebatch::protocol {

using enum lifecycle::State;

namespace {

const std::vector<BatchStory>& stories() {
  static const std::vector<BatchStory> all = [] {
    std::vector<BatchStory> found = {
        {.common = {.name = "failed", .endings = {failed}}, .good_input = false},
        {.common = {.name = "cancelled with an unreadable input",
                    .cancel_after_ms = 0,
                    .endings = {cancelled, failed}},
         .good_input = false},
        {.common = {.name = "small shards", .endings = {completed}}, .items_a_span = 1},
    };
    for (const Story& story : common_stories()) found.push_back({.common = story});
    return found;
  }();
  return all;
}

}  // namespace

TEST_CASE("a batch: nothing goes wrong → every story ends as it should") {
  play_quietly<Scenario>(stories());
}

TEST_CASE("a batch: a mishap at some effect → conserved, and ended") {
  play_mishaps<Scenario>(stories(), {.share = 12, .effects_max = 1'600});
}

TEST_CASE("a batch: a mishap at any effect → conserved, and ended", "[.soak]") {
  play_mishaps<Scenario>(stories(), {.share = 1, .effects_max = 20'000});
}

}  // namespace edgebatch::protocol
