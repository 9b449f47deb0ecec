#include "handlers/actors/tenant/tenant.hpp"

#include <optional>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
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
  const auto due = table_.scan(due_prefix, due_key(now_ + 1, Due::Kind::batch, {}), due_count_max,
                               ports::Order::ascending);
  for (const auto& [key, row] : due) {
    table_.erase(key);
    const Due entry = Due::of(key);
    switch (entry.kind) {
      case Due::Kind::file: file_due(entry.id); break;
      case Due::Kind::batch: reservation_due(entry.id); break;
      case Due::Kind::inline_items: inline_due(entry.id); break;
      case Due::Kind::memory: forget(entry.id); break;
      case Due::Kind::running: running_due(entry.id); break;
    }
  }
}

Acknowledge::Reply Tenant::obey(const Acknowledge& command) {
  for (const Delivered& delivered : command.delivered) {
    if (!acknowledge(table_, delivered)) continue;
    const View subject = delivered.subject;
    if (subject.starts_with(erase_subject))
      table_.erase(file_key(subject.substr(erase_subject.size())));
    if (subject.starts_with(abandon_subject))
      abandon_answered(subject.substr(abandon_subject.size()),
                       wire::decode<batch::Abandon::Reply>(delivered.reply));
  }
  return {};
}

ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input) {
  return take_turn<Tenant, ReserveFile, RenewFile, CommitFile, DropFile, FindFile, ListFiles,
                   UpdateFile, DeleteFile, ReserveBatch, PinnedFiles, ListBatches, IndexBatch,
                   RegisterResults, Acknowledge>(table, input);
}

}  // namespace edgebatch::actors::tenant
