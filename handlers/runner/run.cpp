#include "handlers/runner/run.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/runner/commands.hpp"
#include "handlers/actors/runner/runner.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/drain.hpp"
#include "handlers/runner/merge.hpp"
#include "handlers/runner/plan.hpp"
#include "handlers/runner/predict.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::Assignment;
using actors::batch::Claim;
using actors::batch::DrainWork;
using actors::batch::Idle;
using actors::batch::MergeWork;
using actors::batch::PlanWork;
using actors::batch::PredictWork;

namespace {

ports::Task<End> carry_out(Work* work, Lease lease, Assignment assignment) {
  if (const auto* plan = std::get_if<PlanWork>(&assignment.work))
    co_return co_await plan_batch(work, &lease, plan->ranges_only);
  if (const auto* spans = std::get_if<PredictWork>(&assignment.work))
    co_return co_await predict(work, lease, *spans);
  if (auto* merge = std::get_if<MergeWork>(&assignment.work))
    co_return co_await merge_shards(work, &lease, std::move(*merge));
  const auto& drain = std::get<DrainWork>(assignment.work);
  co_return co_await drain_span(work, &lease, drain.stretch, drain.why);
}

/// What the items have in common is read once a run. False if it can't be.
ports::Task<bool> prepare_format(Work* work) {
  if (work->line_format) co_return true;
  Bytes brief;
  text::SipKey secret{};
  if (dialects::has_brief(work->job.dialect)) {
    auto got = co_await ports::GetObject{.key = work->job.brief_key, .offset = 0, .length = {}};
    if (failed(got)) co_return false;
    brief = std::get<Bytes>(std::move(got));
    text::Entropy& entropy = (co_await ports::Here{}).entropy();
    secret = {entropy.draw_u64(), entropy.draw_u64()};
  }
  work->line_format = dialects::line_format(work->job.dialect, work->job.request, brief, secret);
  co_return true;
}

/// Claims and works until the batch has nothing to do. Why it stopped before that, if it did.
ports::Task<End> work_off(Work* work) {
  ports::Context& context = co_await ports::Here{};
  for (;;) {
    const bool used_up = context.now() - work->run_began_at >= run_ms_max ||
                         context.subrequests() >= run_subrequests_max;
    if (used_up) co_return End::exhausted;

    const Ms sent_at = context.now();
    auto got = co_await ports::Tell{
        work->batch_id, Claim{.runner = work->runner, .run = work->run, .pulse = work->pulse}};
    if (failed(got)) co_return End::disturbed;
    auto& assignment = std::get<Assignment>(got);
    if (std::holds_alternative<Idle>(assignment.work)) co_return End::done;

    const Lease lease{
        .attempt = assignment.attempt, .leased_at = sent_at, .lease_ms = assignment.lease_ms};
    work->job = std::move(assignment.job);
    work->items_left = assignment.items_left;
    if (!co_await prepare_format(work)) co_return End::disturbed;
    const End end = co_await carry_out(work, lease, std::move(assignment));
    if (end != End::done) co_return end;
  }
}

std::optional<Ms> again_in(End end) {
  switch (end) {
    case End::done: return std::nullopt;
    case End::exhausted: return 0;
    case End::disturbed: return disturbed_pause_ms;
  }
  return std::nullopt;
}

}  // namespace

ports::Task<void> run(const Config* config, actors::runner::Run task) {
  ports::Context& context = co_await ports::Here{};
  const std::size_t slash = task.runner.rfind('/');
  Work work{.config = config,
            .batch_id = task.runner.substr(0, slash),
            .runner = static_cast<std::uint32_t>(
                text::parse_decimal(View(task.runner).substr(slash + 1)).value_or(0)),
            .run = context.entropy().draw_u64(),
            .run_began_at = context.now(),
            .job = {},
            .pulse = {},
            .line_format = {}};
  // While the operator's variables can't be read, nobody knows who serves a model: work waits
  // rather than fails.
  End end = End::disturbed;
  if (config->error.empty()) end = co_await work_off(&work);
  // If this is lost, the alarm is still set, and one more run finds nothing to do.
  co_await ports::Tell{task.runner, actors::runner::EndRun{.invitation = task.invitation,
                                                           .again_in_ms = again_in(end)}};
}

}  // namespace edgebatch::runner
