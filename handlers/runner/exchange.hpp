// One exchange with an upstream, streamed or not.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::runner {

constexpr std::uint64_t answer_bytes_max =
    8 * 1024 * 1024;                                     // A larger answer becomes an error line.
constexpr Ms ask_ms_max = 9 * 60'000;                    // One request to an upstream.
constexpr std::uint64_t stream_piece_bytes = 16 * 1024;  // Of a streamed answer, taken at once …
constexpr Ms stream_piece_ms = 1'000;                    // … or what has come after so long.

/// What an upstream said.
struct Said {
  dialects::Answer answer;
  std::optional<Ms> retry_after_ms;
};

/// `headers_came`: called as soon as its connection waits for them no longer, if that is before the
/// end. `late`, `lost` and `too_large` as of `AskUpstream`.
ports::Task<ports::Got<Said>> exchange(const Upstream* upstream, const dialects::LineFormat* format,
                                       const dialects::Item* item,
                                       std::function<void()> headers_came);

}  // namespace edgebatch::runner
