#include <cstdint>

#include "core/ledger/ledger.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

Claim::Reply Batch::obey(const Claim& command) {
  if (!record_ || command.runner >= runners_count) return {};
  replace_earlier_run(command.runner, command.run);

  Assignment assignment{
      .work = Idle{}, .attempt = 0, .lease_ms = ledger::lease_ms_max, .job = job()};
  const Ms until = now_ + ledger::lease_ms_max;
  if (plan_wanted()) {
    assignment.attempt = ++record().last_attempt;
    assignment.work = PlanWork{.ranges_only = lifecycle::draining(record().state)};
    record().plan = {.attempt = assignment.attempt, .runner = command.runner, .until = until};
  } else if (spans_wanted()) {
    assignment.attempt = ++record().last_attempt;
    // Spans are wanted, so there is one to claim.
    // NOLINTBEGIN(bugprone-unchecked-optional-access)
    if (lifecycle::draining(record().state)) {
      assignment.work =
          DrainWork{.stretch = *ledger_.claim_for_drain(command.runner, assignment.attempt, until),
                    .why = halt()};
    } else {
      assignment.work =
          PredictWork{.stretch = *ledger_.claim(command.runner, assignment.attempt, until)};
    }
    // NOLINTEND(bugprone-unchecked-optional-access)
  } else {
    record().seats[command.runner].present_until = 0;  // It ends now; there will be an invitation.
    return assignment;
  }
  seen(command.runner);
  return assignment;
}

// A runner is one actor, and it has one run at a time: if another one asks, the earlier one is
// dead.
void Batch::replace_earlier_run(std::uint32_t runner, std::uint64_t run) {
  Seat& seat = record().seats[runner];
  if (seat.run == run) return;
  seat.run = run;
  ledger_.release_runner(runner);
  if (record().plan.runner == runner) record().plan = {};
}

}  // namespace edgebatch::actors::batch
