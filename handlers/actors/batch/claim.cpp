#include <utility>

#include "handlers/actors/batch/batch.hpp"

namespace edgebatch::actors::batch {

Claim::Reply Batch::obey(const Claim& command) {
  if (!record_ || command.runner >= runners_count) return {};
  replace_earlier_run(command.runner, command.run);

  Assignment assignment{
      .work = Idle{}, .attempt = 0, .lease_ms = ledger::lease_ms_max, .job = job()};
  const Ms until = now_ + ledger::lease_ms_max;
  if (plan_wanted()) {
    assignment.attempt = ++record_->last_attempt;
    assignment.work = PlanWork{.ranges_only = lifecycle::draining(record_->state)};
    record_->plan = {.attempt = assignment.attempt, .runner = command.runner, .until = until};
  } else if (spans_wanted()) {
    assignment.attempt = ++record_->last_attempt;
    if (lifecycle::draining(record_->state)) {
      assignment.work =
          DrainWork{.stretch = *ledger_.claim_for_drain(command.runner, assignment.attempt, until),
                    .why = halt()};
    } else {
      assignment.work =
          PredictWork{.stretch = *ledger_.claim(command.runner, assignment.attempt, until)};
    }
  } else {
    record_->seats[command.runner].present_until = 0;  // It ends now; there will be an invitation.
    return assignment;
  }
  seen(command.runner);
  return assignment;
}

// A runner is one actor, and it has one run at a time: if another one asks, the earlier one is
// dead.
void Batch::replace_earlier_run(std::uint32_t runner, std::uint64_t run) {
  Seat& seat = record_->seats[runner];
  if (seat.run == run) return;
  seat.run = run;
  ledger_.release_runner(runner);
  if (record_->plan.runner == runner) record_->plan = {};
}

}  // namespace edgebatch::actors::batch
