// A batch as the tenant knows it: an id that was handed out, then a row of the index.
#include <cstddef>
#include <utility>

#include "core/lifecycle/lifecycle.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/tenant/tenant.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

ReserveBatch::Reply Tenant::obey(const ReserveBatch& command) {
  const Reservation reservation{.file_id = command.file_id, .due_at = now_ + reservation_ms_max};
  ports::store(table_, reserved_key(command.id), reservation);
  table_.put(due_key(reservation.due_at, Due::Kind::batch, command.id), {});

  auto file = find(command.file_id, FileState::live);
  if (file) table_.put(pin_key(command.file_id, command.id), {});
  return file;
}

void Tenant::reservation_due(View batch_id) {
  if (!table_.get(reserved_key(batch_id))) return;
  write_letter(table_, Bytes(abandon_subject).append(batch_id), 1,
               to_actor(Bytes(batch_id), batch::Abandon{}), now_);
}

void Tenant::end_reservation(View batch_id) {
  const auto reservation = ports::load<Reservation>(table_, reserved_key(batch_id));
  if (!reservation) return;
  table_.erase(due_key(reservation->due_at, Due::Kind::batch, batch_id));
  table_.erase(reserved_key(batch_id));
  drop_letter(table_, Bytes(abandon_subject).append(batch_id));
}

IndexBatch::Reply Tenant::obey(const IndexBatch& command) {
  const Bytes key = batch_key(command.view.id);
  const auto known = ports::load<BatchRow>(table_, key);
  if (known && known->revision >= command.revision) return {};

  end_reservation(command.view.id);
  ports::store(table_, key, BatchRow{.revision = command.revision, .view = command.view});
  if (lifecycle::terminal(command.view.state)) unpin(command.view.input_file, command.view.id);
  return {};
}

ListBatches::Reply Tenant::obey(const ListBatches& command) {
  const Bytes to = command.after.empty() ? ports::behind(batch_prefix) : batch_key(command.after);
  const auto rows =
      table_.scan(batch_prefix, to, command.limit_count + std::size_t{1}, ports::Order::descending);
  ListBatches::Page page;
  for (const auto& [key, row] : rows) {
    if (page.batches.size() == command.limit_count) {
      page.has_more = true;
      break;
    }
    if (auto batch = wire::decode<BatchRow>(row)) page.batches.push_back(std::move(batch->view));
  }
  return page;
}

}  // namespace edgebatch::actors::tenant
