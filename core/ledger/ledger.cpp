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

/// Lapsed more often than chance explains: perhaps one of its items kills its runners.
bool is_suspect(const Span& span) { return span.lapses > trusted_lapses_max; }

bool may_run(const Span& span, Ms now) { return is_todo(span) && span.not_before <= now; }

bool is_given_up(const Span& span) { return span.count == 1 && span.lapses >= given_up_lapses; }

// Parts get smaller from lapse to lapse, since the rest of a suspect is given back.
std::uint32_t items_allowed(const Span& span) {
  if (!is_suspect(span)) return 0;
  return std::max(1U, span.count / suspect_parts);
}

/// Items that had to wait are spans of their own, and may be claimed as one again.
bool alike(const Span& one, const Span& other, Ms now) {
  return may_run(other, now) && !is_suspect(one) && !is_suspect(other) && one.tries > 0 &&
         one.tries == other.tries;
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

Span done_part(const Span& lease, const Shard& shard) {
  Span done;
  done.state = SpanState::done;
  done.lapses = lease.lapses;
  done.tries = lease.tries;
  done.shard = shard;
  return done;
}

/// As far as anybody knows it wasn't what ran when its lease lapsed.
void give_back_one(Span& span) {
  release(span);
  span.lapses = std::min(span.lapses, trusted_lapses_max);
}

void lapse_one(Span& span) {
  release(span);
  ++span.lapses;
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
    case SpanState::leased: return span.attempt != 0 && no_shard && span.not_before == 0;
    case SpanState::done:
      return no_lease && items_in(span.shard.counts) == span.count && span.not_before == 0;
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

bool Ledger::suspect_leased() const {
  return std::any_of(spans_.begin(), spans_.end(),
                     [](const Span& span) { return is_leased(span) && is_suspect(span); });
}

// Makes the todo spans [first, last) one leased span.
Stretch Ledger::lease(Spans::iterator first, Spans::iterator last, const Claimant& claimant) {
  for (auto other = std::next(first); other != last; ++other) {
    first->count += other->count;
    first->byte_end = other->byte_end;
    first->lapses = std::max(first->lapses, other->lapses);
    first->tries = std::max(first->tries, other->tries);
  }
  first->state = SpanState::leased;
  first->not_before = 0;
  first->attempt = claimant.attempt;
  first->runner = claimant.runner;
  first->lease_until = claimant.lease_until;
  const Stretch leased = stretch_of(*first);
  spans_.erase(std::next(first), last);
  return leased;
}

std::optional<Lease> Ledger::claim(const Claimant& claimant, Ms now) {
  auto lowest = std::find_if(spans_.begin(), spans_.end(), [now](const Span& span) {
    return may_run(span, now) && !is_suspect(span);
  });
  if (lowest == spans_.end() && !claimant.has_leases && !suspect_leased())
    lowest = std::find_if(spans_.begin(), spans_.end(),
                          [now](const Span& span) { return may_run(span, now); });
  if (lowest == spans_.end()) return std::nullopt;

  Lease lease{.stretch = {},
              .tries = lowest->tries,
              .items_max = items_allowed(*lowest),
              .given_up = is_given_up(*lowest)};
  std::uint64_t items = lowest->count;
  auto last = std::next(lowest);
  while (last != spans_.end() && alike(*lowest, *last, now) &&
         items + last->count <= claim_items_max &&
         last->byte_end - lowest->byte_begin <= claim_bytes_max) {
    items += last->count;
    ++last;
  }
  lease.stretch = this->lease(lowest, last, claimant);
  return lease;
}

bool Ledger::claimable(Ms now) const {
  const bool suspects_too = !suspect_leased();
  return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
    return may_run(span, now) && (suspects_too || !is_suspect(span));
  });
}

