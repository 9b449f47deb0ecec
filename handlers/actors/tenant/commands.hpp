// What a tenant actor can be told. How each is obeyed is in the file of its name.
#pragma once

#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/file_view.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::tenant {

// ---- Uploads

/// Before its first byte: if the upload breaks off, what it stored is swept.
struct ReserveFile {
  static constexpr View name = "reserve_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = bool;  // False: there is such a file already.

  Bytes id;
  Bytes prefix;  // Of its objects.

  static constexpr auto fields = std::tuple(&ReserveFile::id, &ReserveFile::prefix);
};

/// The upload goes on.
struct RenewFile {
  static constexpr View name = "renew_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = bool;  // False: it was taken for dead, and is being erased.

  Bytes id;

  static constexpr auto fields = std::tuple(&RenewFile::id);
};

/// All bytes are stored: the file exists from now on.
struct CommitFile {
  static constexpr View name = "commit_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::optional<dialects::FileView>;  // Nothing: it was taken for dead.

  Bytes id;
  Bytes filename;
  Bytes purpose;
  ports::StoredStream stream;
  std::optional<Ms> life_ms;

  static constexpr auto fields =
      std::tuple(&CommitFile::id, &CommitFile::filename, &CommitFile::purpose, &CommitFile::stream,
                 &CommitFile::life_ms);
};

/// The upload is refused: what it stored goes.
struct DropFile {
  static constexpr View name = "drop_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::monostate;

  Bytes id;

  static constexpr auto fields = std::tuple(&DropFile::id);
};

// ---- Files

struct FindFile {
  static constexpr View name = "find_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::optional<FileRow>;  // Live ones only.

  Bytes id;

  static constexpr auto fields = std::tuple(&FindFile::id);
};

struct ListFiles {
  static constexpr View name = "list_files";
  static constexpr auto actor = ports::ActorKind::tenant;
  struct Page {
    std::vector<dialects::FileView> files;
    bool has_more = false;
    static constexpr auto fields = std::tuple(&Page::files, &Page::has_more);
  };
  using Reply = Page;

  Bytes purpose;  // Empty: all.
  Bytes after;    // An id, of a file that exists or existed; empty: from the start.
  ports::Order order = ports::Order::descending;
  std::uint32_t limit_count = 0;

  static constexpr auto fields = std::tuple(&ListFiles::purpose, &ListFiles::after,
                                            &ListFiles::order, &ListFiles::limit_count);
};

struct DeleteFile {
  static constexpr View name = "delete_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = bool;  // False: there is no such file (any more).

  Bytes id;

  static constexpr auto fields = std::tuple(&DeleteFile::id);
};

// ---- Batches

/// Hands out a batch's id and pins its input.
struct ReserveBatch {
  static constexpr View name = "reserve_batch";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::optional<FileRow>;  // The input, if there is such a file.

  Bytes id;
  Bytes file_id;

  static constexpr auto fields = std::tuple(&ReserveBatch::id, &ReserveBatch::file_id);
};

struct ListBatches {
  static constexpr View name = "list_batches";
  static constexpr auto actor = ports::ActorKind::tenant;
  struct Page {
    std::vector<dialects::BatchView> batches;
    bool has_more = false;
    static constexpr auto fields = std::tuple(&Page::batches, &Page::has_more);
  };
  using Reply = Page;

  Bytes after;  // An id; empty: from the newest.
  std::uint32_t limit_count = 0;

  static constexpr auto fields = std::tuple(&ListBatches::after, &ListBatches::limit_count);
};

// ---- Letters of a batch

/// Its row in the index. Older revisions change nothing.
struct IndexBatch {
  static constexpr View name = "index_batch";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::monostate;

  std::uint64_t revision = 0;
  dialects::BatchView view;

  static constexpr auto fields = std::tuple(&IndexBatch::revision, &IndexBatch::view);
};

/// Its result files exist from now on. A second letter changes nothing, whatever became of the
/// files.
struct RegisterResults {
  static constexpr View name = "register_results";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::monostate;

  struct File {
    dialects::FileView view;
    std::uint32_t stream = 0;
    static constexpr auto fields = std::tuple(&File::view, &File::stream);
  };
  Bytes batch_id;
  std::vector<File> files;

  static constexpr auto fields = std::tuple(&RegisterResults::batch_id, &RegisterResults::files);
};

}  // namespace edgebatch::actors::tenant
