// What a run's requests share: which items are in flight, which wait, which spans they belong to.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/allowance.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/open_span.hpp"
#include "handlers/runner/refusals.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

constexpr Ms store_ms_max = 60'000;      // What is done waits no longer than that to be stored.
constexpr Ms wait_here_ms_max = 10'000;  // An item that has to wait longer goes back to the batch.
constexpr std::size_t waiting_items_max = 128;  // More wait here: nothing new is started.
constexpr std::uint64_t pending_bytes_max =
    8 * 1024 * 1024;  // Lines not yet stored; more: nothing new is started.

/// Lives in the frame of `predict`, and longer than the children it starts.
class Predictor {
 public:
  Predictor(Work* work, ports::Context& context);
  Predictor(const Predictor&) = delete;
  Predictor& operator=(const Predictor&) = delete;

  /// `children` may be destroyed once it is over.
  void start(ports::Lanes& children, Lease lease, const actors::batch::PredictWork& first);
  ports::Event::Wait over() { return over_.wait(); }

  /// Without children any more: stores what is done, and gives back what isn't.
  ports::Task<void> hand_in();
  End end() const { return end_; }

 private:
  /// An item that is to be asked for.
  struct Turn {
    OpenSpan* span = nullptr;
    dialects::Item item;
    std::uint32_t tries = 0;  // It had before.
    Ms due_at = 0;
  };
  using Returned = std::vector<actors::batch::Returned>;

  // ---- Children

  ports::Task<void> open(Lease lease, actors::batch::PredictWork work);
  /// Of a span that is worked on alone only the first items are kept; the rest goes back in parts.
  ports::Task<void> set_apart(OpenSpan* span, std::uint32_t items_max,
                              std::uint32_t part_items_max);
  ports::Task<void> flight(Turn turn);
  ports::Task<void> wait_for(std::uint32_t waiting, Ms duration);
  ports::Task<void> store(OpenSpan* span);
  ports::Task<void> give_back(OpenSpan* span, Returned parts);
  ports::Task<void> claim_more();
  ports::Task<void> park(ledger::Attempt attempt, std::uint32_t status);
  ports::Task<void> tell_pacer();
  /// Keeps the runner's share of the upstream.
  ports::Task<void> pacing();
  /// Keeps the leases, hears of a cancel, and stores what has waited for long.
  ports::Task<void> keeper();

  // ---- Items

  /// Starts what may be started.
  void fill();
  bool may_start();
  std::optional<Turn> next_turn();
  std::optional<Turn> take_from(OpenSpan& span);
  void land(Turn turn, Tried tried);
  void finish(OpenSpan& span, std::uint32_t index, dialects::ResultLine line);
  void put_off(Turn turn, Ms wait_ms);
  /// Whether it will be; else the answer that came stands.
  bool ask_again(Turn& turn, Bytes follow_up);
  /// It was to be asked again, and won't be: the answer that came stands.
  void take_as_answered(const Turn& turn);
  void return_to_batch(const Turn& turn, Ms wait_ms);
  void release_refusals();

  // ---- Spans

  void claim_if_short();
  void consider_storing(OpenSpan& span);
  std::uint64_t pending_bytes() const;
  void heard(OpenSpan& span, actors::batch::Standing standing, Ms sent_at);
  void halt(actors::batch::Halt why);
  /// Whether the batch has answered.
  ports::Task<bool> renew();
  /// Before refusals are taken to be the items' own: others may know better.
  ports::Task<void> hear_of_others();
  /// What was taken from it, or never was, and isn't in flight.
  Returned unstarted(OpenSpan& span);

  // ---- The whole

  void check_budget();
  void stop(End why);
  void see_whether_over();
  bool nothing_to_start() const;
  actors::batch::Pulse pulse() const;

  Work* work_;
  ports::Context& context_;
  ports::Lanes* children_ = nullptr;
  ports::Event over_;
  Allowance allowance_;

  std::list<OpenSpan> open_;
  std::deque<Turn> ready_;  // Asked for before, and may be again: next.
  std::map<std::uint32_t, Turn> waiting_;
  std::uint32_t last_waiting_ = 0;
  Refusals<OpenSpan*> refusals_;
  std::uint32_t refusals_max_ = refusals_in_a_row_max;
  bool refusals_own_ = false;  // No other run has found that everybody is refused.
  Ms latency_ms_ = 0;          // Of the last items, about; 0: not known yet.

  bool filling_ = false;
  bool fill_again_ = false;
  bool claiming_ = false;
  bool nothing_more_ = false;  // The last claim found nothing.
  std::uint32_t telling_ = 0;  // Children that tell the batch something.
  bool stopped_ = false;
  std::optional<dialects::Unanswered> halted_;  // Why the batch wants no more answers.
  Ms stopped_at_ = 0;
  End end_ = End::done;
};

}  // namespace edgebatch::runner
