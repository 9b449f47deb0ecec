#include "handlers/runner/span_progress.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::runner {

namespace {

bool is_blank(View line) { return line.find_first_not_of(" \t\r") == View::npos; }

}  // namespace

std::optional<InputLine> SpanProgress::take() {
  while (slots_.size() < stretch_.count && cursor_ < bytes_.size()) {
    const std::size_t end = std::min(bytes_.find('\n', cursor_), bytes_.size());
    const View line = bytes_.substr(cursor_, end - cursor_);
    cursor_ = std::min(end + 1, bytes_.size());
    if (is_blank(line)) continue;
    slots_.push_back(
        {.byte_end = stretch_.byte_begin + cursor_, .stage = Stage::taken, .line = {}});
    return InputLine{.index = stretch_.first + static_cast<std::uint32_t>(slots_.size() - 1),
                     .text = line};
  }
  return std::nullopt;
}

void SpanProgress::finish(std::uint32_t index, dialects::ResultLine line) {
  Slot& slot = slots_[index - stretch_.first];
  pending_bytes_ += line.text.size() + 1;
  slot.stage = Stage::finished;
  slot.line = std::move(line);
  ++finished_;
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

  DoneRun run{.stretch = {.first = stretch_.first + static_cast<std::uint32_t>(best),
                          .count = static_cast<std::uint32_t>(best_count),
                          .byte_begin = byte_begin(best),
                          .byte_end = slots_[best + best_count - 1].byte_end},
              .lines = {}};
  if (run.stretch.end() == stretch_.end()) run.stretch.byte_end = stretch_.byte_end;
  for (std::size_t slot = best; slot < best + best_count; ++slot) {
    pending_bytes_ -= slots_[slot].line.text.size() + 1;
    run.lines.add(slots_[slot].line);
    slots_[slot].stage = Stage::handed_out;
    slots_[slot].line = {};
  }
  return run;
}

std::uint64_t SpanProgress::byte_begin(std::size_t slot) const {
  return slot == 0 ? stretch_.byte_begin : slots_[slot - 1].byte_end;
}

}  // namespace edgebatch::runner
