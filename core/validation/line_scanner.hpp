// Takes a stream of bytes apart into lines and finds, in each, the members that a batch request
// has. Pieces may be cut anywhere. Linear; holds no line: memory is a few captured texts of bounded
// size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_reader.hpp"

namespace edgebatch::validation {

/// `scanner.feed(piece, sink)` calls `sink(const Line&)` once for each line that ended, in order;
/// blank lines at the end of the stream are not reported, blank lines before a line that isn't
/// blank are (as `blank`), when that one ends.
class LineScanner {
 public:
  // Memory is bounded, so no more blank lines than this are held back to see what follows: runs of
  // lines of one length. Those before are reported even if nothing follows.
  static constexpr std::size_t blank_runs_max = 256;

  /// `offset` and `number` of the first line, for a scan that begins inside a stream. A byte order
  /// mark is only skipped at a stream's start.
  explicit LineScanner(std::uint64_t offset = 0, std::uint64_t number = 1,
                       std::uint64_t bytes_max = line_bytes_max);

  template <class Sink>
  void feed(View piece, Sink&& sink);

  /// The stream's end: a last line without LF is reported too. Feed nothing afterwards.
  template <class Sink>
  void finish(Sink&& sink);

  /// How many have ended, those at the end that are blank included.
  std::uint64_t lines() const { return number_ - first_number_; }

 private:
  struct BlankRun {
    std::uint64_t lines = 0;
    std::uint64_t length = 0;  // Of each.
  };

  View skip_mark(View piece);
  void no_mark();
  void hold_back_blank();
  void next_line();

  template <class Sink>
  void end_line(Sink& sink);
  template <class Sink>
  void report_blanks(Sink& sink);

  std::uint64_t offset_;  // Of the line under way.
  std::uint64_t number_;
  std::uint64_t first_number_;
  bool mark_may_come_;          // Nothing has been read but perhaps …
  std::size_t mark_bytes_ = 0;  // … so many bytes of a byte order mark.
  LineReader reader_;
  std::vector<BlankRun> blanks_;  // Held back, in front of the line under way.
  std::uint64_t blank_offset_ = 0;
  std::uint64_t blank_number_ = 0;
};

/// The same for one line at hand (without its LF), as line 1 at offset 0.
Line scan_line(View line);

// ---- Templates

template <class Sink>
void LineScanner::feed(View piece, Sink&& sink) {
  piece = skip_mark(piece);
  for (;;) {
    piece.remove_prefix(reader_.read(piece));
    if (piece.empty()) return;
    end_line(sink);
    piece.remove_prefix(1);
  }
}

template <class Sink>
void LineScanner::finish(Sink&& sink) {
  no_mark();
  if (reader_.length() > 0) end_line(sink);
  blanks_.clear();
}

template <class Sink>
void LineScanner::end_line(Sink& sink) {
  if (reader_.blank()) {
    if (blanks_.size() == blank_runs_max) report_blanks(sink);
    hold_back_blank();
  } else {
    report_blanks(sink);
    sink(reader_.finish());
  }
  next_line();
}

template <class Sink>
void LineScanner::report_blanks(Sink& sink) {
  if (blanks_.empty()) return;
  Line line;
  line.number = blank_number_;
  line.offset = blank_offset_;
  line.fault = Fault::blank;
  for (const BlankRun& run : blanks_) {
    line.length = run.length;
    line.begin = line.fault_column = {1, 1};
    for (std::uint64_t i = 0; i < run.lines; ++i) {
      sink(std::as_const(line));
      ++line.number;
      line.offset += run.length + 1;
    }
  }
  blanks_.clear();
}

}  // namespace edgebatch::validation
