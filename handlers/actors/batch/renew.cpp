#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

Renew::Reply Batch::obey(const Renew& command) {
  if (!record_) return {};
  const Ms until = now_ + ledger::lease_ms_max;
  bool held = command.attempt != 0;
  if (held && record().plan.attempt == command.attempt) {
    record().plan.until = until;
  } else {
    held = held && ledger_.renew(command.attempt, until);
  }
  if (held) seen(command.runner);
  return standing(held);
}

}  // namespace edgebatch::actors::batch
