#include "tests/protocol/story.hpp"

#include <vector>

#include "core/lifecycle/lifecycle.hpp"
#include "handlers/runner/exchange.hpp"

namespace edgebatch::protocol {

using enum lifecycle::State;

std::vector<Story> common_stories() {
  return {
      {.name = "completed", .endings = {completed}},
      {.name = "cancelled before it starts",
       .cancel_after_ms = 0,
       .endings = {cancelled, completed}},
      {.name = "cancelled while it runs",
       .provider = {.latency_ms = 400},
       .cancel_after_ms = 500,
       .endings = {cancelled, completed}},
      {.name = "expired",
       .window = "1s",
       .provider = {.latency_ms = 700},
       .endings = {expired, completed}},
      {.name = "stored one by one, and merged",
       .provider = {.lanes = 1, .latency_ms = 70'000},
       .endings = {completed}},
      {.name = "asked to wait", .provider = {.retry_after_ms = 30'000}, .endings = {completed}},
      {.name = "refused for a while",
       .items_count = 12,
       .provider = {.refusals_count = 10},
       .endings = {completed}},
      {.name = "poisoned", .provider = {.poison = true}, .endings = {completed}},
      {.name = "poisoned and cancelled",
       .provider = {.poison = true},
       .cancel_after_ms = 6'000,
       .endings = {cancelled, completed}},
      {.name = "one item is slow", .provider = {.slow_ms = 5 * 60'000}, .endings = {completed}},
      {.name = "one item is never answered",
       .provider = {.slow_ms = runner::ask_ms_max + 1},
       .endings = {completed}},
      {.name = "longer than a run",
       .provider = {.lanes = 1, .latency_ms = 150'000},
       .endings = {completed}},
      {.name = "streamed",
       .provider = {.latency_ms = 3'000, .streams = true},
       .endings = {completed}},
      {.name = "streamed, one item slowly",
       .provider = {.slow_ms = 90'000, .streams = true},
       .endings = {completed}},
      {.name = "streamed, and cancelled",
       .provider = {.latency_ms = 2'000, .streams = true},
       .cancel_after_ms = 1'500,
       .endings = {cancelled, completed}},
  };
}

}  // namespace edgebatch::protocol