std::optional<Stretch> Ledger::claim_for_drain(const Claimant& claimant) {
  const auto lowest = std::find_if(spans_.begin(), spans_.end(), is_todo);
  if (lowest == spans_.end()) return std::nullopt;
  std::uint64_t items = lowest->count;
  auto last = std::next(lowest);
  while (last != spans_.end() && is_todo(*last) && items + last->count <= drain_items_max) {
    items += last->count;
    ++last;
  }
  return lease(lowest, last, claimant);
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

Ledger::Spans::iterator Ledger::lease_around(Attempt attempt, const Stretch& stretch) {
  const auto span = covering(spans_, stretch.first);
  const bool found = span != spans_.end() && is_leased(*span) && span->attempt == attempt &&
                     lies_inside(stretch, *span);
  return found ? span : spans_.end();
}

// What lies before and behind the stretch in its lease stays as it is.
void Ledger::replace(Spans::iterator span, const Stretch& stretch, const Span& part) {
  std::vector<Span> parts;
  if (stretch.first > span->first) parts.push_back(part_before(*span, stretch));
  parts.push_back(part);
  parts.back().first = stretch.first;
  parts.back().count = stretch.count;
  parts.back().byte_begin = stretch.byte_begin;
  parts.back().byte_end = ends_in_the_span(stretch, *span) ? stretch.byte_end : span->byte_end;
  if (ends_in_the_span(stretch, *span)) parts.push_back(part_behind(*span, stretch));

  *span = parts.front();
  spans_.insert(std::next(span), std::next(parts.begin()), parts.end());
}

Reported Ledger::report(const Stretch& stretch, const Shard& shard) {
  const auto covered = covering(spans_, stretch.first);
  if (covered != spans_.end() && is_done(*covered))
    return is_the_report_of(*covered, stretch, shard) ? Reported::repeated : Reported::lost;
  const auto span = lease_around(shard.attempt, stretch);
  if (span == spans_.end() || items_in(shard.counts) != stretch.count) return Reported::lost;
  replace(span, stretch, done_part(*span, shard));
  return Reported::accepted;
}

void Ledger::give_back(Attempt attempt) {
  for (Span& span : spans_)
    if (is_leased(span) && span.attempt == attempt) give_back_one(span);
}

bool Ledger::give_back(Attempt attempt, const Stretch& stretch, std::uint32_t tries,
                       Ms not_before) {
  const auto span = lease_around(attempt, stretch);
  if (span == spans_.end()) return false;
  Span part = *span;
  give_back_one(part);
  part.tries = tries;
  part.not_before = not_before;
  // What is kept of a suspect has yet to show that it's the one.
  span->lapses = std::min(span->lapses, trusted_lapses_max + 1);
  replace(span, stretch, part);
  return true;
}

void Ledger::lapse_runner(std::uint32_t runner) {
  for (Span& span : spans_)
    if (is_leased(span) && span.runner == runner) lapse_one(span);
}

void Ledger::lapse(Ms now) {
  for (Span& span : spans_)
    if (is_leased(span) && span.lease_until <= now) lapse_one(span);
}

bool Ledger::leased(Attempt attempt) const {
  return std::any_of(spans_.begin(), spans_.end(), [attempt](const Span& span) {
    return is_leased(span) && span.attempt == attempt;
  });
}

std::optional<Ms> Ledger::next_claimable(Ms now) const {
  std::optional<Ms> next;
  for (const Span& span : spans_) {
    if (!is_todo(span)) continue;
    if (span.not_before <= now) return std::nullopt;
    if (!next || span.not_before < *next) next = span.not_before;
  }
  return next;
}

std::vector<Span> Ledger::mergeable() const {
  for (auto first = spans_.begin(); first != spans_.end();) {
    std::uint64_t bytes = 0;
    auto last = first;
    for (; last != spans_.end() && is_done(*last); ++last) {
      bytes += last->shard.bytes();
      const auto shards = static_cast<std::size_t>(last - first);
      if (bytes > merged_bytes_max || shards == merged_shards_max) break;
    }
    if (static_cast<std::size_t>(last - first) >= merged_shards_min) return {first, last};
    first = last == first ? std::next(first) : last;
  }
  return {};
}

Reported Ledger::merge(const Stretch& stretch, const Shard& shard) {
  const auto first = covering(spans_, stretch.first);
  if (first == spans_.end() || !is_done(*first)) return Reported::lost;
  if (is_the_report_of(*first, stretch, shard)) return Reported::repeated;

  Shard merged;
  merged.attempt = shard.attempt;
  merged.number = shard.number;
  auto last = first;
  for (; last != spans_.end() && is_done(*last) && wide_end(*last) <= wide_end(stretch); ++last)
    merged.append(last->shard);
  // A single one has been merged already: who reads it knows its object's name.
  const bool whole = std::distance(first, last) > 1 && first->first == stretch.first &&
                     std::prev(last)->end() == stretch.end() && merged == shard;
  if (!whole) return Reported::lost;
  first->count = stretch.count;
  first->byte_end = std::prev(last)->byte_end;
  first->shard = shard;
  spans_.erase(std::next(first), last);
  return Reported::accepted;
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
