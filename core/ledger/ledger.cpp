#include "core/ledger/ledger.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::ledger {

namespace {

bool is_todo(const Span& span) { return span.state == SpanState::todo; }
bool is_leased(const Span& span) { return span.state == SpanState::leased; }
bool is_done(const Span& span) { return span.state == SpanState::done; }

Stretch stretch_of(const Span& span) {
  return {span.first, span.count, span.byte_begin, span.byte_end};
}

void release(Span& span) {
  span.state = SpanState::todo;
  span.attempt = 0;
  span.runner = 0;
  span.lease_until = 0;
}

// Reports come from outside: sums of theirs are taken where they can't wrap around.
std::uint64_t items_in(const Counts& counts) {
  return std::uint64_t{counts.succeeded} + counts.errored + counts.canceled + counts.expired;
}

std::uint64_t wide_end(const Stretch& stretch) {
  return std::uint64_t{stretch.first} + stretch.count;
}
std::uint64_t wide_end(const Span& span) { return std::uint64_t{span.first} + span.count; }

// The span that covers an item.
std::vector<Span>::iterator covering(std::vector<Span>& spans, std::uint32_t item) {
  const auto behind =
      std::upper_bound(spans.begin(), spans.end(), item,
                       [](std::uint32_t wanted, const Span& span) { return wanted < span.first; });
  return behind == spans.begin() ? spans.end() : std::prev(behind);
}

bool lies_inside(const Stretch& stretch, const Span& span) {
  return stretch.count > 0 && stretch.first >= span.first && wide_end(stretch) <= wide_end(span) &&
         stretch.byte_begin >= span.byte_begin && stretch.byte_begin <= stretch.byte_end &&
         stretch.byte_end <= span.byte_end;
}

// A done span has only taken over the bytes behind its last item.
bool is_the_report_of(const Span& done, const Stretch& stretch, const Shard& shard) {
  return done.first == stretch.first && done.count == stretch.count &&
         done.byte_begin == stretch.byte_begin && stretch.byte_end <= done.byte_end &&
         done.shard == shard;
}

bool ends_in_the_span(const Stretch& stretch, const Span& span) {
  return wide_end(stretch) < wide_end(span);
}

Span part_before(const Span& lease, const Stretch& stretch) {
  Span before = lease;
  before.count = stretch.first - lease.first;
  before.byte_end = stretch.byte_begin;
  return before;
}

Span part_behind(const Span& lease, const Stretch& stretch) {
  Span behind = lease;
  behind.first = stretch.end();
  behind.count = lease.end() - stretch.end();
  behind.byte_begin = stretch.byte_end;
  return behind;
}

Span done_part(const Span& lease, const Stretch& stretch, const Shard& shard) {
  Span done;
  done.first = stretch.first;
  done.count = stretch.count;
  done.byte_begin = stretch.byte_begin;
  done.byte_end = ends_in_the_span(stretch, lease) ? stretch.byte_end : lease.byte_end;
  done.state = SpanState::done;
  done.lapses = lease.lapses;
  done.shard = shard;
  return done;
}

bool in_order(const Span& span, std::uint64_t next_item, std::uint64_t next_byte) {
  return span.first == next_item && span.count > 0 && wide_end(span) <= UINT32_MAX &&
         span.byte_begin >= next_byte && span.byte_begin <= span.byte_end;
}

// What belongs to another state is at rest.
bool consistent(const Span& span) {
  const bool no_lease = span.attempt == 0 && span.runner == 0 && span.lease_until == 0;
  const bool no_shard = span.shard == Shard{};
  switch (span.state) {
    case SpanState::todo: return no_lease && no_shard;
    case SpanState::leased: return span.attempt != 0 && no_shard;
    case SpanState::done: return no_lease && items_in(span.shard.counts) == span.count;
  }
  return false;
}

}  // namespace

Ledger Ledger::planned(const std::vector<Stretch>& stretches) {
  Spans spans;
  spans.reserve(stretches.size());
  for (const Stretch& stretch : stretches) {
    Span span;
    span.first = stretch.first;
    span.count = stretch.count;
    span.byte_begin = stretch.byte_begin;
    span.byte_end = stretch.byte_end;
    spans.push_back(span);
  }
  return Ledger(std::move(spans));
}

