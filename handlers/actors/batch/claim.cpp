#include <cstdint>
#include <optional>
#include <variant>

#include "core/dialects/line_format.hpp"
#include "core/ledger/ledger.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

namespace {

/// How lines put it.
dialects::Unanswered in_lines(Halt halt) {
  switch (halt) {
    case Halt::expired: return dialects::Unanswered::expired;
    case Halt::refused: return dialects::Unanswered::refused;
    default: return dialects::Unanswered::cancelled;
  }
}

}  // namespace

Claim::Reply Batch::obey(const Claim& command) {
  Seat* const its = record_ ? seat(command.runner) : nullptr;
  if (its == nullptr) return {};
  replace_earlier_run(command.runner, command.run);
  if (!command.has_leases) its->leaving = false;  // What it left is ended, and it goes on.
  feel(command.pulse);

  const ledger::Claimant claimant{.runner = command.runner,
                                  .attempt = record().last_attempt + 1,
                                  .lease_until = now_ + ledger::lease_ms_max,
                                  .has_leases = command.has_leases};
  Assignment assignment;
  assignment.work = work_for(claimant);
  const bool idle = std::holds_alternative<Idle>(assignment.work);
  if (!idle) {
    record().last_attempt = claimant.attempt;
    assignment.attempt = claimant.attempt;
  }
  const ledger::Totals totals = ledger_.totals();
  assignment.lease_ms = ledger::lease_ms_max;
  assignment.items_left = totals.items - totals.done;
  assignment.job = job();
  seen(command.runner);
  // Without work it ends now; there will be an invitation.
  if (idle && !command.has_leases) its->present_until = 0;
  return assignment;
}

Assignment::Work Batch::work_for(const ledger::Claimant& claimant) {
  const bool draining = lifecycle::draining(record().state);
  if (plan_wanted() && !claimant.has_leases) {
    record().plan = {
        .attempt = claimant.attempt, .runner = claimant.runner, .until = claimant.lease_until};
    return PlanWork{.ranges_only = draining};
  }
  if (merge_wanted() && !claimant.has_leases) {
    record().plan = {
        .attempt = claimant.attempt, .runner = claimant.runner, .until = claimant.lease_until};
    return merge_work();
  }
  if (!spans_wanted()) return Idle{};
  if (!draining) return predict_work(claimant);
  if (claimant.has_leases) return Idle{};
  const auto stretch = ledger_.claim_for_drain(claimant);
  if (!stretch) return Idle{};
  return DrainWork{.stretch = *stretch, .why = in_lines(halt())};
}

Assignment::Work Batch::predict_work(const ledger::Claimant& claimant) {
  auto& parking = record().parking;
  const bool unwanted = claimant.has_leases ? parking.has_value() : surplus(claimant.runner);
  if (unwanted) return Idle{};
  const auto lease = ledger_.claim(claimant, now_);
  if (!lease) return Idle{};
  if (lease->given_up)
    return DrainWork{.stretch = lease->stretch, .why = dialects::Unanswered::given_up};
  if (!parking)
    return PredictWork{
        .stretch = lease->stretch, .tries = lease->tries, .items_max = lease->items_max};
  parking->probe = claimant.attempt;
  return PredictWork{
      .stretch = lease->stretch, .tries = lease->tries, .items_max = 1, .probe = true};
}

// A runner is one actor, and it has one run at a time: if another one asks, the earlier one is
// dead.
void Batch::replace_earlier_run(std::uint32_t runner, std::uint64_t run) {
  Seat& its = *seat(runner);
  if (its.run == run) return;
  its.run = run;
  its.leaving = false;
  ledger_.lapse_runner(runner);
  if (record().plan.runner == runner) record().plan = {};
}

}  // namespace edgebatch::actors::batch
