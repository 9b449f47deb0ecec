// The batch's runners: who is at work, and who else should be.
#include <algorithm>
#include <cstdint>

#include "core/ledger/ledger.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/time.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/actors/batch/runners_wanted.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/runner/commands.hpp"

namespace edgebatch::actors::batch {

namespace {

constexpr std::uint32_t draining_runners_count = 2;

}  // namespace

std::uint32_t Batch::wanted() const {
  if (plan_wanted() || merge_wanted()) return 1;
  if (!spans_wanted()) return 0;
  if (lifecycle::draining(record().state)) return draining_runners_count;
  if (record().parking) return 1;  // For a probe.

  const ledger::Totals totals = ledger_.totals();
  const Ms day = text::day_ms;
  return runners_wanted({.items_left = totals.items - totals.done,
                         .latency_ms = record().pulse.latency_ms,
                         .time_left_ms = record().expires_at.value_or(now_ + day) - now_,
                         .lanes = record().pulse.lanes,
                         .batch_lanes = record().pulse.batch_lanes});
}

bool Batch::present(const Seat& seat) const { return seat.present_until > now_ && !seat.leaving; }

std::uint32_t Batch::runners_present() const {
  const auto count = std::count_if(record().seats.begin(), record().seats.end(),
                                   [this](const Seat& seat) { return present(seat); });
  return static_cast<std::uint32_t>(count);
}

void Batch::invite() {
  const std::uint32_t missing = wanted() - std::min(wanted(), runners_present());
  std::uint32_t invited = 0;
  for (std::uint32_t k = 0; k < runners_count_max && invited < missing; ++k) {
    Seat& its = *seat(k);
    if (its.present_until > now_) continue;
    its.leaving = false;
    its.present_until = now_ + ledger::lease_ms_max;
    const Bytes number = text::decimal(k);
    write_letter(table_, "invite/" + number, ++its.invitations,
                 to_actor(record().id + "/" + number, runner::Invite{.number = its.invitations}),
                 now_);
    ++invited;
  }
}

bool Batch::surplus(std::uint32_t runner) const {
  std::uint32_t before = 0;
  for (std::uint32_t k = 0; k < runner && k < record().seats.size(); ++k)
    if (present(record().seats[k])) ++before;
  return before >= std::max(1U, wanted());
}

Seat* Batch::seat(std::uint32_t runner) {
  if (runner >= runners_count_max) return nullptr;
  auto& seats = record().seats;
  if (runner >= seats.size()) seats.resize(runner + 1);
  return &seats[runner];
}

void Batch::seen(std::uint32_t runner) {
  if (Seat* const its = seat(runner)) its->present_until = now_ + ledger::lease_ms_max;
}

void Batch::feel(const Pulse& pulse) {
  if (pulse.lanes == 0) return;  // It has none yet.
  record().pulse = pulse;
  record().pulse_at = now_;
}

}  // namespace edgebatch::actors::batch