Totals Ledger::totals() const {
  Totals totals;
  for (const Span& span : spans_) {
    totals.items += span.count;
    if (is_leased(span)) totals.leased += span.count;
    if (!is_done(span)) continue;
    totals.done += span.count;
    totals.counts += span.shard.counts;
    totals.usage += span.shard.usage;
    for (std::size_t i = 0; i < streams_count_max; ++i) {
      totals.lengths[i] += span.shard.lengths[i];
      totals.lines[i] += span.shard.lines[i];
    }
  }
  return totals;
}

bool Ledger::all_done() const {
  return !spans_.empty() && std::all_of(spans_.begin(), spans_.end(), is_done);
}

bool Ledger::any_todo() const { return std::any_of(spans_.begin(), spans_.end(), is_todo); }

// Makes the todo spans [first, last) one leased span.
std::optional<Stretch> Ledger::lease(Spans::iterator first, Spans::iterator last,
                                     std::uint32_t runner, Attempt attempt, Ms lease_until) {
  for (auto other = std::next(first); other != last; ++other) {
    first->count += other->count;
    first->byte_end = other->byte_end;
    first->lapses = std::max(first->lapses, other->lapses);
  }
  first->state = SpanState::leased;
  first->attempt = attempt;
  first->runner = runner;
  first->lease_until = lease_until;
  const Stretch leased = stretch_of(*first);
  spans_.erase(std::next(first), last);
  return leased;
}

std::optional<Stretch> Ledger::claim(std::uint32_t runner, Attempt attempt, Ms lease_until) {
  const auto lowest = std::find_if(spans_.begin(), spans_.end(), is_todo);
  if (lowest == spans_.end()) return std::nullopt;
  return lease(lowest, std::next(lowest), runner, attempt, lease_until);
}

std::optional<Stretch> Ledger::claim_for_drain(std::uint32_t runner, Attempt attempt,
                                               Ms lease_until) {
  const auto lowest = std::find_if(spans_.begin(), spans_.end(), is_todo);
  if (lowest == spans_.end()) return std::nullopt;
  std::uint64_t items = lowest->count;
  auto last = std::next(lowest);
  while (last != spans_.end() && is_todo(*last) && items + last->count <= drain_items_max) {
    items += last->count;
    ++last;
  }
  return lease(lowest, last, runner, attempt, lease_until);
}

bool Ledger::renew(Attempt attempt, Ms lease_until) {
  bool renewed = false;
  for (Span& span : spans_) {
    if (!is_leased(span) || span.attempt != attempt) continue;
    span.lease_until = lease_until;
    renewed = true;
  }
  return renewed;
}

Reported Ledger::report(const Stretch& stretch, const Shard& shard) {
  const auto span = covering(spans_, stretch.first);
  if (span == spans_.end()) return Reported::lost;
  if (is_done(*span))
    return is_the_report_of(*span, stretch, shard) ? Reported::repeated : Reported::lost;
  if (!is_leased(*span) || span->attempt != shard.attempt) return Reported::lost;
  if (!lies_inside(stretch, *span) || items_in(shard.counts) != stretch.count)
    return Reported::lost;

  std::vector<Span> parts;
  if (stretch.first > span->first) parts.push_back(part_before(*span, stretch));
  parts.push_back(done_part(*span, stretch, shard));
  if (ends_in_the_span(stretch, *span)) parts.push_back(part_behind(*span, stretch));

  *span = parts.front();
  spans_.insert(std::next(span), std::next(parts.begin()), parts.end());
  return Reported::accepted;
}

void Ledger::give_back(Attempt attempt) {
  for (Span& span : spans_)
    if (is_leased(span) && span.attempt == attempt) release(span);
}

void Ledger::release_runner(std::uint32_t runner) {
  for (Span& span : spans_)
    if (is_leased(span) && span.runner == runner) release(span);
}

void Ledger::lapse(Ms now) {
  for (Span& span : spans_) {
    if (!is_leased(span) || span.lease_until > now) continue;
    release(span);
    ++span.lapses;
  }
}

std::optional<Ms> Ledger::next_lapse() const {
  std::optional<Ms> next;
  for (const Span& span : spans_)
    if (is_leased(span) && (!next || span.lease_until < *next)) next = span.lease_until;
  return next;
}

bool Ledger::sound() const {
  std::uint64_t next_item = 0;
  std::uint64_t next_byte = 0;
  for (const Span& span : spans_) {
    if (!in_order(span, next_item, next_byte) || !consistent(span)) return false;
    next_item = wide_end(span);
    next_byte = span.byte_end;
  }
  return true;
}

}  // namespace edgebatch::ledger
