#include "handlers/runner/predictor.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/open_span.hpp"
#include "handlers/runner/shard.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::Assignment;
using actors::batch::Claim;
using actors::batch::GiveBack;
using actors::batch::Halt;
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
    // Lost or not: the lease ends by itself; giving back only saves the wait.
    co_await ports::Tell{
        work_->batch_id,
        GiveBack{.runner = work_->runner, .attempt = span.lease.attempt, .parts = {}}};
  }
  work_->pulse = pulse();
  co_await allowance_.leave();
}

// ---- Spans

ports::Task<void> Predictor::open(Lease lease, PredictWork work) {
  ++telling_;
  const ledger::Stretch stretch = work.stretch;
  ports::Got<Bytes> got = Bytes();
  if (!stopped_)
    got = co_await ports::read_stream(work_->job.input, stretch.byte_begin, stretch.byte_end);
  --telling_;
  open_.emplace_back(lease, stretch, failed(got) ? Bytes() : std::get<Bytes>(std::move(got)),
                     context_.now());
  OpenSpan& span = open_.back();
  span.tries = work.tries;
  span.alone = work.items_max != 0;
  if (failed(got)) stop(End::disturbed);
  if (stopped_) {
    co_await give_back(&span, unstarted(span));  // With that the span may have ended.
  } else if (span.alone) {
    co_await set_apart(&span, work.items_max, work.probe ? stretch.count : work.items_max);
  }
  fill();
}

// Whatever dies of these items takes nothing else along.
ports::Task<void> Predictor::set_apart(OpenSpan* span, std::uint32_t items_max,
                                       std::uint32_t part_items_max) {
  Returned rest;
  for (const ledger::Stretch& part : span->progress.keep_first(items_max, part_items_max))
    rest.push_back({.stretch = part, .tries = span->tries});
  if (rest.empty()) co_return;
  span->untouched = true;
  ++span->engaged;
  co_await give_back(span, std::move(rest));
  --span->engaged;
  span->untouched = false;
}

void Predictor::claim_if_short() {
  if (claiming_ || stopped_ || nothing_more_ || open_.empty()) return;
  std::uint64_t at_hand = ready_.size() + waiting_.size();
  for (const OpenSpan& span : open_) {
    if (span.alone) return;
    at_hand += span.progress.untaken();
  }
  if (at_hand < allowance_.lanes_max()) children_->start(claim_more());
}

ports::Task<void> Predictor::claim_more() {
  claiming_ = true;
  const Ms sent_at = context_.now();
  auto got = co_await ports::Tell{
      work_->batch_id,
      Claim{.runner = work_->runner, .run = work_->run, .has_leases = true, .pulse = pulse()}};
  if (failed(got)) {
    stop(End::disturbed);  // What was leased to us, perhaps, we don't know.
  } else {
    auto& assignment = std::get<Assignment>(got);
    work_->items_left = assignment.items_left;
    if (const auto* work = std::get_if<PredictWork>(&assignment.work)) {
      co_await open(
          {.attempt = assignment.attempt, .leased_at = sent_at, .lease_ms = assignment.lease_ms},
          *work);
    } else {
      nothing_more_ = true;
    }
  }
  claiming_ = false;
  fill();
}

void Predictor::consider_storing(OpenSpan& span) {
  if (span.storing || span.lost || span.progress.pending_bytes() == 0) return;
  const bool wanted =
      span.progress.pending_bytes() >= shard_bytes || span.progress.all_finished() ||
      context_.now() - span.stored_at >= store_ms_max || pending_bytes() >= pending_bytes_max;
  if (wanted) children_->start(store(&span));
}

ports::Task<void> Predictor::store(OpenSpan* span) {
  span->storing = true;
  ++telling_;
  do {
    auto run = span->progress.take_done_run();
    if (!run) break;
    const Ms sent_at = context_.now();
    const Standing standing =
        co_await store_shard(work_, &span->lease, std::move(run->lines), run->stretch);
    span->stored_at = context_.now();
    heard(*span, standing, sent_at);
    // Also what has finished while another shard was on its way.
  } while (!span->lost &&
           (span->progress.pending_bytes() >= shard_bytes || span->progress.all_finished()));
  --telling_;
  span->storing = false;
  fill();
}

std::uint64_t Predictor::pending_bytes() const {
  std::uint64_t bytes = 0;
  for (const OpenSpan& span : open_) bytes += span.progress.pending_bytes();
  return bytes;
}

void Predictor::heard(OpenSpan& span, Standing standing, Ms sent_at) {
  if (!standing.held) {
    span.lost = true;
    stop(End::disturbed);
    return;
  }
  span.renewed_at = std::max(span.renewed_at, sent_at);
  if (standing.halt != Halt::none) stop(End::done);
  if (standing.more) nothing_more_ = false;
}

ports::Task<void> Predictor::give_back(OpenSpan* span, Returned parts) {
  if (parts.empty() || span->lost) co_return;
  ++telling_;
  ++span->engaged;
  co_await ports::Tell{
      work_->batch_id,
      GiveBack{.runner = work_->runner, .attempt = span->lease.attempt, .parts = std::move(parts)}};
  --span->engaged;
  --telling_;
  see_whether_over();
}

