// A batch as the tenant knows it: a row of the index.
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/dialects/batch_view.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/tenant/tenant.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

namespace {

Bytes status_key(const dialects::BatchView& view) {
  return status_prefix(lifecycle::name(dialects::shown_state(view))) + view.id;
}

}  // namespace

IndexBatch::Reply Tenant::obey(const IndexBatch& command) {
  const Bytes key = batch_key(command.view.id);
  const auto known = ports::load<BatchRow>(table_, key);
  if (known && known->revision >= command.revision) return {};

  end_reservation(command.view.id);
  ports::store(table_, key,
               BatchRow{.revision = command.revision, .view = command.view, .heard_at = now_});
  if (!known && !lifecycle::terminal(command.view.state)) look_after(command.view.id, now_);
  const Bytes status = status_key(command.view);
  const Bytes old_status = known ? status_key(known->view) : Bytes();
  if (status != old_status) {
    if (known) table_.erase(old_status);
    table_.put(status, {});
  }
  if (lifecycle::terminal(command.view.state)) unpin(command.view.id);
  return {};
}

void Tenant::look_after(View batch_id, Ms heard_at) {
  table_.put(due_key(heard_at + standstill_ms_max, Due::Kind::running, batch_id), {});
}

// Whatever a batch forgot to wake up for (its alarm may have been lost), it does in its next turn.
void Tenant::running_due(View batch_id) {
  const auto batch = ports::load<BatchRow>(table_, batch_key(batch_id));
  if (!batch || lifecycle::terminal(batch->view.state)) return;
  const bool stands_still = now_ >= batch->heard_at + standstill_ms_max;
  if (stands_still)
    write_letter(table_, Bytes(poke_subject).append(batch_id), static_cast<std::uint64_t>(now_),
                 to_actor(Bytes(batch_id), batch::Poke{}), now_);
  look_after(batch_id, stands_still ? now_ : batch->heard_at);
}

ListBatches::Reply Tenant::obey(const ListBatches& command) {
  const Bytes list = command.status.empty() ? batch_key({}) : status_prefix(command.status);
  const Bytes range = list + command.id_prefix;
  const Bytes to = command.after.empty() ? ports::behind(range) : list + command.after;
  const auto rows =
      table_.scan(range, to, command.limit_count + std::size_t{1}, ports::Order::descending);
  ListBatches::Page page;
  for (const auto& [key, row] : rows) {
    if (page.batches.size() == command.limit_count) {
      page.has_more = true;
      break;
    }
    const View id = View(key).substr(list.size());
    if (auto batch = ports::load<BatchRow>(table_, batch_key(id)))
      page.batches.push_back(std::move(batch->view));
  }
  return page;
}

}  // namespace edgebatch::actors::tenant
