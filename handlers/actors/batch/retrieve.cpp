#include <optional>

#include "core/dialects/batch_view.hpp"
#include "core/ledger/ledger.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

Retrieve::Reply Batch::obey(const Retrieve& command) {
  if (!belongs_to(command.tenant, command.dialect)) return not_found();
  dialects::BatchView shown = view();
  shown.waiting = waiting();
  shown.runners = lifecycle::terminal(record().state) ? 0 : runners_present();
  return shown;
}

std::optional<dialects::Waiting> Batch::waiting() const {
  using For = dialects::Waiting::For;
  if (!lifecycle::predicting(record().state)) return std::nullopt;
  if (const auto& parking = record().parking)
    return dialects::Waiting{
        .what = For::upstream_refuses, .status = parking->status, .until_ms = parking->probe_at};
  const Ms pause_end = record().pulse_at + record().pulse.pause_ms;
  if (pause_end > now_)
    return dialects::Waiting{.what = For::upstream_unavailable, .until_ms = pause_end};
  const auto next = ledger_.next_claimable(now_);
  if (next && ledger_.totals().leased == 0)
    return dialects::Waiting{.what = For::retry, .until_ms = *next};
  return std::nullopt;
}

}  // namespace edgebatch::actors::batch
