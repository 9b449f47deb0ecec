#include "core/lifecycle/lifecycle.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::lifecycle {

namespace {

using Cell = std::optional<State>;

struct Row {
  State from;
  std::array<Cell, events_count> to;  // By event.
};

// Takes one cell for each event, so that none can be forgotten.
template <class... Cells>
  requires(sizeof...(Cells) == events_count)
constexpr Row row(State from, Cells... to) {
  return {from, {Cell(to)...}};
}

constexpr std::array<Row, states_count> table = [] {
  using enum State;
  constexpr auto none = std::nullopt;
  // clang-format off
  return std::array<Row, states_count>{{
      //               planned      refused    condemned   cancel      expire      settled     published
      row(validating,  in_progress, failed,    failing,    cancelling, expiring,   none,       none),
      row(in_progress, in_progress, none,      none,       cancelling, expiring,   finalizing, none),
      row(finalizing,  finalizing,  none,      none,       none,       finalizing, finalizing, completed),
      row(completed,   none,        none,      none,       none,       none,       none,       none),
      row(failing,     failing,     failed,    failing,    none,       failing,    failing,    failed),
      row(failed,      none,        none,      none,       none,       none,       none,       none),
      row(cancelling,  cancelling,  cancelled, cancelling, cancelling, cancelling, cancelling, cancelled),
      row(cancelled,   none,        none,      none,       cancelled,  none,       none,       none),
      row(expiring,    expiring,    expired,   expiring,   none,       expiring,   expiring,   expired),
      row(expired,     none,        none,      none,       none,       none,       none,       none),
  }};
  // clang-format on
}();

constexpr std::size_t index(State state) { return static_cast<std::size_t>(state); }
constexpr std::size_t index(Event event) { return static_cast<std::size_t>(event); }

// Stored states are decoded from rows: a number that no state has meets no event.
constexpr Cell step(State from, Event event) {
  if (index(from) >= states_count || index(event) >= events_count) return std::nullopt;
  return table[index(from)].to[index(event)];
}

constexpr bool is_terminal(State state) {
  using enum State;
  return state == completed || state == failed || state == cancelled || state == expired;
}

constexpr bool is_internal(State state) {
  return state == State::failing || state == State::expiring;
}

// ---- What the table promises

constexpr bool rows_follow_the_enum() {
  for (std::size_t i = 0; i < states_count; ++i)
    if (index(table[i].from) != i) return false;
  return true;
}

constexpr bool terminal_states_are_those_that_nothing_changes() {
  for (const Row& row : table) {
    bool changes = false;
    for (const Cell& to : row.to) changes |= to && *to != row.from;
    if (changes == is_terminal(row.from)) return false;
  }
  return true;
}

// Which states some chain of events leads to.
constexpr std::array<bool, states_count> reached_from(State start) {
  std::array<bool, states_count> reached{};
  reached[index(start)] = true;
  for (std::size_t round = 0; round < states_count; ++round)
    for (const Row& row : table)
      for (const Cell& to : row.to)
        if (to && reached[index(row.from)]) reached[index(*to)] = true;
  return reached;
}

constexpr bool every_state_is_reachable() {
  for (const bool reached : reached_from(State::validating))
    if (!reached) return false;
  return true;
}

constexpr bool every_state_can_end() {
  for (const Row& row : table) {
    const auto reached = reached_from(row.from);
    bool ends = false;
    for (const Row& other : table) ends |= is_terminal(other.from) && reached[index(other.from)];
    if (!ends) return false;
  }
  return true;
}

// A state that was left never comes back, so each has one timestamp.
constexpr bool no_state_is_entered_twice() {
  for (const Row& row : table)
    for (const Cell& to : row.to)
      if (to && *to != row.from && reached_from(*to)[index(row.from)]) return false;
  return true;
}

static_assert(index(State::expired) + 1 == states_count);
static_assert(index(Event::published) + 1 == events_count);
static_assert(rows_follow_the_enum());
static_assert(terminal_states_are_those_that_nothing_changes());
static_assert(every_state_is_reachable());
static_assert(every_state_can_end());
static_assert(no_state_is_entered_twice());

// Negative space.
static_assert(!step(State::completed, Event::cancel));       // Results are never taken back.
static_assert(!step(State::finalizing, Event::cancel));      // Everything is paid for and stored.
static_assert(!step(State::expiring, Event::cancel));        // Its lines already say "expired".
static_assert(!step(State::in_progress, Event::refused));    // A plan is accepted once.
static_assert(!step(State::in_progress, Event::published));  // Only what is settled is published.
static_assert(!step(State::validating, Event::settled));     // Without a plan nothing is.
static_assert(step(State::finalizing, Event::expire) == State::finalizing);  // Done in time.

}  // namespace

std::optional<State> next(State from, Event event) { return step(from, event); }

bool terminal(State state) { return is_terminal(state); }

bool internal(State state) { return is_internal(state); }

bool predicting(State state) { return state == State::in_progress; }

bool draining(State state) {
  using enum State;
  return state == failing || state == cancelling || state == expiring;
}

View name(State state) {
  using enum State;
  switch (state) {
    case validating: return "validating";
    case in_progress: return "in_progress";
    case finalizing: return "finalizing";
    case completed: return "completed";
    case failing: return "failing";
    case failed: return "failed";
    case cancelling: return "cancelling";
    case cancelled: return "cancelled";
    case expiring: return "expiring";
    case expired: return "expired";
  }
  return "unknown";
}

View name(Event event) {
  using enum Event;
  switch (event) {
    case planned: return "planned";
    case refused: return "refused";
    case condemned: return "condemned";
    case cancel: return "cancel";
    case expire: return "expire";
    case settled: return "settled";
    case published: return "published";
  }
  return "unknown";
}

Bytes diagram() {
  Bytes out = "stateDiagram-v2\n  [*] --> validating\n";
  const auto arrow = [&out](View from, View to) {
    out.append("  ").append(from).append(" --> ").append(to);
  };
  for (const Row& row : table) {
    for (std::size_t event = 0; event < events_count; ++event) {
      const Cell& to = row.to[event];
      if (!to || *to == row.from) continue;
      arrow(name(row.from), name(*to));
      out.append(": ").append(name(static_cast<Event>(event))).append("\n");
    }
  }
  for (const Row& row : table) {
    if (!is_terminal(row.from)) continue;
    arrow(name(row.from), "[*]");
    out.append("\n");
  }
  out.append("  classDef internal stroke-dasharray: 4 4\n");
  for (const Row& row : table)
    if (is_internal(row.from)) out.append("  class ").append(name(row.from)).append(" internal\n");
  return out;
}

}  // namespace edgebatch::lifecycle
