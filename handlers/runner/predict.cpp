#include "handlers/runner/predict.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/lanes.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/ask.hpp"
#include "handlers/runner/shard.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::GiveBack;
using actors::batch::Halt;
using actors::batch::Renew;
using actors::batch::Standing;

namespace {

/// What the lanes of one span share. Lives in the frame of `predict_span`, and longer than its
/// lanes.
class Span final : public Flights {
 public:
  Span(Work* work, ports::Context& context, ledger::Stretch stretch, View bytes)
      : work_(work),
        context_(context),
        progress_(stretch, bytes),
        over_(context),
        renewed_at_(work->leased_at),
        stored_at_(context.now()) {}

  // ---- Flights

  void departed() override { ++in_flight_; }
  void arrived() override { --in_flight_; }
  /// Rule: an item is started only while the last answered renewal is younger than the lease.
  bool may_depart() override {
    if (context_.now() - renewed_at_ >= work_->lease_ms) stop(End::disturbed);
    if (context_.now() - work_->run_began_at >= run_ms_max || context_.asked() >= run_effects_max)
      stop(End::exhausted);
    return !stopped_;
  }

  // ---- The lanes

  /// Takes items, one after another.
  ports::Task<void> lane() {
    while (may_depart()) {
      const auto line = progress_.take();
      if (!line) {
        if (!progress_.all_taken()) stop(End::disturbed);  // The bytes hold fewer items.
        break;
      }
      auto item = work_->format().read(line->text, line->index);
      if (!item) {
        // The input has changed under us: nothing can be said about the rest of this span.
        stop(End::disturbed);
        break;
      }
      auto result = co_await predict(work_->config, this, &work_->format(), work_->batch_id,
                                     std::move(*item));
      if (!result) break;
      progress_.finish(line->index, std::move(*result));
      // Also what has finished while another shard was on its way.
      while (progress_.pending_bytes() >= shard_bytes && co_await store_longest_run()) {
      }
      see_whether_over();
    }
    see_whether_over();
  }

  /// Keeps the lease, hears of a cancel, and stores what has waited for long.
  ports::Task<void> keeper() {
    for (;;) {
      co_await ports::Sleep{renewal_ms};
      // A shard that is on its way arrives first: its lines are paid for.
      if (stopped_ && !storing_ && context_.now() - stopped_at_ >= stop_ms_max) break;
      const Ms sent_at = context_.now();
      const auto got = co_await ports::Tell{
          work_->batch_id, Renew{.runner = work_->runner, .attempt = work_->attempt}};
      if (!failed(got)) heard(std::get<Standing>(got), sent_at);
      (void)may_depart();  // Time has passed.
      if (context_.now() - stored_at_ >= store_ms_max) co_await store_longest_run();
      see_whether_over();
    }
    over_.set();  // What is still in flight has had its time.
  }

  ports::Event::Wait over() { return over_.wait(); }
  End end() const { return end_; }

  /// Stores all that is done.
  ports::Task<void> store_rest() {
    while (!lost_ && co_await store_longest_run()) {
    }
  }

 private:
  /// False if there is nothing to store, or somebody does it already.
  ports::Task<bool> store_longest_run() {
    if (storing_ || lost_) co_return false;
    auto run = progress_.take_done_run();
    if (!run) co_return false;
    storing_ = true;
    const Ms sent_at = context_.now();
    const Standing standing = co_await store_shard(work_, std::move(run->lines), run->stretch);
    storing_ = false;
    stored_at_ = context_.now();
    heard(standing, sent_at);
    co_return true;
  }

  void heard(Standing standing, Ms sent_at) {
    if (!standing.held) {
      lost_ = true;
      stop(End::disturbed);
      return;
    }
    renewed_at_ = std::max(renewed_at_, sent_at);
    if (standing.halt != Halt::none) stop(End::done);
  }

  void stop(End why) {
    if (stopped_) return;
    stopped_ = true;
    stopped_at_ = context_.now();
    end_ = why;
  }

  void see_whether_over() {
    if (storing_) return;
    const bool abandoned = lost_ || (stopped_ && in_flight_ == 0);
    if (progress_.all_finished() || abandoned) over_.set();
  }

  Work* work_;
  ports::Context& context_;
  SpanProgress progress_;
  ports::Event over_;
  Ms renewed_at_;
  Ms stored_at_;
  std::uint32_t in_flight_ = 0;
  bool storing_ = false;
  bool stopped_ = false;
  Ms stopped_at_ = 0;
  bool lost_ = false;
  End end_ = End::done;
};

/// `concurrency`: of the batch itself; 0: only its upstream's counts.
std::uint32_t lanes_count(const Config& config, View model, std::uint32_t concurrency,
                          std::uint32_t items) {
  const Upstream* const upstream = config.serving(model);
  std::uint32_t side_by_side = upstream == nullptr ? 1 : upstream->concurrency;
  if (concurrency != 0) side_by_side = std::min(side_by_side, concurrency);
  std::uint32_t lanes = std::max(1U, side_by_side / actors::batch::runners_count);
  if (config.connections_max != 0) lanes = std::min(lanes, config.connections_max);
  return std::min(lanes, items);
}

}  // namespace

ports::Task<End> predict_span(Work* work, ledger::Stretch stretch) {
  ports::Context& context = co_await ports::Here{};
  const auto bytes =
      co_await ports::read_stream(work->job.input, stretch.byte_begin, stretch.byte_end);
  End end = End::disturbed;
  if (!failed(bytes)) {
    Span span(work, context, stretch, std::get<Bytes>(bytes));
    {
      ports::Lanes lanes(context);
      lanes.start(span.keeper());
      const std::uint32_t count =
          lanes_count(*work->config, work->job.model, work->job.concurrency, stretch.count);
      for (std::uint32_t lane = 0; lane < count; ++lane) lanes.start(span.lane());
      co_await span.over();
    }
    co_await span.store_rest();
    end = span.end();
  }
  // Lost or not: the lease ends by itself; giving back only saves the wait.
  co_await ports::Tell{work->batch_id, GiveBack{.runner = work->runner, .attempt = work->attempt}};
  co_return end;
}

}  // namespace edgebatch::runner
