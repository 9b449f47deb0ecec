// Pins: which files' bytes are kept for batches that need them, whatever becomes of the files.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/tenant/tenant.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

namespace {

bool holds(const Pins& pins, View file_id) {
  return std::binary_search(pins.files.begin(), pins.files.end(), file_id, std::less<>());
}

}  // namespace

// One row a batch, so that thousands of files cost one write. Files are erased rarely, batches that
// run are few: looking through their rows then is cheap, once a turn.
bool Tenant::pinned(View file_id) {
  if (!pinned_) {
    pinned_.emplace();
    for (const auto& [key, row] :
         table_.scan(pins_prefix, ports::behind(pins_prefix), static_cast<std::size_t>(-1),
                     ports::Order::ascending))
      if (auto pins = wire::decode<Pins>(row))
        pinned_->insert(std::move_iterator(pins->files.begin()),
                        std::move_iterator(pins->files.end()));
  }
  return pinned_->contains(file_id);
}

void Tenant::unpin(View batch_id) {
  const auto pins = ports::load<Pins>(table_, pins_key(batch_id));
  if (!pins) return;
  table_.erase(pins_key(batch_id));
  pinned_.reset();
  for (const auto& [key, row] :
       table_.scan(waiting_prefix, ports::behind(waiting_prefix), static_cast<std::size_t>(-1),
                   ports::Order::ascending)) {
    const View file_id = View(key).substr(waiting_prefix.size());
    if (!holds(*pins, file_id) || pinned(file_id)) continue;
    table_.erase(key);
    if (auto file = find(file_id, FileState::hidden))
      store(std::move(*file), now_ + erasure_delay_ms);
  }
}

PinnedFiles::Reply Tenant::obey(const PinnedFiles& command) {
  PinnedFiles::Reply files;
  const auto pins = ports::load<Pins>(table_, pins_key(command.batch_id));
  if (!pins) return files;
  for (const Bytes& id : pins->files) {
    auto row = ports::load<FileRow>(table_, file_key(id));
    if (!row || row->result || row->view.dialect != command.dialect) continue;
    const bool was_there = row->state == FileState::live ||
                           (row->state == FileState::hidden && row->last_seen_at >= pins->since);
    if (was_there)
      files.push_back({.view = std::move(row->view), .stream = std::move(row->stream)});
  }
  return files;
}

}  // namespace edgebatch::actors::tenant
