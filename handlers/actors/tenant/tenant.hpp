// The tenant actor: the index of a tenant's files and batches.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

constexpr std::size_t due_count_max = 100;  // Looked at in one turn; more wait for the next.

class Tenant {
 public:
  Tenant(ports::Table& table, ports::Address self, Ms now)
      : table_(table), self_(std::move(self)), now_(now) {}

  void apply_due();

  ReserveFile::Reply obey(const ReserveFile& command);
  RenewFile::Reply obey(const RenewFile& command);
  CommitFile::Reply obey(const CommitFile& command);
  DropFile::Reply obey(const DropFile& command);
  FindFile::Reply obey(const FindFile& command);
  ListFiles::Reply obey(const ListFiles& command);
  UpdateFile::Reply obey(const UpdateFile& command);
  DeleteFile::Reply obey(const DeleteFile& command);
  ReserveBatch::Reply obey(const ReserveBatch& command);
  PinnedFiles::Reply obey(const PinnedFiles& command);
  ListBatches::Reply obey(const ListBatches& command);
  IndexBatch::Reply obey(const IndexBatch& command);
  RegisterResults::Reply obey(const RegisterResults& command);
  Acknowledge::Reply obey(const Acknowledge& command);

  void settle() {}  // Rows are written as they change.
  std::optional<Ms> wake_at();

 private:
  bool known(View upload_id);
  std::optional<FileRow> find(View id, FileState state);
  /// Writes the row, and moves it to `due_at` (0: nowhere) in the agenda.
  void store(FileRow row, Ms due_at);
  void list(const FileRow& row);
  void unlist(const FileRow& row);
  void hide(FileRow row, Ms last_seen_at);
  void erase(FileRow row);
  void file_due(View id);

  void pin(View batch_id, const ReserveBatch& command);
  bool pinned(View file_id);
  void unpin(View batch_id);

  ReserveBatch::Reserved reserve(const Bytes& id, const ReserveBatch& command, Bytes memory_key);
  void drop_due(View batch_id);
  void reservation_due(View batch_id);
  void end_reservation(View batch_id);
  void abandon_answered(View batch_id, std::optional<batch::Abandon::Reply> answer);

  std::optional<Memory> recall(View key);
  void remember(View key, const Memory& memory);
  void forget(View key);
  void inline_due(View name);

  /// Sees to it that a running batch doesn't stand still for good.
  void look_after(View batch_id, Ms heard_at);
  void running_due(View batch_id);

  ports::Table& table_;
  ports::Address self_;
  Ms now_;
  // By any batch; read when it is first needed.
  std::optional<std::set<Bytes, std::less<>>> pinned_;
};

/// One turn over the actor's rows.
ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input);

}  // namespace edgebatch::actors::tenant
