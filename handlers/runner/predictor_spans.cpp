// How a run comes by spans, and lets go of them.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/open_span.hpp"
#include "handlers/runner/predictor.hpp"
#include "handlers/runner/shard.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::Assignment;
using actors::batch::Claim;
using actors::batch::GiveBack;
using actors::batch::Halt;
using actors::batch::PredictWork;
using actors::batch::Standing;

namespace {

dialects::Unanswered why_unanswered(Halt halt) {
  switch (halt) {
    case Halt::expired: return dialects::Unanswered::expired;
    case Halt::refused: return dialects::Unanswered::refused;
    default: return dialects::Unanswered::cancelled;
  }
}

}  // namespace

ports::Task<void> Predictor::open(Lease lease, PredictWork work) {
  ++telling_;
  const ledger::Stretch stretch = work.stretch;
  ports::Got<Bytes> got = Bytes();
  if (!stopped_)
    got = co_await ports::read_stream(work_->job.input, stretch.byte_begin, stretch.byte_end);
  --telling_;
  const bool unread = failed(got);
  open_.emplace_back(lease, stretch, unread ? Bytes() : std::get<Bytes>(std::move(got)),
                     context_.now());
  OpenSpan& span = open_.back();
  span.tries = work.tries;
  span.alone = work.items_max != 0;
  if (unread) stop(End::disturbed);
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
  if (standing.halt != Halt::none) halt(standing.halt);
  if (standing.more) nothing_more_ = false;
}

void Predictor::halt(Halt why) {
  if (halted_) return;
  halted_ = why_unanswered(why);
  std::vector<Turn> answered;
  const auto take = [&answered](const Turn& turn) {
    if (turn.item.follow_up.empty()) return false;
    answered.push_back(turn);
    return true;
  };
  std::erase_if(ready_, take);
  std::erase_if(waiting_, [&take](const auto& waiting) { return take(waiting.second); });
  stop(End::done);
  for (const Turn& turn : answered) take_as_answered(turn);
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
    const std::uint32_t lost = turn.item.follow_up.empty() ? 0 : 1;  // An answer that came.
    parts.push_back({.stretch = span.progress.drop(turn.item.index),
                     .tries = turn.tries + lost,
                     .wait_ms = std::max<Ms>(0, turn.due_at - context_.now())});
    return true;
  };
  std::erase_if(ready_, take_back);
  std::erase_if(waiting_, [&](const auto& waiting) { return take_back(waiting.second); });
  if (const auto rest = span.progress.drop_untaken())
    parts.push_back({.stretch = *rest, .tries = span.tries});
  return parts;
}

}  // namespace edgebatch::runner
