// An upload's life: reserved, renewed, committed; or dropped, or taken for dead.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/dialects/dialect.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/tenant/tenant.hpp"

namespace edgebatch::actors::tenant {

// A command that comes twice may come after the commit: reserved anew, the objects would be swept
// under the file's feet.
bool Tenant::known(View upload_id) {
  using enum dialects::Dialect;
  if (table_.get(file_key(upload_id))) return true;
  return std::ranges::any_of(std::array{openai, datagrid}, [&](dialects::Dialect dialect) {
    return table_.get(file_key(uploaded_file_id(upload_id, dialect))).has_value();
  });
}

ReserveFile::Reply Tenant::obey(const ReserveFile& command) {
  if (known(command.id)) return false;
  FileRow row;
  row.view.id = command.id;
  row.stream.prefix = command.prefix;
  store(std::move(row), now_ + upload_silence_ms_max);
  return true;
}

RenewFile::Reply Tenant::obey(const RenewFile& command) {
  auto row = find(command.id, FileState::uploading);
  if (!row) return false;
  store(std::move(*row), now_ + upload_silence_ms_max);
  return true;
}

CommitFile::Reply Tenant::obey(const CommitFile& command) {
  if (const auto row = find(command.view.id, FileState::live)) return row->shown();  // Asked again.
  auto row = find(command.upload, FileState::uploading);
  if (!row) return std::nullopt;

  // The upload's row becomes the file's, perhaps under another id.
  store(*row, 0);
  table_.erase(file_key(command.upload));
  row->due_at = 0;
  row->state = FileState::live;
  row->stream = command.stream;
  row->view = command.view;
  row->sha256 = command.sha256;
  row->view.created_at_ms = now_;
  row->view.expires_at_ms.reset();
  if (command.life_ms) row->view.expires_at_ms = now_ + *command.life_ms;
  list(*row);
  store(*row, row->view.expires_at_ms.value_or(0));
  return row->shown();
}

DropFile::Reply Tenant::obey(const DropFile& command) {
  if (auto row = find(command.id, FileState::uploading)) erase(std::move(*row));
  return {};
}

}  // namespace edgebatch::actors::tenant
