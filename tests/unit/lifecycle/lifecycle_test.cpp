#include "core/lifecycle/lifecycle.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using namespace edgebatch::lifecycle;
using enum State;

State state_at(std::size_t index) { return static_cast<State>(index); }
Event event_at(std::size_t index) { return static_cast<Event>(index); }

// Where each event leads, in the order of Event: planned, refused, condemned, cancel, expire,
// settled, published.
using Meetings = std::array<std::optional<State>, events_count>;

Meetings meetings(State from) {
  Meetings found;
  for (std::size_t i = 0; i < events_count; ++i) found[i] = next(from, event_at(i));
  return found;
}

constexpr std::nullopt_t none = std::nullopt;

// A life as a row of events; nothing if one of them wasn't obeyed.
std::optional<State> live(const std::vector<Event>& events) {
  State state = validating;
  for (const Event event : events) {
    const auto to = next(state, event);
    if (!to) return std::nullopt;
    state = *to;
  }
  return state;
}

}  // namespace

TEST_CASE(
    "lifecycle: validating meets each event → plans, ends of plans, cancel and expiry lead out") {
  CHECK(meetings(validating) ==
        Meetings{in_progress, failed, failing, cancelling, expiring, none, none});
}

TEST_CASE(
    "lifecycle: in_progress meets each event → a late duplicate of the plan changes nothing") {
  CHECK(meetings(in_progress) ==
        Meetings{in_progress, none, none, cancelling, expiring, finalizing, none});
}

TEST_CASE("lifecycle: finalizing meets each event → cancel is refused, expiry comes too late") {
  CHECK(meetings(finalizing) ==
        Meetings{finalizing, none, none, none, finalizing, finalizing, completed});
}

TEST_CASE("lifecycle: failing meets each event → it fails, whatever else happens") {
  CHECK(meetings(failing) == Meetings{failing, failed, failing, none, failing, failing, failed});
}

TEST_CASE("lifecycle: cancelling meets each event → cancelled, at once if nobody is owed a line") {
  CHECK(meetings(cancelling) ==
        Meetings{cancelling, cancelled, cancelling, cancelling, cancelling, cancelling, cancelled});
}

TEST_CASE("lifecycle: expiring meets each event → expired, and cancel is refused") {
  CHECK(meetings(expiring) ==
        Meetings{expiring, expired, expiring, none, expiring, expiring, expired});
}

TEST_CASE(
    "lifecycle: a terminal state meets each event → nothing, but cancelling twice is one cancel") {
  const Meetings nothing{none, none, none, none, none, none, none};
  CHECK(meetings(completed) == nothing);
  CHECK(meetings(failed) == nothing);
  CHECK(meetings(expired) == nothing);
  CHECK(meetings(cancelled) == Meetings{none, none, none, cancelled, none, none, none});
}

TEST_CASE("lifecycle: whole lives → every ending is reached") {
  using enum Event;
  CHECK(live({planned, settled, published}) == completed);
  CHECK(live({refused}) == failed);
  CHECK(live({condemned, settled, published}) == failed);
  CHECK(live({cancel, refused}) == cancelled);
  CHECK(live({cancel, planned, settled, published}) == cancelled);
  CHECK(live({planned, cancel, cancel, expire, settled, published, cancel}) == cancelled);
  CHECK(live({expire, refused}) == expired);
  CHECK(live({planned, expire, settled, published}) == expired);
  CHECK_FALSE(live({planned, settled, cancel}));
  CHECK_FALSE(live({planned, published}));
}

TEST_CASE("lifecycle: numbers that no state or event has → nothing is obeyed") {
  for (std::size_t i = 0; i < events_count; ++i)
    CHECK_FALSE(next(state_at(states_count), event_at(i)));
  CHECK_FALSE(next(validating, event_at(events_count)));
  CHECK(name(state_at(states_count)) == "unknown");
  CHECK(name(event_at(events_count)) == "unknown");
}

TEST_CASE("lifecycle: kinds of states → predicting, draining, terminal and internal ones") {
  std::vector<State> predict;
  std::vector<State> drain;
  std::vector<State> end;
  std::vector<State> inside;
  for (std::size_t i = 0; i < states_count; ++i) {
    const State state = state_at(i);
    if (predicting(state)) predict.push_back(state);
    if (draining(state)) drain.push_back(state);
    if (terminal(state)) end.push_back(state);
    if (internal(state)) inside.push_back(state);
  }
  CHECK(predict == std::vector{in_progress});
  CHECK(drain == std::vector{failing, cancelling, expiring});
  CHECK(end == std::vector{completed, failed, cancelled, expired});
  CHECK(inside == std::vector{failing, expiring});
}

TEST_CASE("lifecycle: names → the vendors' spelling") {
  const std::array<Bytes, states_count> expected{
      "validating", "in_progress", "finalizing", "completed", "failing",
      "failed",     "cancelling",  "cancelled",  "expiring",  "expired"};
  for (std::size_t i = 0; i < states_count; ++i) CHECK(name(state_at(i)) == expected[i]);
  const std::array<Bytes, events_count> events{"planned", "refused", "condemned", "cancel",
                                               "expire",  "settled", "published"};
  for (std::size_t i = 0; i < events_count; ++i) CHECK(name(event_at(i)) == events[i]);
}

TEST_CASE("lifecycle: diagram → a line for each transition, none for what stays") {
  const Bytes diagram_text = diagram();
  std::size_t arrows = 0;
  for (std::size_t i = 0; i < states_count; ++i) {
    for (std::size_t e = 0; e < events_count; ++e) {
      const auto to = next(state_at(i), event_at(e));
      if (!to) continue;
      const Bytes line = "\n  " + Bytes(name(state_at(i))) + " --> " + Bytes(name(*to)) + ": " +
                         Bytes(name(event_at(e))) + "\n";
      const bool moves = *to != state_at(i);
      CHECK((diagram_text.find(line) != Bytes::npos) == moves);
      arrows += moves ? 1 : 0;
    }
  }
  CHECK(arrows == 15);
  CHECK(diagram_text.starts_with("stateDiagram-v2\n"));
}
