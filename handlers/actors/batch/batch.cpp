#include "handlers/actors/batch/batch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/result_file.hpp"
#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/acknowledge.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/actors/letters.hpp"
#include "handlers/actors/runner/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/turn.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::actors::batch {

using lifecycle::Event;
using lifecycle::State;

namespace {

constexpr View record_key = "record";
constexpr View request_key = "request";
constexpr View spans_prefix = "span/";

Bytes span_key(const ledger::Span& span) {
  return Bytes(spans_prefix).append(text::hex(span.first, 8));
}

std::vector<ledger::Span> load_spans(ports::Table& table) {
  std::vector<ledger::Span> spans;
  for (const auto& [key, row] : table.scan(spans_prefix, ports::behind(spans_prefix),
                                           static_cast<std::size_t>(-1), ports::Order::ascending))
    if (auto span = wire::decode<ledger::Span>(row)) spans.push_back(std::move(*span));
  return spans;
}

/// Writes what differs: both lists are in the order of first items, which are the keys.
void store_spans(ports::Table& table, const std::vector<ledger::Span>& before,
                 const std::vector<ledger::Span>& after) {
  auto old = before.begin();
  for (const ledger::Span& span : after) {
    for (; old != before.end() && old->first < span.first; ++old) table.erase(span_key(*old));
    const bool same_key = old != before.end() && old->first == span.first;
    if (!same_key || *old != span) table.put(span_key(span), wire::encode(span));
    if (same_key) ++old;
  }
  for (; old != before.end(); ++old) table.erase(span_key(*old));
}

}  // namespace

Batch::Batch(ports::Table& table, ports::Address self, Ms now)
    : table_(table),
      self_(std::move(self)),
      now_(now),
      record_(ports::load<Record>(table, record_key)) {
  if (!record_) return;
  now_ = std::max(now_, record_->touched_at);
  stored_record_ = wire::encode(*record_);
  request_ = table_.get(request_key).value_or(Bytes());
  stored_spans_ = load_spans(table_);
  ledger_ = ledger::Ledger(stored_spans_);
}

void Batch::create(Record record, View request) {
  record_ = std::move(record);
  request_ = request;
  table_.put(request_key, request);
}

bool Batch::enter(Event event) {
  const auto state = lifecycle::next(record().state, event);
  if (!state) return false;
  if (*state != record().state) {
    record().state = *state;
    record().entered_ms[static_cast<std::size_t>(*state)] = now_;
  }
  return true;
}

void Batch::apply_due() {
  if (!record_) return;
  const std::optional<Ms> expires_at = record().expires_at;
  if (expires_at && now_ >= *expires_at) enter(Event::expire);
  if (const auto& missing = record().input.missing) refuse(1, {*missing}, {});
  ledger_.lapse(now_);
  if (now_ >= record().plan.until) record().plan = {};
  if (const auto due = purge_at(); due && now_ >= *due) purge();
}

std::optional<Ms> Batch::purge_at() const {
  const bool has_files = dialects::result_file(record().dialect, 0, record().id).has_value();
  if (has_files || record().results_gone || !lifecycle::terminal(record().state))
    return std::nullopt;
  const auto entered = [this](State state) {
    return record().entered_ms[static_cast<std::size_t>(state)];
  };
  return std::max(entered(State::validating) + record().results_life_ms,
                  entered(record().state) + results_kept_ms_min);
}

void Batch::purge() {
  record().results_gone = true;
  write_letter(table_, "erase", 1, Erasure{.prefix = output_prefix(record().tenant, record().id)},
               now_);
  if (record().input.own)
    write_letter(table_, "erase_input", 1, Erasure{.prefix = record().input.stream.prefix}, now_);
  write_index_letter(now_);
}

void Batch::refuse(std::uint64_t errors_count, std::vector<validation::LineError> errors,
                   Bytes errors_object, Event event) {
  if (!enter(event)) return;
  record().errors_count = errors_count;
  record().errors = std::move(errors);
  record().errors_object = std::move(errors_object);
}

void Batch::settle() {
  if (!record_) return;
  if (settled() && enter(Event::settled) && !to_be_merged()) publish();
  invite();
  index();

  if (wire::encode(*record_) != stored_record_) {
    record().touched_at = now_;
    ports::store(table_, record_key, *record_);
  }
  store_spans(table_, stored_spans_, ledger_.spans());
}

std::optional<Ms> Batch::wake_at() {
  if (!record_) return std::nullopt;
  if (lifecycle::terminal(record().state)) return purge_at();
  std::optional<Ms> wake;
  if (record().expires_at && lifecycle::next(record().state, Event::expire) != record().state)
    wake = earlier(wake, record().expires_at);
  if (record().input.missing && lifecycle::next(record().state, Event::refused)) wake = now_;
  if (record().plan.attempt != 0) wake = earlier(wake, record().plan.until);
  wake = earlier(wake, ledger_.next_lapse());
  if (wanted() > 0)
    for (const Seat& seat : record().seats)
      if (seat.present_until > now_) wake = earlier(wake, seat.present_until);
  if (lifecycle::predicting(record().state)) {
    wake = earlier(wake, ledger_.next_claimable(now_));
    if (record().parking && record().parking->probe_at > now_)
      wake = earlier(wake, record().parking->probe_at);
  }
  if (ledger_.totals().done != record().indexed_done)
    wake = earlier(wake, record().indexed_at + index_interval_ms);
  return wake;
}

