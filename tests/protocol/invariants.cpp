#include "tests/protocol/invariants.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"
#include "handlers/runner/predictor.hpp"
#include "handlers/runner/work.hpp"

#include "tests/protocol/provider.hpp"
#include "tests/protocol/world.hpp"

namespace edgebatch::protocol {

namespace {

/// It is looked after what waits to be stored as often as leases are renewed.
constexpr Ms stored_within_ms = runner::store_ms_max + runner::renewal_ms + 100;

bool is_done_in(const std::vector<ledger::Span>& spans, std::uint32_t item) {
  return std::ranges::any_of(spans, [item](const ledger::Span& span) {
    return span.first <= item && item < span.end() && span.state == ledger::SpanState::done;
  });
}

}  // namespace

void Invariants::check(View batch_id) {
  if (batch_id.empty()) return;
  const std::size_t turns = world_.turns({ports::ActorKind::batch, Bytes(batch_id)});
  if (std::exchange(last_turns_, turns) != turns) {
    check_record(batch_id);
    check_ledger(batch_id);
  }
  if (quiet_) check_stored();
}

void Invariants::check_asked(View batch_id, std::uint32_t item) {
  if (is_done(batch_id, item)) note("an item was asked for again after its line was stored");
  if (quiet_ && provider_.has_answered(item, world_.now()))
    note("an item was asked for again after it was answered");
}

// Whatever its neighbours wait for.
void Invariants::check_stored() {
  for (std::uint32_t item = 0; item < items_; ++item)
    if (provider_.has_answered(item, world_.now(), stored_within_ms) &&
        !is_done_in(last_spans_, item))
      note("an item was answered long ago, and its line isn't stored");
}

bool Invariants::ended() const { return last_record_ && lifecycle::terminal(last_record_->state); }

bool Invariants::is_done(View batch_id, std::uint32_t item) {
  return is_done_in(spans(batch_id), item);
}

void Invariants::check_record(View batch_id) {
  const auto now = record(batch_id);
  if (!now) return;
  if (last_record_ && lifecycle::terminal(last_record_->state)) {
    if (now->state != last_record_->state || now->entered_ms != last_record_->entered_ms ||
        now->result_files != last_record_->result_files)
      note("a terminal record changed");
  }
  Ms latest = 0;
  for (std::size_t state = 0; last_record_ && state < now->entered_ms.size(); ++state) {
    latest = std::max(latest, now->entered_ms[state]);
    const Ms before = last_record_->entered_ms[state];
    if (before != 0 && before != now->entered_ms[state]) note("a timestamp changed");
  }
  if (latest > world_.now()) note("a timestamp lies in the future");
  if (now->entered_ms[static_cast<std::size_t>(now->state)] == 0)
    note("a state was entered without a timestamp");
  if (now->last_attempt < last_attempt_) note("an attempt number was used again");
  last_attempt_ = now->last_attempt;
  last_record_ = now;
}

void Invariants::check_ledger(View batch_id) {
  const auto now = spans(batch_id);
  const ledger::Ledger ledger(now);
  if (!ledger.sound()) note("the ledger is not sound");
  const auto totals = ledger.totals();
  if (!now.empty() && totals.items != items_) note("items were lost from the ledger");
  if (totals.counts.total() != totals.done) note("counts are not conserved");
  // A done span stays as it is, or becomes part of a larger one.
  const auto is_kept = [&now](const ledger::Span& before) {
    return std::any_of(now.begin(), now.end(), [&before](const ledger::Span& span) {
      const bool larger = span.first <= before.first && before.end() <= span.end() &&
                          span.count > before.count && !span.shard.pieces.empty();
      return span == before || (span.state == ledger::SpanState::done && larger);
    });
  };
  for (const ledger::Span& before : last_spans_)
    if (before.state == ledger::SpanState::done && !is_kept(before)) note("a done span changed");
  last_spans_ = now;
}

std::optional<actors::batch::Record> Invariants::record(View batch_id) {
  return ports::load<actors::batch::Record>(
      *world_.table({ports::ActorKind::batch, Bytes(batch_id)}), "record");
}

std::vector<ledger::Span> Invariants::spans(View batch_id) {
  std::vector<ledger::Span> spans;
  for (const auto& [key, row] : world_.table({ports::ActorKind::batch, Bytes(batch_id)})
                                    ->scan("span/", "span0", 1'000, ports::Order::ascending))
    if (auto span = wire::decode<ledger::Span>(row))
      spans.push_back(std::move(*span));
    else
      note("a span's row can't be read");
  return spans;
}

}  // namespace edgebatch::protocol
