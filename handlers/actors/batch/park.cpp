#include <algorithm>

#include "core/lifecycle/lifecycle.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

// Several runners may find out at once, and tell twice: only a probe makes the pause longer.
Park::Reply Batch::obey(const Park& command) {
  if (!record_ || !lifecycle::predicting(record().state)) return {};
  auto& parking = record().parking;
  if (!parking) {
    parking = Parking{.pause_ms = probe_pause_ms_min};
  } else if (command.attempt == 0 || command.attempt != parking->probe) {
    return {};
  } else {
    parking->pause_ms = std::min(parking->pause_ms * 2, probe_pause_ms_max);
  }
  parking->status = command.status;
  parking->probe_at = now_ + parking->pause_ms;
  parking->probe = 0;
  return {};
}

}  // namespace edgebatch::actors::batch