Predictor::Returned Predictor::unstarted(OpenSpan& span) {
  Returned parts;
  const auto take_back = [&](const Turn& turn) {
    if (turn.span != &span) return false;
    --span.engaged;
    parts.push_back({.stretch = span.progress.drop(turn.item.index),
                     .tries = turn.tries,
                     .wait_ms = std::max<Ms>(0, turn.due_at - context_.now())});
    return true;
  };
  std::erase_if(ready_, take_back);
  std::erase_if(waiting_, [&](const auto& waiting) { return take_back(waiting.second); });
  if (const auto rest = span.progress.drop_untaken())
    parts.push_back({.stretch = *rest, .tries = span.tries});
  return parts;
}

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

// ---- Items

void Predictor::fill() {
  fill_again_ = true;
  if (filling_) return;
  filling_ = true;
  while (std::exchange(fill_again_, false)) {
    while (may_start()) {
      auto turn = next_turn();
      if (!turn) break;
      allowance_.departed();
      children_->start(flight(std::move(*turn)));
    }
  }
  filling_ = false;
  claim_if_short();
  see_whether_over();
}

bool Predictor::may_start() {
  check_budget();
  return !stopped_ && allowance_.has_room() && pending_bytes() < pending_bytes_max;
}

std::optional<Predictor::Turn> Predictor::next_turn() {
  if (!ready_.empty()) {
    Turn turn = std::move(ready_.front());
    ready_.pop_front();
    return turn;
  }
  if (waiting_.size() >= waiting_items_max) return std::nullopt;
  for (OpenSpan& span : open_) {
    if (span.lost || span.untouched || span.progress.all_taken()) continue;
    return take_from(span);
  }
  return std::nullopt;
}

std::optional<Predictor::Turn> Predictor::take_from(OpenSpan& span) {
  const auto line = span.progress.take();
  auto item = line ? work_->format().read(line->text, line->index) : std::nullopt;
  if (!item) {
    // The bytes hold fewer items, or others: the input has changed under us.
    stop(End::disturbed);
    return std::nullopt;
  }
  if (span.progress.all_taken()) span.bytes = {};
  ++span.engaged;
  return Turn{.span = &span, .item = std::move(*item), .tries = span.tries};
}

ports::Task<void> Predictor::flight(Turn turn) {
  const Ms began_at = context_.now();
  bool connecting = true;
  const auto headers_came = [this, &connecting] {
    connecting = false;
    allowance_.headers_came();
    fill();
  };
  Tried tried = co_await ask_once(work_->config, &work_->format(), &work_->batch_id, &turn.item,
                                  turn.tries, headers_came);
  if (connecting) allowance_.headers_came();
  const Ms took = context_.now() - began_at;
  latency_ms_ = latency_ms_ == 0 ? std::max<Ms>(1, took) : latency_ms_ + (took - latency_ms_) / 8;
  allowance_.arrived(tried);
  if (allowance_.should_tell()) children_->start(tell_pacer());
  land(std::move(turn), std::move(tried));
  fill();
}

void Predictor::land(Turn turn, Tried tried) {
  OpenSpan& span = *turn.span;
  if (span.lost) {
    --span.engaged;
    return;
  }
  if (tried.refusal != 0 && tried.line) {
    refusals_.hold(&span, turn.item.index, std::move(*tried.line), tried.refusal);
    refusals_own_ = false;
    if (!stopped_ && refusals_.everybody(refusals_max_))
      children_->start(park(span.lease.attempt, tried.refusal));
    return;
  }
  if (!tried.line) return put_off(std::move(turn), tried.wait_ms);
  if (!stopped_) release_refusals();
  --span.engaged;
  finish(span, turn.item.index, std::move(*tried.line));
}

void Predictor::release_refusals() {
  for (auto& held : refusals_.release()) {
    --held.place->engaged;
    if (!held.place->lost) finish(*held.place, held.index, std::move(held.line));
  }
}

void Predictor::finish(OpenSpan& span, std::uint32_t index, dialects::ResultLine line) {
  span.progress.finish(index, std::move(line));
  consider_storing(span);
}

// Nobody waits for an item that has to: it is remembered here, or by the batch.
void Predictor::put_off(Turn turn, Ms wait_ms) {
  ++turn.tries;
  turn.due_at = context_.now() + wait_ms;
  OpenSpan& span = *turn.span;
  if (stopped_ || wait_ms > wait_here_ms_max) {
    --span.engaged;
    children_->start(give_back(&span, {{.stretch = span.progress.drop(turn.item.index),
                                        .tries = turn.tries,
                                        .wait_ms = wait_ms}}));
    consider_storing(span);
    return;
  }
  const std::uint32_t waiting = ++last_waiting_;
  waiting_.emplace(waiting, std::move(turn));
  children_->start(wait_for(waiting, wait_ms));
}

ports::Task<void> Predictor::wait_for(std::uint32_t waiting, Ms duration) {
  co_await ports::Sleep{duration};
  auto turn = waiting_.extract(waiting);
  if (turn.empty()) co_return;  // It was given back.
  ready_.push_back(std::move(turn.mapped()));
  fill();
}

// ---- The whole

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
  stopped_at_ = context_.now();
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
  if (open_.empty() || (stopped_ && allowance_.in_flight() == 0)) {
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
