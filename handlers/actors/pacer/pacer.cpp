#include "handlers/actors/pacer/pacer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>

#include "core/text/bytes.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/actors/pacer/limit.hpp"
#include "handlers/actors/pacer/runners.hpp"
#include "handlers/actors/turn.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::pacer {

namespace {

constexpr View state_key = "limit";

struct State {
  Ms heard_at = 0;          // Of any runner.
  Ms recollects_until = 0;  // There may be runners that hold something and have no row.
  Limit limit;
  static constexpr auto fields =
      std::tuple(&State::heard_at, &State::recollects_until, &State::limit);
};

class Pacer {
 public:
  Pacer(ports::Table& table, const ports::Address&, Ms now)
      : table_(table),
        state_(ports::load<State>(table, state_key).value_or(State{})),
        now_(std::max(now, state_.heard_at)),  // A clock may be set back.
        runners_(table, now_ - silence_ms_max) {}

  void apply_due() {}
  void settle() {}

  Pace::Reply obey(const Pace& command) {
    const Runner::Name name{command.tenant, command.batch, command.runner};
    Runner::Row& row = runners_.row_of(name, now_);
    const bool came_back = command.wanted == 0 && command.asked_at < row.asked_at;
    if (!came_back) hear(command, name, row);
    if (command.wanted > 0) return grant(command, name, row);
    if (!came_back) runners_.erase(name);
    return {.lanes = 0,
            .batch_lanes = 0,
            .pause_ms = state_.limit.pause_ms(now_),
            .again_ms = again_ms};
  }

  std::optional<Ms> wake_at() const { return std::nullopt; }

 private:
  void hear(const Pace& command, const Runner::Name& name, const Runner::Row& before) {
    state_.heard_at = now_;
    // Rows were lost, and not only this runner's.
    if (before.heard_at == 0 && command.in_flight > 0)
      state_.recollects_until = now_ + recollection_ms;
    state_.limit.set_capacity(command.capacity);
    state_.limit.hear({.since = before.heard_at,
                       .in_flight = command.in_flight,
                       .held = runners_.held_by_others(name) + before.held,
                       .answered = command.answered,
                       .throttled = command.throttled,
                       .broken = command.broken,
                       .retry_after_ms = command.retry_after_ms},
                      now_);
    ports::store(table_, state_key, state_);
  }

  Pace::Reply grant(const Pace& command, const Runner::Name& name, Runner::Row& row) {
    row.heard_at = now_;
    row.asked_at = command.asked_at;
    row.wanted = command.wanted;
    row.batch_wanted = command.batch_wanted;
    const Division fair = runners_.divide(state_.limit.lanes(), name, now_);
    const std::uint32_t lanes = std::min(fair.lanes, free_for(command, name));
    // Until it has read the answer, it goes on as before.
    row.held = std::max({lanes, row.granted, command.in_flight});
    row.granted = lanes;
    if (lanes > 0 && lanes == fair.lanes) begin_turns(row, fair);
    runners_.store(name);
    return {.lanes = lanes,
            .batch_lanes = fair.batch_lanes,
            .pause_ms = state_.limit.pause_ms(now_),
            .again_ms = ask_again_in(row, fair)};
  }

  /// Nothing while all pause.
  std::uint32_t free_for(const Pace& command, const Runner::Name& name) const {
    if (state_.limit.pause_ms(now_) > 0) return 0;
    const std::uint64_t limit = state_.limit.lanes();
    const std::uint64_t held = runners_.held_by_others(name);
    const auto free = static_cast<std::uint32_t>(limit - std::min(limit, held));
    return now_ < state_.recollects_until ? std::min(free, command.in_flight) : free;
  }

  void begin_turns(Runner::Row& row, const Division& fair) const {
    for (std::size_t level = 0; level < row.turns.size(); ++level)
      row.turns[level] = fair.turns[level].value_or(row.turns[level]);
  }

  Ms ask_again_in(const Runner::Row& row, const Division& fair) const {
    if (const Ms pause_ms = state_.limit.pause_ms(now_); pause_ms > 0)
      return std::clamp(pause_ms, again_soon_ms, again_ms);
    const bool waits = row.granted < fair.lanes;
    const bool yields = row.granted < row.held;
    const bool probes = state_.limit.in_trouble() && row.granted > 0;
    return waits || yields || probes || state_.limit.recovers() ? again_soon_ms : again_ms;
  }

  ports::Table& table_;
  State state_;
  Ms now_;
  Runners runners_;
};

}  // namespace

ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input) {
  return take_turn<Pacer, Pace>(table, input);
}

}  // namespace edgebatch::actors::pacer
