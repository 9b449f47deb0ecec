#include "handlers/actors/batch/batch.hpp"

namespace edgebatch::actors::batch {

ReportShard::Reply Batch::obey(const ReportShard& command) {
  if (!record_) return {};
  const auto reported = ledger_.report(command.stretch, command.shard);
  if (reported == ledger::Reported::accepted) seen(command.runner);
  return standing(reported != ledger::Reported::lost);
}

}  // namespace edgebatch::actors::batch
