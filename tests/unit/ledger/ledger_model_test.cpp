// The ledger against a naive model: an array with one entry an item. Random operations, from seeds.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

namespace {

using namespace edgebatch::ledger;
using edgebatch::Ms;

struct Entry {
  SpanState state = SpanState::todo;
  Attempt attempt = 0;
  std::uint32_t runner = 0;
  Ms lease_until = 0;
  std::uint32_t lapses = 0;
  std::uint32_t tries = 0;
  Ms not_before = 0;
  std::uint64_t byte_begin = 0;
  std::uint64_t byte_end = 0;
};

struct Model {
  std::vector<Entry> items;

  bool leased(std::size_t item, Attempt attempt) const {
    return item < items.size() && items[item].state == SpanState::leased &&
           items[item].attempt == attempt;
  }
  std::size_t count(SpanState state) const {
    return static_cast<std::size_t>(std::count_if(
        items.begin(), items.end(), [&](const Entry& entry) { return entry.state == state; }));
  }
  template <class Which>
  std::size_t lowest_todo(Which which) const {
    std::size_t item = 0;
    while (item < items.size() && (items[item].state != SpanState::todo || !which(items[item])))
      ++item;
    return item;
  }
  template <class Which>
  void release(Which which, std::uint32_t lapses) {
    for (Entry& entry : items) {
      if (entry.state != SpanState::leased || !which(entry)) continue;
      entry.state = SpanState::todo;
      entry.attempt = 0;
      entry.lapses =
          lapses > 0 ? entry.lapses + lapses : std::min(entry.lapses, trusted_lapses_max);
    }
  }
};

class Run {
 public:
  explicit Run(std::uint32_t seed) : random_(seed) { plan(); }

  void steps(int count) {
    for (int i = 0; i < count; ++i) {
      const auto done = done_spans();
      step();
      compare();
      keeps(done);
    }
  }

  // Everything is claimed and reported at last.
  void finish() {
    ledger_.lapse(now_ + lease_ms_max);
    model_.release([](const Entry&) { return true; }, 1);
    while (claim(true)) {
      while (const auto part = some_lease()) report_well(*part);
      compare();
    }
    REQUIRE(ledger_.all_done());
  }

