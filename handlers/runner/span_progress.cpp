#include "handlers/runner/span_progress.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::runner {

namespace {

bool is_blank(View line) { return line.find_first_not_of(" \t\r") == View::npos; }

/// Where the next `items` lines end; all of them if they are fewer.
std::size_t end_of_lines(View bytes, std::size_t at, std::uint32_t items) {
  while (items > 0 && at < bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    if (!is_blank(bytes.substr(at, end - at))) --items;
    at = std::min(end + 1, bytes.size());
  }
  return at;
}

}  // namespace

std::optional<InputLine> SpanProgress::take() {
  while (slots_.size() < stretch_.count && cursor_ < bytes_.size()) {
    const std::size_t end = std::min(bytes_.find('\n', cursor_), bytes_.size());
    const View line = bytes_.substr(cursor_, end - cursor_);
    cursor_ = std::min(end + 1, bytes_.size());
    if (is_blank(line)) continue;
    slots_.push_back(
        {.byte_end = stretch_.byte_begin + cursor_, .stage = Stage::taken, .line = {}});
    ++unfinished_;
    return InputLine{.index = stretch_.first + taken() - 1, .text = line};
  }
  return std::nullopt;
}

void SpanProgress::finish(std::uint32_t index, dialects::ResultLine line) {
  Slot& slot = slots_[index - stretch_.first];
  pending_bytes_ += line.text.size() + 1;
  slot.stage = Stage::finished;
  slot.line = std::move(line);
  --unfinished_;
}

ledger::Stretch SpanProgress::drop(std::uint32_t index) {
  const std::size_t slot = index - stretch_.first;
  slots_[slot].stage = Stage::dropped;
  --unfinished_;
  return stretch_of(slot, 1);
}

std::optional<ledger::Stretch> SpanProgress::drop_untaken() {
  if (all_taken()) return std::nullopt;
  ledger::Stretch rest = stretch_;
  rest.first += taken();
  rest.count -= taken();
  if (!slots_.empty()) rest.byte_begin = slots_.back().byte_end;
  stretch_.count = taken();
  stretch_.byte_end = rest.byte_begin;
  return rest;
}

std::vector<ledger::Stretch> SpanProgress::keep_first(std::uint32_t items,
                                                      std::uint32_t part_items_max) {
  std::vector<ledger::Stretch> parts;
  if (items >= stretch_.count) return parts;
  std::size_t at = end_of_lines(bytes_, 0, items);
  const std::uint64_t kept_end = stretch_.byte_begin + at;
  for (std::uint32_t first = items; first < stretch_.count;) {
    const std::uint32_t count = std::min(part_items_max, stretch_.count - first);
    const std::uint64_t begin = stretch_.byte_begin + at;
    at = end_of_lines(bytes_, at, count);
    parts.push_back({.first = stretch_.first + first,
                     .count = count,
                     .byte_begin = begin,
                     .byte_end = stretch_.byte_begin + at});
    first += count;
  }
  parts.back().byte_end = stretch_.byte_end;
  stretch_.count = items;
  stretch_.byte_end = kept_end;
  return parts;
}

std::optional<DoneRun> SpanProgress::take_done_run() {
  std::size_t best = 0;
  std::size_t best_count = 0;
  for (std::size_t begin = 0; begin < slots_.size();) {
    std::size_t end = begin;
    while (end < slots_.size() && slots_[end].stage == Stage::finished) ++end;
    if (end - begin > best_count) {
      best = begin;
      best_count = end - begin;
    }
    begin = end + 1;
  }
  if (best_count == 0) return std::nullopt;

  DoneRun run{.stretch = stretch_of(best, best_count), .lines = {}};
  for (std::size_t slot = best; slot < best + best_count; ++slot) {
    pending_bytes_ -= slots_[slot].line.text.size() + 1;
    run.lines.add(slots_[slot].line);
    slots_[slot].stage = Stage::handed_out;
    slots_[slot].line = {};
  }
  return run;
}

// The bytes behind the last item, blank lines say, go with it.
ledger::Stretch SpanProgress::stretch_of(std::size_t first, std::size_t count) const {
  ledger::Stretch stretch{
      .first = stretch_.first + static_cast<std::uint32_t>(first),
      .count = static_cast<std::uint32_t>(count),
      .byte_begin = first == 0 ? stretch_.byte_begin : slots_[first - 1].byte_end,
      .byte_end = slots_[first + count - 1].byte_end};
  if (stretch.end() == stretch_.end()) stretch.byte_end = stretch_.byte_end;
  return stretch;
}

}  // namespace edgebatch::runner
