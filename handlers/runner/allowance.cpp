#include "handlers/runner/allowance.hpp"

#include <algorithm>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/pacer/commands.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::pacer::Pace;

namespace {

/// Two entries of the operator's list may have the same address, and different keys.
Bytes pacer_of(const Config& config, const Upstream& upstream) {
  const auto place = static_cast<std::uint64_t>(&upstream - config.upstreams.data());
  return text::decimal(place) + " " + upstream.url;
}

}  // namespace

Allowance::Allowance(const Work* work, ports::Context& context) : work_(work), context_(context) {
  const Config& config = *work->config;
  const Upstream* const upstream = config.serving(work->job.model);
  capacity_ = upstream == nullptr ? 1 : upstream->concurrency;
  lanes_max_ = std::min(most(), run_lanes_max);
  if (config.connections_max != 0) connecting_max_ = config.connections_max;
  // Where answers are streamed, headers come early, and connections wait for them but shortly.
  const bool streams = upstream != nullptr && upstream->streams;
  if (!streams) lanes_max_ = std::min(lanes_max_, connecting_max_);
  if (upstream == nullptr || upstream->is_sandbox()) {
    lanes_ = batch_lanes_ = lanes_max_;
  } else {
    pacer_ = pacer_of(config, *upstream);
  }
}

std::uint32_t Allowance::most() const {
  const std::uint32_t of_batch = work_->job.concurrency;
  return of_batch == 0 ? capacity_ : std::min(capacity_, of_batch);
}

std::uint32_t Allowance::lanes() const { return pause_ms() > 0 ? 0 : lanes_; }

bool Allowance::has_room() const {
  return in_flight_ < lanes() && connecting_ < connecting_max_ && !nobody_answered();
}

// An upstream that is down fails at once: a single lane would use up a try of every item at hand
// before the pacer hears of it.
bool Allowance::nobody_answered() const {
  return paced() && failures_in_a_row_ >= std::max(failures_in_a_row_min, lanes_);
}

void Allowance::departed() {
  ++in_flight_;
  ++connecting_;
}

Ms Allowance::pause_ms() const { return std::max<Ms>(0, paused_until_ - context_.now()); }

void Allowance::arrived(const Tried& tried) {
  --in_flight_;
  retry_after_ms_ = std::max(retry_after_ms_, tried.retry_after_ms);
  failures_in_a_row_ = tried.health == Health::well ? 0 : failures_in_a_row_ + 1;
  switch (tried.health) {
    case Health::well: ++answered_; break;
    case Health::throttled:
      if (!halved_) lanes_ = std::max(std::min(lanes_, 1U), lanes_ / 2);
      halved_ = true;
      ++throttled_;
      break;
    case Health::broken: ++broken_; break;
  }
}

bool Allowance::should_tell() const {
  const bool it_is_time = context_.now() - asked_at_ >= pace_pause_ms_min || nobody_answered();
  return paced() && !asking_ && throttled_ + broken_ > 0 && it_is_time;
}

Pace Allowance::question() const {
  return {.tenant = work_->job.tenant,
          .batch = work_->batch_id,
          .runner = work_->runner,
          .capacity = capacity_,
          .batch_wanted = std::min(most(), work_->items_left),
          .wanted = std::min(lanes_max_, work_->items_left),
          .in_flight = in_flight_,
          .answered = answered_,
          .throttled = throttled_,
          .broken = broken_,
          .retry_after_ms = retry_after_ms_,
          .asked_at = context_.now()};
}

ports::Task<void> Allowance::ask_pacer() {
  if (asking_ || !paced()) co_return;
  asking_ = true;
  const Pace pace = question();
  answered_ = throttled_ = broken_ = 0;
  retry_after_ms_ = 0;
  asked_at_ = context_.now();
  const auto got = co_await ports::Tell{pacer_, pace};
  asking_ = false;
  halved_ = false;
  failures_in_a_row_ = 0;
  if (failed(got)) {
    // It has forgotten all, and learns it again. Meanwhile a little can't be wrong.
    lanes_ = std::clamp(lanes_, 1U, lanes_max_);
    good_for_ms_ = unpaced_ms;
    co_return;
  }
  const auto& said = std::get<Pace::Reply>(got);
  lanes_ = std::min(said.lanes, lanes_max_);
  batch_lanes_ = said.batch_lanes;
  good_for_ms_ = std::max(said.again_ms, pace_pause_ms_min);
  if (said.pause_ms > 0) {
    paused_until_ = context_.now() + said.pause_ms;
    good_for_ms_ = said.pause_ms;
  }
}

ports::Task<void> Allowance::leave() {
  if (!paced()) co_return;
  Pace pace = question();
  pace.wanted = 0;
  pace.in_flight = 0;
  co_await ports::Tell{pacer_, pace};
}

}  // namespace edgebatch::runner
