// Lines in and lines out: what the runner needs of a dialect, and all it knows of one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/dialects/dialect.hpp"
#include "core/http/composed.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::dialects {

/// One prediction to be asked for.
struct Item {
  std::uint32_t index = 0;  // In its batch.
  Bytes custom_id;
  Bytes path;  // Below the upstream's base URL: `/chat/completions`.
  Bytes body;  // What is asked, in the dialect's own form: see `LineFormat::body`.
  Bytes model;

  /// Not empty: it was answered, and is asked for once more, with what came of that.
  Bytes follow_up{};
  std::uint32_t follow_ups_count = 0;
};

/// How an answer is asked for.
enum class Delivery : std::uint8_t {
  whole,
  streamed,  // As events, its usage in the last one: see `ChatStream`. Only what is `streamable`.
};

/// What an upstream said: a whole answer of any status.
struct Answer {
  std::uint32_t status = 0;
  Bytes request_id;  // Its `x-request-id`; may be empty.
  Bytes body;        // Not checked.
};

/// Why an item has no answer.
enum class Unanswered : std::uint8_t {
  cancelled,    // The batch was cancelled before it ran.
  expired,      // The window was over before it ran.
  refused,      // The batch failed validation; perhaps this very item did.
  unreachable,  // The upstream never answered, in all tries.
  not_json,     // It answered with something that isn't one JSON value, in all tries.
  too_large,    // Its answer was larger than we take.
  timed_out,    // It answered too slowly, in all tries.
  given_up,     // Whoever worked on it died, again and again.
};

/// One line of a result stream.
struct ResultLine {
  unsigned stream = 0;    // Which result stream of the dialect.
  Bytes text;             // Without its LF, which it never contains.
  ledger::Counts counts;  // 1 in total.
  ledger::Usage usage;
  /// Not empty: the item had better be asked for once more, with this as its `follow_up`. The line
  /// stands if it isn't.
  Bytes follow_up{};
};

class LineFormat {
 public:
  virtual ~LineFormat() = default;

  /// Result streams of this dialect: 1 … ledger::streams_count_max.
  virtual unsigned streams() const = 0;

  /// The item of an input line that has passed validation; nothing if it isn't one after all.
  virtual std::optional<Item> read(View line, std::uint32_t index) const = 0;

  /// The body of the request to an upstream that calls the item's model `own_name`.
  virtual http::Composed body(const Item& item, View own_name, Delivery delivery) const = 0;

  /// The line for an upstream's final answer. Nothing if its body can't be part of a line (it isn't
  /// JSON).
  virtual std::optional<ResultLine> answered(View batch_id, const Item& item,
                                             const Answer& answer) const = 0;

  /// The line for an item without an answer, or without another. `detail` may add a sentence for
  /// people.
  virtual ResultLine unanswered(View batch_id, const Item& item, Unanswered why,
                                View detail) const = 0;
};

/// Of one batch. `request`: what the client asked for, as the dialect encoded it; `brief`: what its
/// items have in common, as the dialect encoded it, where that lies beside them (`has_brief`), and
/// `secret` is random then.
std::unique_ptr<const LineFormat> line_format(Dialect dialect, View request, View brief,
                                              const text::SipKey& secret);
bool has_brief(Dialect dialect);

}  // namespace edgebatch::dialects
