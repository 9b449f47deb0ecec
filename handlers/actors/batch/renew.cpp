#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

Renew::Reply Batch::obey(const Renew& command) {
  Seat* const its = record_ ? seat(command.runner) : nullptr;
  if (its == nullptr) return {.lost = command.attempts};
  const Ms until = now_ + ledger::lease_ms_max;
  Renew::Reply reply;
  for (const ledger::Attempt attempt : command.attempts) {
    const bool plans = attempt != 0 && record().plan.attempt == attempt;
    if (plans) record().plan.until = until;
    if (!plans && !ledger_.renew(attempt, until)) reply.lost.push_back(attempt);
  }
  const bool at_work = reply.lost.size() < command.attempts.size();
  if (at_work) {
    seen(command.runner);
    feel(command.pulse);
    its->leaving = command.leaving;
  }
  reply.halt = halt();
  reply.more = spans_wanted();
  reply.parked = record().parking.has_value();
  return reply;
}

}  // namespace edgebatch::actors::batch
