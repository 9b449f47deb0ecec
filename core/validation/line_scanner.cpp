#include "core/validation/line_scanner.hpp"

#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_reader.hpp"

namespace edgebatch::validation {

namespace {

constexpr View byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

LineScanner::LineScanner(std::uint64_t offset, std::uint64_t number, std::uint64_t bytes_max)
    : offset_(offset),
      number_(number),
      first_number_(number),
      mark_may_come_(offset == 0 && number == 1),
      reader_(bytes_max) {
  reader_.begin(number_, offset_);
}

// What of the piece belongs to lines.
View LineScanner::skip_mark(View piece) {
  while (mark_may_come_ && !piece.empty()) {
    if (piece.front() != byte_order_mark[mark_bytes_]) {
      no_mark();
      break;
    }
    piece.remove_prefix(1);
    if (++mark_bytes_ < byte_order_mark.size()) continue;
    mark_may_come_ = false;
    offset_ = byte_order_mark.size();
    reader_.begin(number_, offset_);
  }
  return piece;
}

// What looked like the start of a mark is the start of a line.
void LineScanner::no_mark() {
  if (!mark_may_come_) return;
  mark_may_come_ = false;
  reader_.read(byte_order_mark.substr(0, mark_bytes_));
}

void LineScanner::hold_back_blank() {
  if (blanks_.empty()) {
    blank_offset_ = offset_;
    blank_number_ = number_;
  }
  if (blanks_.empty() || blanks_.back().length != reader_.length()) {
    blanks_.push_back({0, reader_.length()});
  }
  ++blanks_.back().lines;
}

void LineScanner::next_line() {
  offset_ += reader_.length() + 1;
  ++number_;
  reader_.begin(number_, offset_);
}

Line scan_line(View line) {
  LineReader reader(line_bytes_max);
  reader.begin(1, 0);
  reader.read(line);
  return reader.finish();
}

}  // namespace edgebatch::validation
