// The tenant's rows. Ids are in the order of creation, so a row's key is its place in a list.
//
//   file/<id>              FileRow, as long as anything of the file is left
//   listed/<purpose>/<id>  a file that clients see, by purpose …
//   listed//<id>           … and of all purposes
//   pin/<file>/<batch>     the batch needs the file's bytes
//   batch/<id>             BatchRow
//   reserved/<batch>       Reservation: an id that was handed out, and no batch was heard of yet
//   registered/<batch>     its result files were registered once
//   due/<time>/<kind>/<id> when a file (f) or a reservation (b) has to be looked at again
#pragma once

#include <optional>
#include <tuple>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/file_view.hpp"
#include "handlers/ports/stored_stream.hpp"

namespace edgebatch::actors::tenant {

constexpr Ms upload_silence_ms_max =
    5 * 60'000;                                // An upload that isn't renewed for so long is dead.
constexpr Ms reservation_ms_max = 2 * 60'000;  // A batch that hasn't started by then never will.
constexpr Ms erasure_delay_ms = 60 * 60'000;   // Readers of a deleted file may finish.

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

  static constexpr auto fields = std::tuple(&FileRow::state, &FileRow::view, &FileRow::stream,
                                            &FileRow::result, &FileRow::due_at);
};

struct BatchRow {
  std::uint64_t revision = 0;
  dialects::BatchView view;
  static constexpr auto fields = std::tuple(&BatchRow::revision, &BatchRow::view);
};

struct Reservation {
  Bytes file_id;  // Pinned for it.
  Ms due_at = 0;
  static constexpr auto fields = std::tuple(&Reservation::file_id, &Reservation::due_at);
};

}  // namespace edgebatch::actors::tenant
