#include "handlers/runner/predictor.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/open_span.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::GiveBack;
using actors::batch::Park;
using actors::batch::PredictWork;
using actors::batch::Renew;
using actors::batch::Standing;

Predictor::Predictor(Work* work, ports::Context& context)
    : work_(work), context_(context), over_(context), allowance_(work, context) {}

void Predictor::start(ports::Lanes& children, Lease lease, const PredictWork& first) {
  children_ = &children;
  if (first.probe) refusals_max_ = 1;
  children.start(open(lease, first));
  if (allowance_.paced()) children.start(pacing());
  children.start(keeper());
}

ports::Task<void> Predictor::hand_in() {
  for (OpenSpan& span : open_) {
    while (!span.lost) {
      auto run = span.progress.take_done_run();
      if (!run) break;
      const Standing standing =
          co_await store_shard(work_, &span.lease, std::move(run->lines), run->stretch);
      span.lost = !standing.held;
    }
    if (span.lost) continue;
    // The lease would end by itself; giving back only saves the wait.
    co_await ports::Tell{
        work_->batch_id,
        GiveBack{.runner = work_->runner, .attempt = span.lease.attempt, .parts = {}}};
  }
  work_->pulse = pulse();
  co_await allowance_.leave();
}

// ---- What goes on beside the items

ports::Task<bool> Predictor::renew() {
  const Ms sent_at = context_.now();
  Renew renew{.runner = work_->runner, .attempts = {}, .leaving = stopped_, .pulse = pulse()};
  for (const OpenSpan& span : open_)
    if (!span.lost) renew.attempts.push_back(span.lease.attempt);
  const auto got = co_await ports::Tell{work_->batch_id, renew};
  if (failed(got)) co_return false;
  const auto& reply = std::get<Renew::Reply>(got);
  // Probes come when it is time; what was refused waits for them as well.
  if (reply.parked && !refusals_.empty()) stop(End::done);
  const auto is_among = [](const std::vector<ledger::Attempt>& attempts, const OpenSpan& span) {
    return std::find(attempts.begin(), attempts.end(), span.lease.attempt) != attempts.end();
  };
  for (OpenSpan& span : open_) {
    if (!is_among(renew.attempts, span)) continue;
    const bool held = !is_among(reply.lost, span);
    // A lease ends with the last report, whose answer is still to come.
    const bool handed_in = span.progress.all_finished() && span.progress.pending_bytes() == 0;
    if (held || !handed_in)
      heard(span, {.held = held, .halt = reply.halt, .more = reply.more}, sent_at);
  }
  co_return true;
}

ports::Task<void> Predictor::hear_of_others() {
  ++telling_;
  const bool heard_of_them = co_await renew();
  --telling_;
  if (!heard_of_them) co_return;  // It is renewed again, in time.
  refusals_own_ = !stopped_;
  fill();
}

ports::Task<void> Predictor::keeper() {
  for (;;) {
    co_await ports::Sleep{renewal_ms};
    // What is being told arrives first: it is paid for.
    if (stopped_ && telling_ == 0 && context_.now() - stopped_at_ >= stop_ms_max) break;
    co_await renew();
    check_budget();
    for (OpenSpan& span : open_) consider_storing(span);
    fill();
  }
  over_.set();  // What is still in flight has had its time.
}

ports::Task<void> Predictor::pacing() {
  for (;;) {
    co_await allowance_.ask_pacer();
    fill();
    co_await ports::Sleep{allowance_.good_for_ms()};
  }
}

ports::Task<void> Predictor::tell_pacer() {
  co_await allowance_.ask_pacer();
  fill();
}

// ---- Its end

void Predictor::check_budget() {
  const Ms now = context_.now();
  // An item that is started is to be finished, as far as that can be told.
  const Ms last_start =
      work_->run_began_at + std::min(run_ms_max, run_ms_max + stop_ms_max - latency_ms_);
  if (now >= last_start || context_.subrequests() >= run_subrequests_max) stop(End::exhausted);
  // Rule: an item is started only while the last answered renewal is younger than the lease.
  for (const OpenSpan& span : open_)
    if (now - span.renewed_at >= span.lease.lease_ms) stop(End::disturbed);
}

void Predictor::stop(End why) {
  if (stopped_) return;
  stopped_ = true;
  // Items that are slow are started only as long as the run has time for them, and then have it.
  stopped_at_ = why == End::exhausted ? work_->run_began_at + run_ms_max : context_.now();
  end_ = why;
  for (OpenSpan& span : open_) children_->start(give_back(&span, unstarted(span)));
}

ports::Task<void> Predictor::park(ledger::Attempt attempt, std::uint32_t status) {
  stop(End::done);
  ++telling_;
  co_await ports::Tell{work_->batch_id,
                       Park{.runner = work_->runner, .attempt = attempt, .status = status}};
  --telling_;
  see_whether_over();
}

bool Predictor::nothing_to_start() const {
  return ready_.empty() && waiting_.empty() &&
         std::all_of(open_.begin(), open_.end(),
                     [](const OpenSpan& span) { return span.lost || span.progress.all_taken(); });
}

void Predictor::see_whether_over() {
  std::erase_if(open_, [](const OpenSpan& span) {
    return span.engaged == 0 && !span.storing &&
           (span.lost || (span.progress.all_finished() && span.progress.pending_bytes() == 0));
  });
  if (claiming_ || telling_ > 0) return;
  // What is in flight for a lost lease can't be stored any more: it isn't waited for.
  const bool all_lost = std::all_of(
      open_.begin(), open_.end(), [](const OpenSpan& span) { return span.lost && !span.storing; });
  if (all_lost || (stopped_ && allowance_.in_flight() == 0)) {
    over_.set();
  } else if (!refusals_.empty() && allowance_.in_flight() == 0 && nothing_to_start()) {
    // Nobody is left who could be answered otherwise.
    if (refusals_own_)
      release_refusals();
    else
      children_->start(hear_of_others());
  }
}

actors::batch::Pulse Predictor::pulse() const {
  return {.latency_ms = latency_ms_,
          .lanes = allowance_.lanes_max(),
          .batch_lanes = allowance_.batch_lanes(),
          .pause_ms = allowance_.pause_ms()};
}

}  // namespace edgebatch::runner
