// The tenant's rows. Ids are in the order of creation, so a row's key is its place in a list; and
// each dialect's ids begin with a prefix of its own, so its lists are ranges.
//
//   file/<id>              FileRow, as long as anything of the file is left
//   listed/<purpose>/<id>  a file that clients see, by purpose …
//   listed//<id>           … and of all purposes
//   pins/<batch>           Pins: the files whose bytes the batch needs
//   waiting/<file>         it is hidden, and kept for the batches that have pinned it
//   batch/<id>             BatchRow
//   status/<status>/<id>   a batch, by the status that clients see
//   reserved/<batch>       Reservation: an id that was handed out, and no batch was heard of yet
//   inline/<name>          the batch that inline items were stored for
//   memory/<key>           Memory: which batch came of a create, by idempotency key or by body
//   registered/<batch>     its result files were registered once
//   due/<time>/<kind>/<id> when one of these has to be looked at again
#pragma once

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/objects.hpp"
#include "handlers/ports/stored_stream.hpp"

namespace edgebatch::actors::tenant {

constexpr Ms upload_silence_ms_max =
    5 * 60'000;                                 // An upload that isn't renewed for so long is dead.
constexpr Ms reservation_ms_max = 2 * 60'000;   // A batch that hasn't started by then never will.
constexpr Ms erasure_delay_ms = 60 * 60'000;    // Readers of a deleted file may finish.
constexpr Ms inline_check_ms = 60 * 60'000;     // Then whoever stored inline items has ended.
constexpr Ms key_memory_ms = 24 * 60 * 60'000;  // Of an idempotency key.
constexpr Ms body_memory_ms = 10 * 60'000;      // Of a body that came without a key.
constexpr Ms standstill_ms_max = 60 * 60'000;   // A running batch that isn't heard of is poked.
static_assert(reservation_ms_max < body_memory_ms);
static_assert(reservation_ms_max < inline_check_ms);

enum class FileState : std::uint8_t {
  uploading,  // Reserved; its parts are being stored.
  live,
  hidden,  // Deleted or expired; its bytes stay for readers and for batches that need them.
  erasing,
};

/// The result stream of a batch that a file shows.
struct ResultStream {
  Bytes batch_id;
  std::uint32_t stream = 0;
  bool operator==(const ResultStream&) const = default;
  static constexpr auto fields = std::tuple(&ResultStream::batch_id, &ResultStream::stream);
};

struct FileRow {
  FileState state = FileState::uploading;
  dialects::FileView view;
  ports::StoredStream stream;          // Of an upload.
  std::optional<ResultStream> result;  // Of a result file.
  Ms due_at = 0;                       // Where it stands in `due/`; 0: nowhere.
  Ms last_seen_at = 0;                 // Of a hidden one: the last moment that it was live.
  Bytes sha256{};                      // Of an upload's content, in hexadecimal.

  dialects::ShownFile shown() const { return {.view = view, .sha256 = sha256}; }

  static constexpr auto fields =
      std::tuple(&FileRow::state, &FileRow::view, &FileRow::stream, &FileRow::result,
                 &FileRow::due_at, &FileRow::last_seen_at, &FileRow::sha256);
};

struct Pins {
  Ms since = 0;
  std::vector<Bytes> files;  // Sorted. Nobody asked whether they exist.
  static constexpr auto fields = std::tuple(&Pins::since, &Pins::files);
};

struct BatchRow {
  std::uint64_t revision = 0;
  dialects::BatchView view;
  Ms heard_at = 0;  // When the batch last said so.
  static constexpr auto fields =
      std::tuple(&BatchRow::revision, &BatchRow::view, &BatchRow::heard_at);
};

struct Reservation {
  Ms due_at = 0;  // Where it stands in `due/`; 0: nowhere, the batch is known to have started.
  Bytes memory;   // The key of what is remembered of its create.
  static constexpr auto fields = std::tuple(&Reservation::due_at, &Reservation::memory);
};

/// What came of a create.
struct Memory {
  Bytes batch_id;
  Bytes fingerprint;  // Of the request: equal for equal requests.
  Ms until = 0;
  static constexpr auto fields =
      std::tuple(&Memory::batch_id, &Memory::fingerprint, &Memory::until);
};

/// What an upload is called until it is known whose file it is, and what the file is called then:
/// so whoever knows one knows the others.
constexpr View upload_id_prefix = "upload_";
inline Bytes uploaded_file_id(View upload_id, dialects::Dialect dialect) {
  upload_id.remove_prefix(std::min(upload_id.size(), upload_id_prefix.size()));
  return Bytes(dialects::file_id_prefix(dialect)).append(upload_id);
}

/// Where an upload's or inline items' objects lie.
inline Bytes input_prefix(View tenant, View name) {
  return Bytes("in/").append(tenant).append("/").append(name).append("/");
}

}  // namespace edgebatch::actors::tenant
