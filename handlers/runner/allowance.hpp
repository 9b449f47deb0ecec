// How many requests a run may have side by side at its upstream. The upstream's pacer shares them
// among all runners; between two of its answers the run itself takes back when it is turned away.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

constexpr std::uint32_t run_lanes_max = 64;  // One run's requests side by side, where the platform
                                             // doesn't limit connections.
constexpr Ms pace_pause_ms_min = 500;        // Between two questions to a pacer.
constexpr std::uint32_t failures_in_a_row_min =
    2;  // So many, and as many as may be under way: nothing departs until the pacer has been asked.
constexpr Ms unpaced_ms = 2'000;  // The pacer doesn't answer: it is asked again after this.

class Allowance {
 public:
  Allowance(const Work* work, ports::Context& context);

  /// Whether a pacer has to be asked.
  bool paced() const { return !pacer_.empty(); }
  /// Requests that may be under way now.
  std::uint32_t lanes() const;
  /// At most, ever.
  std::uint32_t lanes_max() const { return lanes_max_; }

  /// Whether one more may depart.
  bool has_room() const;
  void departed();
  /// A connection waits for its response's headers no longer.
  void headers_came() { --connecting_; }
  void arrived(const Tried& tried);
  std::uint32_t in_flight() const { return in_flight_; }

  /// Something has gone wrong since the pacer was asked, long enough ago.
  bool should_tell() const;
  /// Asks the pacer, and takes what it says.
  ports::Task<void> ask_pacer();
  /// How long what it said holds.
  Ms good_for_ms() const { return good_for_ms_; }
  /// What was had is free again.
  ports::Task<void> leave();

  std::uint32_t batch_lanes() const { return batch_lanes_; }
  /// The upstream is to be left alone for so long.
  Ms pause_ms() const;

 private:
  /// Requests that all runs of the batch may have side by side, however many items it has.
  std::uint32_t most() const;
  actors::pacer::Pace question() const;
  bool nobody_answered() const;

  const Work* work_;
  ports::Context& context_;
  Bytes pacer_;  // Its name; empty: there is none.
  std::uint32_t capacity_ = 0;
  std::uint32_t lanes_max_ = 0;
  std::uint32_t connecting_max_ = run_lanes_max;

  std::uint32_t lanes_ = 0;
  std::uint32_t batch_lanes_ = 0;
  Ms paused_until_ = 0;
  Ms good_for_ms_ = unpaced_ms;

  std::uint32_t in_flight_ = 0;
  std::uint32_t connecting_ = 0;  // Of those: waiting for headers.
  std::uint32_t answered_ = 0;    // Since the pacer was asked; so are the next three.
  std::uint32_t throttled_ = 0;
  std::uint32_t broken_ = 0;
  Ms retry_after_ms_ = 0;
  std::uint32_t failures_in_a_row_ = 0;  // Since the pacer answered.
  bool asking_ = false;
  bool halved_ = false;  // At once, but only once between two of its answers.
  Ms asked_at_ = 0;
};

}  // namespace edgebatch::runner
