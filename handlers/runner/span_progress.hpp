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
  /// `bytes`: the stretch's, from byte_begin on. They stay the caller's, until all are taken.
  SpanProgress(ledger::Stretch stretch, View bytes) : stretch_(stretch), bytes_(bytes) {}

  /// The next line that nobody has taken; nothing when all are taken (or the bytes hold fewer than
  /// promised).
  std::optional<InputLine> take();
  void finish(std::uint32_t index, dialects::ResultLine line);

  /// An item that was taken isn't ours any more. Its stretch.
  ledger::Stretch drop(std::uint32_t index);
  /// Nor is what nobody has taken, if there is any.
  std::optional<ledger::Stretch> drop_untaken();
  /// Nor is what lies behind the first so many items, before any is taken: in parts of at most so
  /// many.
  std::vector<ledger::Stretch> keep_first(std::uint32_t items, std::uint32_t part_items_max);

  std::uint32_t untaken() const { return stretch_.count - taken(); }
  bool all_taken() const { return untaken() == 0; }
  /// None that is still ours is without a line.
  bool all_finished() const { return all_taken() && unfinished_ == 0; }
  /// Bytes of lines that are done and not yet handed out for storing.
  std::uint64_t pending_bytes() const { return pending_bytes_; }

  /// Hands out the longest run of neighbours that are done and not handed out before.
  std::optional<DoneRun> take_done_run();

 private:
  enum class Stage : std::uint8_t { taken, finished, handed_out, dropped };
  struct Slot {
    std::uint64_t byte_end = 0;  // In the stream, LF included.
    Stage stage = Stage::taken;
    dialects::ResultLine line;
  };

  std::uint32_t taken() const { return static_cast<std::uint32_t>(slots_.size()); }
  /// Of neighbouring slots.
  ledger::Stretch stretch_of(std::size_t first, std::size_t count) const;

  ledger::Stretch stretch_;
  View bytes_;
  std::size_t cursor_ = 0;        // In bytes_.
  std::vector<Slot> slots_;       // Of the items that were taken, in order.
  std::uint32_t unfinished_ = 0;  // Of those.
  std::uint64_t pending_bytes_ = 0;
};

}  // namespace edgebatch::runner
