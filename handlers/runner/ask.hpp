// One item's prediction: asked for, and again where that may help.
#pragma once

#include <optional>

#include "core/dialects/line_format.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::runner {

constexpr std::uint64_t answer_bytes_max =
    8 * 1024 * 1024;                   // A larger answer becomes an error line.
constexpr Ms ask_ms_max = 9 * 60'000;  // One request to an upstream.
constexpr Ms sandbox_latency_ms =
    1;  // So that a host gets to its other work, as with a real upstream.
constexpr unsigned tries_count_max = 6;
constexpr Ms backoff_ms_min = 500;  // Doubled after each try, with up to a quarter of it less …
constexpr Ms backoff_ms_max = 8'000;
constexpr Ms retry_after_ms_max =
    5 * 60'000;  // An upstream that wants more is asked after this long.

/// Who is told when a request begins and ends: what is in flight is paid for.
class Flights {
 public:
  virtual void departed() = 0;
  virtual void arrived() = 0;
  /// False: nothing new may be asked.
  virtual bool may_depart() = 0;

 protected:
  ~Flights() = default;
};

/// The item's line; nothing if it may not be asked (any more).
ports::Task<std::optional<dialects::ResultLine>> predict(const Config* config, Flights* flights,
                                                         const dialects::LineFormat* format,
                                                         Bytes batch_id, dialects::Item item);

}  // namespace edgebatch::runner
