// The ledger of a batch: an interval map of spans that covers every item exactly once. Pure: it is
// loaded, a rule is applied, it is stored. Each rule keeps `sound()`; done spans never change, but
// that neighbours may become one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::ledger {

constexpr Ms lease_ms_max = 60'000;                // A lease nobody renews is over after this long.
constexpr std::uint32_t drain_items_max = 20'000;  // Of one span that is claimed for draining.
constexpr std::uint32_t claim_items_max = 500;     // Of todo neighbours that are claimed as one …
constexpr std::uint64_t claim_bytes_max = 1024 * 1024;   // … and bytes; one span may have more.
constexpr std::uint64_t merged_bytes_max = 1024 * 1024;  // Of neighbouring shards made one …
constexpr std::size_t merged_shards_max = 64;            // … which are so many at most,
constexpr std::size_t merged_shards_min = 4;     // … and not fewer: an object has a price, too.
constexpr std::uint32_t trusted_lapses_max = 1;  // A span that lapsed more often is a suspect.
constexpr std::uint32_t suspect_parts = 4;  // A suspect is looked through in so many parts: each of
                                            // them may be a death, and each level is one.
constexpr std::uint32_t given_up_lapses = 4;  // A single item is given up then: twice alone, since
                                              // once its host may have died of something else.

/// A stretch of items, as plans and reports name it.
struct Stretch {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint64_t byte_begin = 0;
  std::uint64_t byte_end = 0;

  std::uint32_t end() const { return first + count; }
  bool operator==(const Stretch&) const = default;
  static constexpr auto fields =
      std::tuple(&Stretch::first, &Stretch::count, &Stretch::byte_begin, &Stretch::byte_end);
};

/// Who claims.
struct Claimant {
  std::uint32_t runner = 0;
  Attempt attempt = 0;
  Ms lease_until = 0;
  bool has_leases = false;  // It works on other spans.
};

/// What is claimed.
struct Lease {
  Stretch stretch;
  std::uint32_t tries = 0;  // How often its items were asked for already.
  /// Of a suspect's items only so many may be worked on, and nothing else beside them: the rest is
  /// given back first, in parts of that size. So whatever kills its runners is cornered, alone. 0:
  /// all items.
  std::uint32_t items_max = 0;
  bool given_up = false;  // Its only item has killed its runners: it gets a line that says so.

  bool operator==(const Lease&) const = default;
};

struct Totals {
  std::uint32_t items = 0;
  std::uint32_t done = 0;
  std::uint32_t leased = 0;
  Counts counts;
  Usage usage;
  std::array<std::uint64_t, streams_count_max> lengths{};  // Bytes of each result stream.
  std::array<std::uint32_t, streams_count_max> lines{};

  std::uint32_t todo() const { return items - done - leased; }
  bool operator==(const Totals&) const = default;
};

enum class Reported : std::uint8_t {
  accepted,
  repeated,  // The same report was accepted before: success.
  lost,      // That stretch isn't leased under that attempt (any more).
};

class Ledger {
 public:
  Ledger() = default;
  /// Spans in the order of their first items.
  explicit Ledger(std::vector<Span> spans) : spans_(std::move(spans)) {}

  /// One todo span a stretch; stretches are consecutive and begin at item 0.
  static Ledger planned(const std::vector<Stretch>& stretches);

  const std::vector<Span>& spans() const { return spans_; }
  Totals totals() const;
  bool all_done() const;  // False of a ledger without spans: nothing is planned yet.
  bool any_todo() const;

  /// Leases the lowest todo span that may run now; one that had to wait together with neighbours
  /// behind it that did as often, up to `claim_items_max`. Suspects come last, so that nobody waits
  /// for their deaths; of them one at a time is leased, and only to who has no other lease.
  std::optional<Lease> claim(const Claimant& claimant, Ms now);

  /// Whether a claim of one without leases would find something.
  bool claimable(Ms now) const;

  /// The same for draining: todo neighbours are taken together, up to `drain_items_max` items (or
  /// one span that is larger), and stay together. Whether they have to wait doesn't count.
  std::optional<Stretch> claim_for_drain(const Claimant& claimant);

  /// False if nothing is leased under that attempt (any more).
  bool renew(Attempt attempt, Ms lease_until);

  /// A stretch of a lease is done, and stored as `shard`. What lies before and behind it in the
  /// lease stays leased; the bytes behind the lease's last item go with that item. The shard's
  /// counts must add up to the stretch's count, else `lost`.
  Reported report(const Stretch& stretch, const Shard& shard);

  /// All that is still leased under that attempt is todo again. Not a lapse.
  void give_back(Attempt attempt);

  /// A stretch of a lease is todo again, after so many tries and not before then. False if it
  /// isn't leased under that attempt (any more).
  bool give_back(Attempt attempt, const Stretch& stretch, std::uint32_t tries, Ms not_before);

  /// All leases of a runner have lapsed: a new run of it has begun, so the old one died with them.
  void lapse_runner(std::uint32_t runner);

  /// Leases that have run out (`lease_until` is reached) are todo again, with a lapse more.
  void lapse(Ms now);

  bool leased(Attempt attempt) const;

  /// When the next todo span that has to wait may run; nothing if one may run already.
  std::optional<Ms> next_claimable(Ms now) const;

  /// The first neighbouring done spans whose small shards should become one; empty: none should.
  std::vector<Span> mergeable() const;

  /// The shards of a stretch of several done spans are stored as this one now. `shard` must be all
  /// of theirs in their order, but for its name, else `lost`.
  Reported merge(const Stretch& stretch, const Shard& shard);

  /// When the next lease runs out.
  std::optional<Ms> next_lapse() const;

  /// Spans are in order, without gap or overlap from item 0, never empty, byte ranges in order;
  /// done spans' shards add up; all attempts of leased spans are set.
  bool sound() const;

 private:
  using Spans = std::vector<Span>;

  Stretch lease(Spans::iterator first, Spans::iterator last, const Claimant& claimant);
  /// The span in which that stretch lies, leased under that attempt.
  Spans::iterator lease_around(Attempt attempt, const Stretch& stretch);
  void replace(Spans::iterator span, const Stretch& stretch, const Span& part);
  bool suspect_leased() const;

  Spans spans_;
};

}  // namespace edgebatch::ledger
