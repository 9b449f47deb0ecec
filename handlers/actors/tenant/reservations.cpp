// How a batch comes to be: its id is reserved, its files are pinned, and the create is remembered,
// so that asking twice makes one batch.
#include <optional>
#include <utility>

#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/tenant/tenant.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

ReserveBatch::Reply Tenant::obey(const ReserveBatch& command) {
  const bool has_key = !command.key.empty();
  const Bytes memory_key =
      has_key ? memory_of_key(command.key) : memory_of_body(command.fingerprint);
  const auto memory = has_key || command.retry ? recall(memory_key) : std::nullopt;
  if (memory && memory->fingerprint != command.fingerprint) return ReserveBatch::Conflict{};

  // The id of what is remembered; or this command has come before.
  for (const Bytes& id : {memory ? memory->batch_id : command.id, command.id}) {
    if (ports::load<Reservation>(table_, reserved_key(id))) return reserve(id, command, memory_key);
    if (table_.get(batch_key(id))) return ReserveBatch::Started{.id = id};
  }
  remember(memory_key, {.batch_id = command.id,
                        .fingerprint = command.fingerprint,
                        .until = now_ + (has_key ? key_memory_ms : body_memory_ms)});
  return reserve(command.id, command, memory_key);
}

ReserveBatch::Reserved Tenant::reserve(const Bytes& id, const ReserveBatch& command,
                                       Bytes memory_key) {
  drop_due(id);
  const Reservation reservation{.due_at = now_ + reservation_ms_max,
                                .memory = std::move(memory_key)};
  ports::store(table_, reserved_key(id), reservation);
  table_.put(due_key(reservation.due_at, Due::Kind::batch, id), {});
  pin(id, command);
  if (!command.inline_name.empty()) {
    table_.put(inline_key(command.inline_name), id);
    table_.put(due_key(now_ + inline_check_ms, Due::Kind::inline_items, command.inline_name), {});
  }
  return {.id = id, .input = find(command.input_file, FileState::live)};
}

void Tenant::pin(View batch_id, const ReserveBatch& command) {
  if (table_.get(pins_key(batch_id))) return;  // An equal create has pinned the same.
  Pins pins{.since = now_, .files = command.files};
  if (!command.input_file.empty()) pins.files.push_back(command.input_file);
  if (pins.files.empty()) return;
  ports::store(table_, pins_key(batch_id), pins);
  pinned_.reset();
}

void Tenant::drop_due(View batch_id) {
  const auto reservation = ports::load<Reservation>(table_, reserved_key(batch_id));
  if (reservation && reservation->due_at != 0)
    table_.erase(due_key(reservation->due_at, Due::Kind::batch, batch_id));
}

void Tenant::reservation_due(View batch_id) {
  if (!table_.get(reserved_key(batch_id))) return;
  write_letter(table_, Bytes(abandon_subject).append(batch_id), 1,
               to_actor(Bytes(batch_id), batch::Abandon{}), now_);
}

// The batch was heard of.
void Tenant::end_reservation(View batch_id) {
  drop_due(batch_id);
  table_.erase(reserved_key(batch_id));
  drop_letter(table_, Bytes(abandon_subject).append(batch_id));
}

void Tenant::abandon_answered(View batch_id, std::optional<batch::Abandon::Reply> answer) {
  auto reservation = ports::load<Reservation>(table_, reserved_key(batch_id));
  if (!reservation) return;
  if (answer != batch::Abandon::Reply::abandoned) {
    drop_due(batch_id);
    reservation->due_at = 0;  // It has started: its own letter is under way.
    return ports::store(table_, reserved_key(batch_id), *reservation);
  }
  end_reservation(batch_id);
  unpin(batch_id);
  const auto memory = recall(reservation->memory);
  if (memory && memory->batch_id == batch_id) forget(reservation->memory);
}

// ---- What is remembered

std::optional<Memory> Tenant::recall(View key) {
  auto memory = ports::load<Memory>(table_, memory_row_key(key));
  if (!memory || memory->until <= now_) return std::nullopt;
  return memory;
}

void Tenant::remember(View key, const Memory& memory) {
  forget(key);
  ports::store(table_, memory_row_key(key), memory);
  table_.put(due_key(memory.until, Due::Kind::memory, key), {});
}

void Tenant::forget(View key) {
  const auto memory = ports::load<Memory>(table_, memory_row_key(key));
  if (!memory) return;
  table_.erase(due_key(memory->until, Due::Kind::memory, key));
  table_.erase(memory_row_key(key));
}

// ---- Inline items

// Several creates of one batch may each have stored its items: those that it wasn't started with
// go, when whoever stored them has ended for certain.
void Tenant::inline_due(View name) {
  const auto batch_id = table_.get(inline_key(name));
  if (!batch_id) return;
  if (table_.get(reserved_key(*batch_id)))
    return table_.put(due_key(now_ + inline_check_ms, Due::Kind::inline_items, name), {});
  table_.erase(inline_key(name));
  const auto batch = ports::load<BatchRow>(table_, batch_key(*batch_id));
  if (batch && batch->view.input_file == name) return;  // They go with its results.
  write_letter(table_, Bytes(inline_subject).append(name), 1,
               Erasure{.prefix = input_prefix(self_.name, name)}, now_);
}

}  // namespace edgebatch::actors::tenant