bool Batch::plan_wanted() const {
  return record().planned_by == 0 && record().plan.attempt == 0 && !record().input.missing &&
         lifecycle::next(record().state, Event::planned).has_value();
}

bool Batch::spans_wanted() const {
  if (lifecycle::draining(record().state)) return ledger_.any_todo();
  if (!lifecycle::predicting(record().state) || !ledger_.claimable(now_)) return false;
  const auto& parking = record().parking;
  return !parking || (now_ >= parking->probe_at && !ledger_.leased(parking->probe));
}

bool Batch::settled() const { return !ledger_.spans().empty() && ledger_.all_done(); }

void Batch::publish() {
  if (record().publishing || !enter(Event::settled)) return;
  record().publishing = true;

  tenant::RegisterResults letter{.batch_id = record().id, .files = {}};
  const ledger::Totals totals = ledger_.totals();
  for (std::uint32_t stream = 0; stream < ledger::streams_count_max; ++stream) {
    if (totals.lengths[stream] == 0) continue;
    const auto kind = dialects::result_file(record().dialect, stream, record().id);
    if (!kind) continue;
    // The order of ids is the order of creation, so the id's front is this moment.
    record().result_files[stream] = kind->id_prefix +
                                    text::hex(static_cast<std::uint64_t>(now_), 12) +
                                    record().result_seeds[stream];
    letter.files.push_back({.view = {.id = record().result_files[stream],
                                     .name = kind->name,
                                     .purpose = kind->purpose,
                                     .bytes = totals.lengths[stream],
                                     .created_at_ms = now_,
                                     .expires_at_ms = now_ + record().results_life_ms},
                            .stream = stream});
  }
  if (letter.files.empty()) {
    enter(Event::published);  // Of a dialect that has no result files.
    return;
  }
  write_letter(table_, "results", 1, to_actor(record().tenant, letter), now_);
}

Acknowledge::Reply Batch::obey(const Acknowledge& command) {
  for (const Delivered& delivered : command.delivered)
    if (acknowledge(table_, delivered) && record_ && delivered.subject == "results")
      enter(Event::published);
  return {};
}

void Batch::index() {
  const std::uint32_t done = ledger_.totals().done;
  const bool state_changed = record().state != record().indexed_state || record().revision == 0;
  const bool counts_due =
      done != record().indexed_done && now_ >= record().indexed_at + index_interval_ms;
  if (state_changed || counts_due) write_index_letter(now_);
}

Indexed Batch::carried_along() {
  write_index_letter(now_ + index_grace_ms);
  return {.revision = record().revision, .view = view()};
}

void Batch::write_index_letter(Ms due_at) {
  ++record().revision;
  record().indexed_state = record().state;
  record().indexed_done = ledger_.totals().done;
  record().indexed_at = now_;
  write_letter(
      table_, "index", record().revision,
      to_actor(record().tenant, tenant::IndexBatch{.revision = record().revision, .view = view()}),
      due_at);
}

dialects::BatchView Batch::view() const {
  const ledger::Totals totals = ledger_.totals();
  dialects::BatchView view{.id = record().id,
                           .dialect = record().dialect,
                           .state = record().state,
                           .entered_ms = record().entered_ms,
                           .expires_at_ms = record().expires_at,
                           .request = request_,
                           .input_file = record().input.file_id,
                           .model = record().model,
                           .total = std::max(totals.items, record().items),
                           .lines = totals.lines,
                           .counts = totals.counts,
                           .usage = totals.usage,
                           .result_files = {},
                           .errors_count = 0,
                           .errors = {},
                           .errors_object = {},
                           .results_gone = record().results_gone,
                           .waiting = {}};
  // A state is shown only after the objects it points to exist.
  if (lifecycle::terminal(record().state)) view.result_files = record().result_files;
  if (record().state == State::failed) {
    view.errors_count = record().errors_count;
    view.errors = record().errors;
    view.errors_object = record().errors_object;
  }
  return view;
}

Job Batch::job() const {
  return {.tenant = record().tenant,
          .dialect = record().dialect,
          .request = request_,
          .model = record().model,
          .input = record().lines.value_or(record().input.stream),
          .output_prefix = output_prefix(record().tenant, record().id),
          .brief_key = record().input.stream.brief_key(),
          .concurrency = record().concurrency};
}

Halt Batch::halt() const {
  switch (record().state) {
    case State::cancelling:
    case State::cancelled: return Halt::cancelled;
    case State::expiring:
    case State::expired: return Halt::expired;
    case State::failing:
    case State::failed: return Halt::refused;
    default: return Halt::none;
  }
}

Bytes output_prefix(View tenant, View batch_id) {
  return Bytes("out/").append(tenant).append("/").append(batch_id).append("/");
}

Bytes shard_key(View output_prefix, ledger::Attempt attempt, std::uint32_t number) {
  return Bytes(output_prefix)
      .append(text::decimal(attempt))
      .append(".")
      .append(text::decimal(number));
}

ports::TurnOutput turn(ports::Table& table, const ports::TurnInput& input) {
  return take_turn<Batch, Start, Retrieve, Cancel, Sections, Progress, Abandon, Poke, ForgetResults,
                   Claim, Renew, ReportPlan, ReportShard, ReportMerge, GiveBack, Park, Acknowledge>(
      table, input);
}

}  // namespace edgebatch::actors::batch
