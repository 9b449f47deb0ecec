// How large the ledger of a large batch gets. Runs work it off one after another as `Predictor`
// does, but without asking and storing anything, so that 100,000 items cost next to nothing.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <queue>
#include <utility>
#include <vector>

#include "core/dialects/line_format.hpp"
#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/index.hpp"
#include "handlers/runner/allowance.hpp"
#include "handlers/runner/predictor.hpp"
#include "handlers/runner/shard.hpp"
#include "handlers/runner/span_progress.hpp"
#include "handlers/runner/work.hpp"

#include "tests/support/json_maker.hpp"

namespace edgebatch::runner {
namespace {

constexpr std::uint32_t items_count = 100'000;
constexpr std::size_t input_line_bytes = 300;
constexpr std::size_t line_bytes = 700;          // Of a result.
constexpr std::size_t key_bytes = 13;            // `span/` and eight digits.
constexpr std::size_t record_bytes_max = 4'096;  // Shown where the record is tested.
constexpr std::size_t rows_bytes_max = 64 * 1024;

/// What a provider is like.
struct Habits {
  Ms quickest_ms = 0;
  Ms slowest_ms = 0;
  std::uint32_t stragglers = 0;  // So many of a thousand take six times as long.
};

struct Size {
  std::size_t rows = 0;
  std::size_t bytes = 0;
};

std::vector<ledger::Stretch> planned_stretches() {
  validation::IndexBuilder index;
  for (std::uint64_t item = 0; item < items_count; ++item)
    index.add(item * input_line_bytes, (item + 1) * input_line_bytes);
  std::vector<ledger::Stretch> stretches;
  for (const auto& entry : index.entries())
    stretches.push_back({.first = entry.first,
                         .count = entry.count,
                         .byte_begin = entry.byte_begin,
                         .byte_end = entry.byte_end});
  return stretches;
}

class Batch {
 public:
  explicit Batch(Habits habits) : habits_(habits) {}

  /// Until every item has its line. The most that the ledger's rows came to.
  Size play() {
    while (!ledger_.all_done()) run();
    measure();
    return largest_;
  }

 private:
  struct Open {
    Open(ledger::Attempt its_attempt, const ledger::Stretch& stretch, Ms now)
        : attempt(its_attempt),
          bytes(line_by_line(stretch)),
          progress(stretch, bytes),
          stored_at(now) {}
    static Bytes line_by_line(const ledger::Stretch& stretch) {
      Bytes bytes;
      for (std::uint32_t i = 0; i < stretch.count; ++i)
        bytes.append(input_line_bytes - 1, 'x').append("\n");
      return bytes;
    }
    ledger::Attempt attempt;
    Bytes bytes;
    SpanProgress progress;
    Ms stored_at;
    std::uint32_t shards = 0;
  };
  struct Flight {
    Ms ends_at = 0;
    std::uint32_t index = 0;
    Open* span = nullptr;
    bool operator>(const Flight& other) const {
      return std::pair(ends_at, index) > std::pair(other.ends_at, other.index);
    }
  };

  void run() {
    stops_at_ = now_ + std::min(run_ms_max, run_ms_max + stop_ms_max - habits_.slowest_ms);
    Ms looks_at = now_ + renewal_ms;
    fill();
    while (!flights_.empty()) {
      if (looks_at <= flights_.top().ends_at) {
        now_ = std::exchange(looks_at, looks_at + renewal_ms);
        for (Open& span : open_) consider_storing(span);
        continue;
      }
      const Flight flight = flights_.top();
      flights_.pop();
      now_ = flight.ends_at;
      flight.span->progress.finish(flight.index, line());
      consider_storing(*flight.span);
      fill();
    }
    measure();
    for (Open& span : open_) hand_in(span);
    open_.clear();
  }

  void fill() {
    while (now_ < stops_at_ && flights_.size() < run_lanes_max) {
      claim_if_short();
      const auto span =
          std::ranges::find_if(open_, [](const Open& some) { return !some.progress.all_taken(); });
      if (span == open_.end()) return;
      flights_.push({now_ + latency(), span->progress.take()->index, &*span});
    }
  }

