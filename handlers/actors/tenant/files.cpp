// Files that exist: found, listed, deleted; and what becomes of them in time.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/dialects/file_view.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/keys.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/actors/tenant/tenant.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

FindFile::Reply Tenant::obey(const FindFile& command) { return find(command.id, FileState::live); }

ListFiles::Reply Tenant::obey(const ListFiles& command) {
  const Bytes list = listed_prefix(command.purpose);
  const Bytes range = list + command.id_prefix;
  Bytes from = range;
  Bytes to = ports::behind(range);
  // Towards higher keys if the order is ascending, or if the page has to end in front of a file.
  const bool backwards = !command.before.empty();
  const bool up = (command.order == ports::Order::ascending) != backwards;
  if (const View cursor = backwards ? command.before : command.after; !cursor.empty())
    (up ? from : to) = up ? (list + Bytes(cursor) + '\0') : (list + Bytes(cursor));

  ListFiles::Page page;
  const auto rows = table_.scan(from, to, command.limit_count + std::size_t{1},
                                up ? ports::Order::ascending : ports::Order::descending);
  for (const auto& [key, row] : rows) {
    if (page.files.size() == command.limit_count) {
      page.has_more = true;
      break;
    }
    if (const auto file = find(View(key).substr(list.size()), FileState::live))
      page.files.push_back(file->shown());
  }
  if (backwards) std::ranges::reverse(page.files);
  return page;
}

UpdateFile::Reply Tenant::obey(const UpdateFile& command) {
  auto row = find(command.id, FileState::live);
  if (!row)
    return Problem{.code = ProblemCode::file_not_found, .param = "id", .detail = command.id};
  if (!command.life_ms) return row->shown();
  if (!row->view.expires_at_ms)
    return Problem{
        .code = ProblemCode::file_not_temporary, .param = "expires_after", .detail = command.id};
  const Ms expires_at = now_ + *command.life_ms;
  row->view.expires_at_ms = expires_at;
  dialects::ShownFile shown = row->shown();
  store(std::move(*row), expires_at);
  return shown;
}

DeleteFile::Reply Tenant::obey(const DeleteFile& command) {
  auto row = find(command.id, FileState::live);
  if (!row) return false;
  hide(std::move(*row), now_);
  return true;
}

RegisterResults::Reply Tenant::obey(const RegisterResults& command) {
  const Bytes marker = registered_key(command.batch_id);
  if (table_.get(marker)) return {};
  table_.put(marker, {});
  for (const RegisterResults::File& file : command.files) {
    FileRow row{.state = FileState::live,
                .view = file.view,
                .stream = {},
                .result = ResultStream{.batch_id = command.batch_id, .stream = file.stream},
                .due_at = 0};
    list(row);
    store(std::move(row), file.view.expires_at_ms.value_or(0));
  }
  return {};
}

std::optional<FileRow> Tenant::find(View id, FileState state) {
  auto row = ports::load<FileRow>(table_, file_key(id));
  if (!row || row->state != state) return std::nullopt;
  return row;
}

void Tenant::store(FileRow row, Ms due_at) {
  if (row.due_at != 0) table_.erase(due_key(row.due_at, Due::Kind::file, row.view.id));
  if (due_at != 0) table_.put(due_key(due_at, Due::Kind::file, row.view.id), {});
  row.due_at = due_at;
  ports::store(table_, file_key(row.view.id), row);
}

void Tenant::list(const FileRow& row) {
  table_.put(listed_prefix({}) + row.view.id, {});
  table_.put(listed_prefix(row.view.purpose) + row.view.id, {});
}

void Tenant::unlist(const FileRow& row) {
  table_.erase(listed_prefix({}) + row.view.id);
  table_.erase(listed_prefix(row.view.purpose) + row.view.id);
}

void Tenant::hide(FileRow row, Ms last_seen_at) {
  unlist(row);
  row.state = FileState::hidden;
  row.last_seen_at = last_seen_at;
  store(std::move(row), now_ + erasure_delay_ms);
}

void Tenant::erase(FileRow row) {
  row.state = FileState::erasing;
  const Bytes subject = Bytes(erase_subject).append(row.view.id);
  if (row.result) {
    write_letter(table_, subject, 1,
                 to_actor(row.result->batch_id, batch::ForgetResults{.stream = row.result->stream}),
                 now_);
  } else {
    write_letter(table_, subject, 1, Erasure{.prefix = row.stream.prefix}, now_);
  }
  store(std::move(row), 0);
}

void Tenant::file_due(View id) {
  auto row = ports::load<FileRow>(table_, file_key(id));
  if (!row) return;
  row->due_at = 0;  // Its entry in the agenda is gone.
  switch (row->state) {
    case FileState::uploading: return erase(std::move(*row));
    case FileState::live: {
      // However late we are: nobody was to see it from then on.
      const Ms expires_at = row->view.expires_at_ms.value_or(now_);
      return hide(std::move(*row), expires_at - 1);
    }
    case FileState::hidden:
      if (!pinned(id)) return erase(std::move(*row));
      table_.put(waiting_key(id), {});  // The last batch to unpin it puts it back into the agenda.
      return store(std::move(*row), 0);
    case FileState::erasing: return;
  }
}

}  // namespace edgebatch::actors::tenant
