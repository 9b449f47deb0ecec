// One try at one item: what the upstream says, and what that means for the item and for the
// upstream.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/dialects/line_format.hpp"
#include "core/text/entropy.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/exchange.hpp"

namespace edgebatch::runner {

constexpr Ms sandbox_latency_ms =
    1;  // So that a host gets to its other work, as with a real upstream.
constexpr unsigned tries_count_max = 6;
constexpr Ms backoff_ms_min = 500;  // Doubled after each try, with up to a quarter of it less …
constexpr Ms backoff_ms_max = 8'000;
constexpr Ms retry_after_ms_max =
    5 * 60'000;  // An upstream that wants more is asked after this long.

/// What a try says of the upstream.
enum class Health : std::uint8_t {
  well,
  throttled,  // It turns requests away, or lets them time out.
  broken,     // Its answers are of no use.
};

struct Tried {
  Health health = Health::well;
  /// The item's line. Nothing: it is asked for again, after `wait_ms`.
  std::optional<dialects::ResultLine> line;
  /// A status that may concern whatever is asked (401, 403, 404, a redirect); 0: it doesn't. The
  /// line stands if others are answered.
  std::uint32_t refusal = 0;
  Ms wait_ms = 0;
  Ms retry_after_ms = 0;  // As the upstream asked; 0: it didn't.
};

/// `tries`: how often the item was asked for before. `headers_came`: see `exchange`.
ports::Task<Tried> ask_once(const Config* config, const dialects::LineFormat* format,
                            const Bytes* batch_id, const dialects::Item* item, unsigned tries,
                            std::function<void()> headers_came);

}  // namespace edgebatch::runner
