#include "core/ledger/ledger.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

ReportShard::Reply Batch::obey(const ReportShard& command) {
  if (!record_) return {};
  const auto reported = ledger_.report(command.stretch, command.shard);
  if (reported == ledger::Reported::accepted) {
    ledger_.renew(command.shard.attempt,
                  now_ + ledger::lease_ms_max);  // What is left of the lease.
    seen(command.runner);
    // The probe has an answer that isn't everybody's.
    if (record().parking && record().parking->probe == command.shard.attempt)
      record().parking.reset();
  }
  return standing(reported != ledger::Reported::lost);
}

}  // namespace edgebatch::actors::batch
