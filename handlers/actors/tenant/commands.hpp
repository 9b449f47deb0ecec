// What a tenant actor can be told. How each is obeyed is in the file of its name.
#pragma once

#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/item_plan.hpp"
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
  using Reply = std::optional<dialects::ShownFile>;  // Nothing: it was taken for dead.

  Bytes upload;             // As it was reserved.
  dialects::FileView view;  // As it will be shown, but for its times.
  ports::StoredStream stream;
  std::optional<Ms> life_ms;
  Bytes sha256{};  // Of its content, in hexadecimal.

  static constexpr auto fields =
      std::tuple(&CommitFile::upload, &CommitFile::view, &CommitFile::stream, &CommitFile::life_ms,
                 &CommitFile::sha256);
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
    std::vector<dialects::ShownFile> files;
    bool has_more = false;
    static constexpr auto fields = std::tuple(&Page::files, &Page::has_more);
  };
  using Reply = Page;

  Bytes id_prefix;  // Of the dialect that asks.
  Bytes purpose;    // Empty: all.
  Bytes after;      // An id, of a file that exists or existed; empty: from the start.
  Bytes before;     // Likewise; instead of `after`: the page that ends in front of it.
  ports::Order order = ports::Order::descending;
  std::uint32_t limit_count = 0;

  static constexpr auto fields =
      std::tuple(&ListFiles::id_prefix, &ListFiles::purpose, &ListFiles::after, &ListFiles::before,
                 &ListFiles::order, &ListFiles::limit_count);
};

/// A temporary file expires so long from now on; without a life it stays as it is.
struct UpdateFile {
  static constexpr View name = "update_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = Or<dialects::ShownFile>;  // `file_not_found`, `file_not_temporary`

  Bytes id;
  std::optional<Ms> life_ms;

  static constexpr auto fields = std::tuple(&UpdateFile::id, &UpdateFile::life_ms);
};

struct DeleteFile {
  static constexpr View name = "delete_file";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = bool;  // False: there is no such file (any more).

  Bytes id;

  static constexpr auto fields = std::tuple(&DeleteFile::id);
};

// ---- Batches

/// Hands out a batch's id and pins the files it needs; or says which batch the same create has led
/// to before.
struct ReserveBatch {
  static constexpr View name = "reserve_batch";
  static constexpr auto actor = ports::ActorKind::tenant;

  /// Start this one. It is an earlier create's id if that one hasn't been heard of yet: whoever
  /// starts it first decides what it is.
  struct Reserved {
    Bytes id;
    std::optional<FileRow> input;  // `input_file`, if there is such a file.
    static constexpr auto fields = std::tuple(&Reserved::id, &Reserved::input);
  };
  /// The same create has led to this batch.
  struct Started {
    Bytes id;
    static constexpr auto fields = std::tuple(&Started::id);
  };
  /// The key belongs to another create.
  struct Conflict {
    static constexpr auto fields = std::tuple();
  };
  using Reply = std::variant<Reserved, Started, Conflict>;

  Bytes id;
  Bytes input_file;          // The one that is its input; empty: its items are inline, …
  Bytes inline_name;         // … and will be stored under this name.
  std::vector<Bytes> files;  // Those that its items name: each once, sorted.
  Bytes key;                 // The client's idempotency key; empty: none.
  Bytes fingerprint;         // Of the request.
  bool retry = false;        // The client says that it has asked before.

  static constexpr auto fields = std::tuple(
      &ReserveBatch::id, &ReserveBatch::input_file, &ReserveBatch::inline_name,
      &ReserveBatch::files, &ReserveBatch::key, &ReserveBatch::fingerprint, &ReserveBatch::retry);
};

/// The files that a batch has pinned, of this dialect: those that were there at its creation.
struct PinnedFiles {
  static constexpr View name = "pinned_files";
  static constexpr auto actor = ports::ActorKind::tenant;
  using Reply = std::vector<dialects::ItemFile>;

  Bytes batch_id;
  dialects::Dialect dialect = dialects::Dialect::datagrid;

  static constexpr auto fields = std::tuple(&PinnedFiles::batch_id, &PinnedFiles::dialect);
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

  Bytes id_prefix;  // Of the dialect that asks.
  Bytes status;     // As clients see it; empty: any.
  Bytes after;      // An id; empty: from the newest.
  std::uint32_t limit_count = 0;

  static constexpr auto fields = std::tuple(&ListBatches::id_prefix, &ListBatches::status,
                                            &ListBatches::after, &ListBatches::limit_count);
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
