#include "handlers/actors/tenant/tenant.hpp"

#include <optional>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/turn.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

std::optional<Ms> Tenant::wake_at() {
  const auto next = table_.scan(due_prefix, ports::behind(due_prefix), 1, ports::Order::ascending);
  if (next.empty()) return std::nullopt;
  return Due::of(next.front().first).at;
}

void Tenant::apply_due() {
  const auto due = table_.scan(due_prefix, due_key(now_ + 1, Due::Kind::file, {}), due_count_max,
                               ports::Order::ascending);
  for (const auto& [key, row] : due) {
    table_.erase(key);
    const Due entry = Due::of(key);
    if (entry.kind == Due::Kind::file) {
      file_due(entry.id);
    } else {
      reservation_due(entry.id);
    }
  }
}

Acknowledge::Reply Tenant::obey(const Acknowledge& command) {
  for (const Delivered& delivered : command.delivered) {
    if (!acknowledge(table_, delivered)) continue;
    const View subject = delivered.subject;
    if (subject.starts_with(erase_subject))
      table_.erase(file_key(subject.substr(erase_subject.size())));
    // Whether it was abandoned or has started: the id is no longer only reserved.
    if (subject.starts_with(abandon_subject)) {
      const View batch_id = subject.substr(abandon_subject.size());
      const auto answer = wire::decode<batch::Abandon::Reply>(delivered.reply);
      const auto reservation = ports::load<Reservation>(table_, reserved_key(batch_id));
      if (reservation && answer == batch::Abandon::Reply::abandoned)
        unpin(reservation->file_id, batch_id);
      table_.erase(reserved_key(batch_id));
    }
  }
  return {};
}

ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input) {
  return take_turn<Tenant, ReserveFile, RenewFile, CommitFile, DropFile, FindFile, ListFiles,
                   DeleteFile, ReserveBatch, ListBatches, IndexBatch, RegisterResults, Acknowledge>(
      table, input);
}

}  // namespace edgebatch::actors::tenant
