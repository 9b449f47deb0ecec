#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

GiveBack::Reply Batch::obey(const GiveBack& command) {
  if (!record_ || command.attempt == 0) return {};
  ledger_.give_back(command.attempt);
  if (record().plan.attempt == command.attempt) record().plan = {};
  return {};
}

}  // namespace edgebatch::actors::batch
