// The life of a batch: one row for every state, one column for every event. Nothing else assigns a
// State. No clock, storage or HTTP here: callers turn those into Events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::lifecycle {

enum class State : std::uint8_t {  // Stored: append only.
  validating,
  in_progress,
  finalizing,
  completed,
  failing,  // Internal: its lines are being written; shown as what came before.
  failed,
  cancelling,
  cancelled,
  expiring,  // Internal: what never ran is being written; shown as what came before.
  expired,
};
constexpr std::size_t states_count = 10;

enum class Event : std::uint8_t {
  planned,    // The plan is accepted: count and byte ranges are known.
  refused,    // The plan found errors, and no item is owed a line.
  condemned,  // The plan found errors, and every item is owed a line that says so.
  cancel,     // The client asked for it.
  expire,     // The window is over.
  settled,    // Every item has its line.
  published,  // The result files are registered.
};
constexpr std::size_t events_count = 7;

/// The state that follows, perhaps the same one; nothing if this event can't be obeyed in this
/// state.
std::optional<State> next(State from, Event event);

/// Nothing changes it any more.
bool terminal(State state);
/// Clients are shown what came before it.
bool internal(State state);
/// Items may be predicted: claims for prediction are granted.
bool predicting(State state);
/// What has not run will not run: remaining items are written as lines that say so.
bool draining(State state);

View name(State state);
View name(Event event);

/// The table as a Mermaid state diagram (the README's is this text).
Bytes diagram();

}  // namespace edgebatch::lifecycle
