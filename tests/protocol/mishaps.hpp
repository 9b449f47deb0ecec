// Every mishap at the effects of every story.
#pragma once

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

const char* name(Mishap mishap);

/// The stories as they are, without any.
template <class Scenario, class Story>
void play_quietly(const std::vector<Story>& stories) {
  for (const Story& story : stories) {
    Scenario scenario(story, {});
    const Bytes wrong = scenario.play();
    INFO(story.common.name);
    INFO(wrong);
    CHECK(wrong.empty());
  }
}

/// How many histories of a story are played.
struct Extent {
  std::size_t share = 1;        // One of so many effects meets each mishap, …
  std::size_t effects_max = 0;  // … fewer where a mishap's histories would have more together.
};

template <class Scenario, class Story>
void play_mishaps(const std::vector<Story>& stories, Extent extent) {
  for (const Story& story : stories) {
    Scenario quiet(story, {});
    (void)quiet.play();
    const std::size_t histories =
        std::min(quiet.effects() / extent.share, extent.effects_max / quiet.effects());
    for (std::size_t mishap = 1; mishap < mishaps_count; ++mishap) {
      for (std::size_t i = 0; i < histories; ++i) {
        // Different mishaps hit different effects.
        const std::size_t at =
            (i * mishaps_count + mishap) * quiet.effects() / (histories * mishaps_count);
        Scenario scenario(story, {.mishap = static_cast<Mishap>(mishap), .at = at});
        const Bytes wrong = scenario.play();
        INFO(story.common.name << ", " << name(static_cast<Mishap>(mishap)) << " at effect " << at);
        INFO(wrong);
        CHECK(wrong.empty());
      }
    }
  }
}

}  // namespace edgebatch::protocol
