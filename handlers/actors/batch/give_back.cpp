#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

GiveBack::Reply Batch::obey(const GiveBack& command) {
  if (!record_ || command.attempt == 0) return {};
  for (const Returned& part : command.parts)
    ledger_.give_back(command.attempt, part.stretch, part.tries,
                      part.wait_ms > 0 ? now_ + part.wait_ms : 0);
  if (!command.parts.empty()) return {};
  ledger_.give_back(command.attempt);
  if (record().plan.attempt == command.attempt) record().plan = {};
  return {};
}

}  // namespace edgebatch::actors::batch