 private:
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_()) % bound; }

  void plan() {
    std::vector<Stretch> stretches;
    const std::uint32_t spans = 1 + below(8);
    std::uint64_t byte = below(4);
    for (std::uint32_t i = 0; i < spans; ++i) {
      const std::uint32_t count = 1 + below(i == 0 ? 1 : 12);
      Stretch stretch{static_cast<std::uint32_t>(model_.items.size()), count, byte, 0};
      for (std::uint32_t k = 0; k < count; ++k) {
        Entry entry;
        entry.byte_begin = byte;
        byte += 1 + below(50);
        entry.byte_end = byte;
        model_.items.push_back(entry);
      }
      stretch.byte_end = byte;
      stretches.push_back(stretch);
    }
    ledger_ = Ledger::planned(stretches);
  }

  Stretch stretch(std::uint32_t first, std::uint32_t count) const {
    return {first, count, model_.items[first].byte_begin, model_.items[first + count - 1].byte_end};
  }

  bool claim(bool drain) {
    const Attempt attempt = ++attempts_;
    const std::uint32_t runner = 1 + below(3);
    const Ms until = now_ + 1 + below(100);
    const Claimant claimant{.runner = runner,
                            .attempt = attempt,
                            .lease_until = until,
                            .has_leases = !drain && below(2) == 0};
    const bool suspect_leased =
        std::any_of(model_.items.begin(), model_.items.end(), [](const Entry& entry) {
          return entry.state == SpanState::leased && entry.lapses > trusted_lapses_max;
        });
    const auto may_run = [&](const Entry& entry) { return drain || entry.not_before <= now_; };
    std::size_t lowest = model_.lowest_todo([&](const Entry& entry) {
      return may_run(entry) && (drain || entry.lapses <= trusted_lapses_max);
    });
    if (lowest == model_.items.size() && !claimant.has_leases && !suspect_leased)
      lowest = model_.lowest_todo(may_run);
    std::optional<Stretch> claimed;
    if (drain) {
      claimed = ledger_.claim_for_drain(claimant);
    } else if (const auto lease = ledger_.claim(claimant, now_)) {
      claimed = lease->stretch;
      CHECK(lease->tries == model_.items[lease->stretch.first].tries);
      CHECK((lease->items_max > 0) ==
            (model_.items[lease->stretch.first].lapses > trusted_lapses_max));
      CHECK(lease->items_max <= lease->stretch.count);
    }
    REQUIRE(claimed.has_value() == (lowest < model_.items.size()));
    if (!claimed) return false;
    REQUIRE(claimed->first == lowest);
    REQUIRE(claimed->end() <= model_.items.size());
    CHECK(*claimed == stretch(claimed->first, claimed->count));
    std::uint32_t lapses = 0;
    std::uint32_t tries = 0;
    for (std::uint32_t i = claimed->first; i < claimed->end(); ++i) {
      CHECK(model_.items[i].state == SpanState::todo);
      lapses = std::max(lapses, model_.items[i].lapses);
      tries = std::max(tries, model_.items[i].tries);
      if (!drain) CHECK(model_.items[i].not_before <= now_);
    }
    for (std::uint32_t i = claimed->first; i < claimed->end(); ++i) {
      Entry& entry = model_.items[i];
      entry.state = SpanState::leased;
      entry.attempt = attempt;
      entry.runner = runner;
      entry.lease_until = until;
      entry.lapses = lapses;
      entry.tries = tries;
      entry.not_before = 0;
    }
    if (drain && claimed->end() < model_.items.size())
      CHECK(model_.items[claimed->end()].state != SpanState::todo);
    return true;
  }

  // A part of something leased, under its attempt.
  std::optional<std::pair<Stretch, Attempt>> some_lease() {
    std::vector<std::uint32_t> leased;
    for (std::uint32_t i = 0; i < model_.items.size(); ++i)
      if (model_.items[i].state == SpanState::leased) leased.push_back(i);
    if (leased.empty()) return std::nullopt;
    const std::uint32_t first = leased[below(static_cast<std::uint32_t>(leased.size()))];
    const Attempt attempt = model_.items[first].attempt;
    std::uint32_t count = 1;
    while (model_.leased(first + count, attempt) && below(4) != 0) ++count;
    return std::pair(stretch(first, count), attempt);
  }

  Shard shard(Attempt attempt, std::uint32_t items) {
    Shard shard;
    shard.attempt = attempt;
    shard.number = ++shards_;
    shard.counts.succeeded = below(items + 1);
    shard.counts.errored = items - shard.counts.succeeded;
    shard.lines = {shard.counts.succeeded, shard.counts.errored};
    shard.lengths = {below(1000), below(1000)};
    shard.usage.total = below(1000);
    return shard;
  }

  void report_well(const std::pair<Stretch, Attempt>& part) {
    const Shard stored = shard(part.second, part.first.count);
    REQUIRE(ledger_.report(part.first, stored) == Reported::accepted);
    CHECK(ledger_.report(part.first, stored) == Reported::repeated);
    for (std::uint32_t i = part.first.first; i < part.first.end(); ++i)
      model_.items[i].state = SpanState::done;
    expected_.done += part.first.count;
    expected_.counts += stored.counts;
    expected_.usage += stored.usage;
    for (std::size_t i = 0; i < streams_count_max; ++i) {
      expected_.lengths[i] += stored.lengths[i];
      expected_.lines[i] += stored.lines[i];
    }
    reports_.emplace_back(part.first, stored);
  }

  // Any stretch under any attempt: accepted only where the model says that all of it is leased so.
  void report_wildly() {
    const auto size = static_cast<std::uint32_t>(model_.items.size());
    const std::uint32_t first = below(size);
    const Stretch wild = stretch(first, 1 + below(size - first));
    const Attempt attempt = below(attempts_ + 2);
    for (std::uint32_t i = wild.first; i < wild.end(); ++i)
      if (!model_.leased(i, attempt)) {
        CHECK(ledger_.report(wild, shard(attempt, wild.count)) == Reported::lost);
        return;
      }
    report_well({wild, attempt});
  }

  void renew() {
    const Attempt attempt = below(attempts_ + 2);
    const Ms until = now_ + 1 + below(100);
    bool any = false;
    for (Entry& entry : model_.items) {
      if (entry.state != SpanState::leased || entry.attempt != attempt) continue;
      entry.lease_until = until;
      any = true;
    }
    CHECK(ledger_.renew(attempt, until) == any);
  }

  void give_back() {
    const Attempt attempt = below(attempts_ + 2);
    ledger_.give_back(attempt);
    model_.release([&](const Entry& entry) { return entry.attempt == attempt; }, 0);
  }

  void give_back_a_part() {
    const auto part = some_lease();
    if (!part) return;
    const std::uint32_t tries = below(4);
    const Ms not_before = below(2) == 0 ? 0 : now_ + below(80);
    // What is kept of a suspect has yet to show that it's the one.
    for (const Span& span : ledger_.spans())
      for (std::uint32_t i = span.first; i < span.end(); ++i)
        if (span.first <= part->first.first && part->first.first < span.end())
          model_.items[i].lapses = std::min(model_.items[i].lapses, trusted_lapses_max + 1);
    REQUIRE(ledger_.give_back(part->second, part->first, tries, not_before));
    for (std::uint32_t i = part->first.first; i < part->first.end(); ++i) {
      Entry& entry = model_.items[i];
      entry.state = SpanState::todo;
      entry.attempt = 0;
      entry.lapses = std::min(entry.lapses, trusted_lapses_max);
      entry.tries = tries;
      entry.not_before = not_before;
    }
  }

  void lapse_runner() {
    const std::uint32_t runner = 1 + below(3);
    ledger_.lapse_runner(runner);
    model_.release([&](const Entry& entry) { return entry.runner == runner; }, 1);
  }

  void lapse() {
    now_ += below(60);
    ledger_.lapse(now_);
    model_.release([&](const Entry& entry) { return entry.lease_until <= now_; }, 1);
  }

  void repeat_a_report() {
    if (reports_.empty()) return;
    const auto& report = reports_[below(static_cast<std::uint32_t>(reports_.size()))];
    CHECK(ledger_.report(report.first, report.second) == Reported::repeated);
  }

  void step() {
    switch (below(13)) {
      case 0:
      case 1:
      case 2: (void)claim(false); return;
      case 3: (void)claim(true); return;
      case 4:
      case 5:
      case 6:
        if (const auto part = some_lease()) report_well(*part);
        return;
      case 7: report_wildly(); return;
      case 8: renew(); return;
      case 9: below(2) == 0 ? give_back() : lapse_runner(); return;
      case 11: give_back_a_part(); return;
      case 10: lapse(); return;
      default: repeat_a_report(); return;
    }
  }

  std::vector<Span> done_spans() const {
    std::vector<Span> done;
    for (const Span& span : ledger_.spans())
      if (span.state == SpanState::done) done.push_back(span);
    return done;
  }

  void keeps(const std::vector<Span>& done) const {
    for (const Span& span : done)
      CHECK(std::find(ledger_.spans().begin(), ledger_.spans().end(), span) !=
            ledger_.spans().end());
  }

  void compare() const {
    REQUIRE(ledger_.sound());
    REQUIRE(!ledger_.spans().empty());
    REQUIRE(ledger_.spans().back().end() == model_.items.size());
    for (const Span& span : ledger_.spans()) {
      CHECK(stretch(span.first, span.count).byte_begin == span.byte_begin);
      CHECK(stretch(span.first, span.count).byte_end == span.byte_end);
      for (std::uint32_t i = span.first; i < span.end(); ++i) agree(span, model_.items[i]);
    }

    Totals totals = expected_;
    totals.items = static_cast<std::uint32_t>(model_.items.size());
    totals.leased = static_cast<std::uint32_t>(model_.count(SpanState::leased));
    CHECK(ledger_.totals() == totals);
    CHECK(totals.counts.total() == totals.done);
    CHECK(ledger_.any_todo() == (model_.count(SpanState::todo) > 0));
    CHECK(ledger_.all_done() == (totals.done == totals.items));
    CHECK(ledger_.next_lapse() == next_lapse());
  }

  static void agree(const Span& span, const Entry& entry) {
    CHECK(span.state == entry.state);
    CHECK(span.lapses == entry.lapses);
    CHECK(span.tries == entry.tries);
    if (entry.state == SpanState::todo) CHECK(span.not_before == entry.not_before);
    if (entry.state != SpanState::leased) return;
    CHECK(span.attempt == entry.attempt);
    CHECK(span.runner == entry.runner);
    CHECK(span.lease_until == entry.lease_until);
  }

  std::optional<Ms> next_lapse() const {
    std::optional<Ms> next;
    for (const Entry& entry : model_.items)
      if (entry.state == SpanState::leased && (!next || entry.lease_until < *next))
        next = entry.lease_until;
    return next;
  }

  std::mt19937 random_;
  Ledger ledger_;
  Model model_;
  Totals expected_;
  std::vector<std::pair<Stretch, Shard>> reports_;
  Attempt attempts_ = 0;
  std::uint32_t shards_ = 0;
  Ms now_ = 1'000;
};

}  // namespace

TEST_CASE("ledger: any row of operations → it agrees with one entry an item, and ends") {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    Run run(seed);
    run.steps(150);
    run.finish();
  }
}
