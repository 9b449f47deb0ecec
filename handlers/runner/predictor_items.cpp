// The way of an item through a run: which is next, what becomes of it, and whether it is asked for
// again.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/open_span.hpp"
#include "handlers/runner/predictor.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

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
  Bytes follow_up = std::move(tried.line->follow_up);
  if (!follow_up.empty() && !halted_ && turn.item.follow_ups_count < work_->config->reasks &&
      ask_again(turn, std::move(follow_up)))
    return;
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
  if (halted_ && !turn.item.follow_up.empty()) return take_as_answered(turn);
  if (stopped_ || wait_ms > wait_here_ms_max) return return_to_batch(turn, wait_ms);
  const std::uint32_t waiting = ++last_waiting_;
  waiting_.emplace(waiting, std::move(turn));
  children_->start(wait_for(waiting, wait_ms));
}

void Predictor::return_to_batch(const Turn& turn, Ms wait_ms) {
  OpenSpan& span = *turn.span;
  --span.engaged;
  children_->start(give_back(
      &span,
      {{.stretch = span.progress.drop(turn.item.index), .tries = turn.tries, .wait_ms = wait_ms}}));
  consider_storing(span);
}

// One more request like any other, and the next: it has room, time and a lease, or isn't made.
bool Predictor::ask_again(Turn& turn, Bytes follow_up) {
  check_budget();
  if (!stopped_) {
    turn.item.follow_up = std::move(follow_up);
    ++turn.item.follow_ups_count;
    ready_.push_front(std::move(turn));
    return true;
  }
  // Whoever has it next begins anew, which is a try. Where two answers take longer than a run, it
  // would come no further.
  ++turn.tries;
  if (turn.tries >= tries_count_max || 2 * latency_ms_ > run_ms_max) return false;
  return_to_batch(turn, 0);
  return true;
}

void Predictor::take_as_answered(const Turn& turn) {
  --turn.span->engaged;
  finish(*turn.span, turn.item.index,
         work_->format().unanswered(work_->batch_id, turn.item, *halted_, {}));
}

ports::Task<void> Predictor::wait_for(std::uint32_t waiting, Ms duration) {
  co_await ports::Sleep{duration};
  auto turn = waiting_.extract(waiting);
  if (turn.empty()) co_return;  // It was given back.
  ready_.push_back(std::move(turn.mapped()));
  fill();
}

}  // namespace edgebatch::runner
