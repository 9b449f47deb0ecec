// How far the items of one leased span have come. Pure: the lanes tell it what happens, and ask
// what to do.
#pragma once

#include <optional>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/ledger/ledger.hpp"
#include "handlers/runner/shard.hpp"

namespace edgebatch::runner {

/// An item's line in the span's bytes.
struct InputLine {
  std::uint32_t index = 0;  // In the batch.
  View text;                // Without its LF.
};

/// A stretch whose lines are all there.
struct DoneRun {
  ledger::Stretch stretch;
  ShardBuilder lines;
};

class SpanProgress {
 public:
  /// `bytes`: the stretch's, from byte_begin on. They stay the caller's.
  SpanProgress(ledger::Stretch stretch, View bytes) : stretch_(stretch), bytes_(bytes) {}

  /// The next line that nobody has taken; nothing when all are taken (or the bytes hold fewer than
  /// promised).
  std::optional<InputLine> take();
  void finish(std::uint32_t index, dialects::ResultLine line);

  bool all_taken() const { return slots_.size() == stretch_.count; }
  bool all_finished() const { return finished_ == stretch_.count; }
  /// Bytes of lines that are done and not yet handed out for storing.
  std::uint64_t pending_bytes() const { return pending_bytes_; }

  /// Hands out the longest run of neighbours that are done and not handed out before.
  std::optional<DoneRun> take_done_run();

 private:
  enum class Stage : std::uint8_t { taken, finished, handed_out };
  struct Slot {
    std::uint64_t byte_end = 0;  // In the stream, LF included.
    Stage stage = Stage::taken;
    dialects::ResultLine line;
  };

  std::uint64_t byte_begin(std::size_t slot) const;

  ledger::Stretch stretch_;
  View bytes_;
  std::size_t cursor_ = 0;   // In bytes_.
  std::vector<Slot> slots_;  // Of the items that were taken, in order.
  std::uint32_t finished_ = 0;
  std::uint64_t pending_bytes_ = 0;
};

}  // namespace edgebatch::runner
