#include "handlers/runner/drain.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/dialects/line_format.hpp"
#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

namespace {

/// The window of a stretch that begins at its front: whole lines, as many as fit. Its items aren't
/// counted yet.
struct Window {
  ledger::Stretch rest;  // The stretch from the window's first byte on.
  Bytes bytes;           // Its last line is whole.
};

/// Reads until at least one line is whole.
ports::Task<ports::Got<Window>> read_window(Work* work, ledger::Stretch rest) {
  Window window{.rest = rest, .bytes = {}};
  std::uint64_t at = rest.byte_begin;
  std::size_t whole = 0;
  while (whole == 0 && at < rest.byte_end) {
    const std::uint64_t end = std::min(at + drain_window_bytes, rest.byte_end);
    const auto got = co_await ports::read_stream(work->job.input, at, end);
    if (failed(got)) co_return std::get<ports::Fault>(got);
    window.bytes += std::get<Bytes>(got);
    at = end;
    const std::size_t last = window.bytes.rfind('\n');
    whole = at == rest.byte_end ? window.bytes.size() : last == Bytes::npos ? 0 : last + 1;
  }
  window.bytes.resize(whole);
  co_return window;
}

/// Writes the lines of a window, and says which stretch they are.
std::optional<DoneRun> lines_of(const Work& work, const Window& window, dialects::Unanswered why) {
  SpanProgress progress(window.rest, window.bytes);
  while (const auto line = progress.take()) {
    auto item = work.format().read(line->text, line->index).value_or(dialects::Item{});
    item.index = line->index;
    progress.finish(line->index, work.format().unanswered(work.batch_id, item, why, {}));
  }
  return progress.take_done_run();
}

}  // namespace

ports::Task<End> drain_span(Work* work, Lease* lease, ledger::Stretch stretch,
                            dialects::Unanswered why) {
  ledger::Stretch rest = stretch;
  End end = End::done;
  while (rest.count > 0) {
    const auto window = co_await read_window(work, rest);
    auto run = failed(window) ? std::nullopt : lines_of(*work, std::get<Window>(window), why);
    if (!run) {
      end = End::disturbed;
      break;
    }
    const ledger::Stretch done = run->stretch;
    const auto standing = co_await store_shard(work, lease, std::move(run->lines), done);
    if (!standing.held) {
      end = End::disturbed;
      break;
    }
    rest = {.first = done.end(),
            .count = rest.count - done.count,
            .byte_begin = done.byte_end,
            .byte_end = rest.byte_end};
  }
  if (rest.count > 0)
    co_await ports::Tell{
        work->batch_id,
        actors::batch::GiveBack{.runner = work->runner, .attempt = lease->attempt, .parts = {}}};
  co_return end;
}

}  // namespace edgebatch::runner