  void claim_if_short() {
    std::erase_if(open_, [](const Open& span) {
      return span.progress.all_finished() && span.progress.pending_bytes() == 0;
    });
    std::size_t at_hand = 0;
    for (const Open& span : open_) at_hand += span.progress.untaken();
    if (at_hand >= run_lanes_max) return;
    const ledger::Attempt attempt = ++last_attempt_;
    const auto lease = ledger_.claim({.runner = 0,
                                      .attempt = attempt,
                                      .lease_until = now_ + ledger::lease_ms_max,
                                      .has_leases = !open_.empty()},
                                     now_);
    if (lease) open_.emplace_back(attempt, lease->stretch, now_);
  }

  void consider_storing(Open& span) {
    if (span.progress.pending_bytes() == 0) return;
    const bool wanted = span.progress.pending_bytes() >= shard_bytes ||
                        span.progress.all_finished() || now_ - span.stored_at >= store_ms_max;
    if (!wanted) return;
    do {
      if (!store(span)) return;
    } while (span.progress.pending_bytes() >= shard_bytes || span.progress.all_finished());
  }

  bool store(Open& span) {
    auto run = span.progress.take_done_run();
    if (!run) return false;
    ledger::Shard shard = run->lines.shard();
    shard.attempt = span.attempt;
    shard.number = span.shards++;
    REQUIRE(ledger_.report(run->stretch, shard) == ledger::Reported::accepted);
    span.stored_at = now_;
    if (++reports_ % 50 == 0) measure();
    return true;
  }

  void hand_in(Open& span) {
    while (store(span)) continue;
    ledger_.give_back(span.attempt);
  }

  Ms latency() {
    const auto spread = static_cast<std::size_t>(habits_.slowest_ms - habits_.quickest_ms + 1);
    const Ms usual = habits_.quickest_ms + static_cast<Ms>(choice_.below(spread));
    return choice_.below(1'000) < habits_.stragglers ? 6 * usual : usual;
  }

  dialects::ResultLine line() {
    const bool errored = choice_.below(100) == 0;
    dialects::ResultLine line{
        .stream = errored ? 1U : 0U, .text = Bytes(line_bytes, 'y'), .counts = {}, .usage = {}};
    (errored ? line.counts.errored : line.counts.succeeded) = 1;
    line.usage = {
        .input = 700, .input_cached = 100, .output = 300, .output_reasoning = 50, .total = 1'000};
    return line;
  }

  void measure() {
    Size size{.rows = ledger_.spans().size(), .bytes = 0};
    for (const ledger::Span& span : ledger_.spans())
      size.bytes += key_bytes + wire::encode(span).size();
    if (size.bytes > largest_.bytes) largest_ = size;
  }

  Habits habits_;
  support::JsonMaker choice_{1};
  ledger::Ledger ledger_ = ledger::Ledger::planned(planned_stretches());
  ledger::Attempt last_attempt_ = 0;
  std::list<Open> open_;
  std::priority_queue<Flight, std::vector<Flight>, std::greater<>> flights_;
  Ms now_ = 1'800'000'000'000;
  Ms stops_at_ = 0;
  std::size_t reports_ = 0;
  Size largest_;
};

TEST_CASE(
    "ledger: 100,000 items of a fast provider → a row a planned span, record and rows in 64 KB") {
  const Size size = Batch({.quickest_ms = 10, .slowest_ms = 30}).play();
  CHECK(size.rows == items_count / validation::span_items_max);
  CHECK(record_bytes_max + size.bytes <= 20 * 1024);
}

// A span is stored in a few pieces, since it takes longer than lines may wait; around each
// straggler it is one more.
TEST_CASE(
    "ledger: 100,000 items of ten seconds each, a few of a minute → record and rows in 64 KB") {
  const Size size = Batch({.quickest_ms = 5'000, .slowest_ms = 15'000, .stragglers = 10}).play();
  CHECK(size.rows > 2 * items_count / validation::span_items_max);
  CHECK(record_bytes_max + size.bytes <= rows_bytes_max);
}

}  // namespace
}  // namespace edgebatch::runner
