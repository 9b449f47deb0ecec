#include "handlers/runner/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/input_check.hpp"
#include "core/dialects/item_plan.hpp"
#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "core/validation/index.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/config.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/plan_items.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::Accepted;
using actors::batch::Condemned;
using actors::batch::Refused;
using actors::batch::Renew;
using actors::batch::ReportPlan;
using validation::Inspection;

namespace {

ports::Task<std::optional<Inspection>> load_inspection(Bytes key) {
  const auto got = co_await ports::GetObject{.key = std::move(key), .offset = 0, .length = {}};
  if (failed(got)) co_return std::nullopt;
  co_return wire::decode<Inspection>(std::get<Bytes>(got));
}

/// The whole input once more. Nothing if it can't be read, or the lease is lost meanwhile.
ports::Task<std::optional<Inspection>> inspect_again(Work* work, const Lease* lease,
                                                     const dialects::InputCheck* check) {
  ports::Context& context = co_await ports::Here{};
  const auto inspector = check->again({context.entropy().draw_u64(), context.entropy().draw_u64()});
  const ports::StoredStream& input = work->job.input;
  Ms renewed_at = lease->leased_at;
  for (std::uint64_t at = 0; at < input.bytes; at += inspect_window_bytes) {
    const auto piece =
        co_await ports::read_stream(input, at, std::min(at + inspect_window_bytes, input.bytes));
    if (failed(piece)) co_return std::nullopt;
    inspector->feed(std::get<Bytes>(piece));
    if (context.now() - renewed_at < renewal_ms) continue;

    const auto got = co_await ports::Tell{
        work->batch_id, Renew{.runner = work->runner, .attempts = {lease->attempt}, .pulse = {}}};
    if (!failed(got) && !std::get<Renew::Reply>(got).lost.empty()) co_return std::nullopt;
    renewed_at = context.now();
  }
  co_return inspector->finish();
}

std::vector<ledger::Stretch> stretches(const std::vector<validation::IndexEntry>& index) {
  std::vector<ledger::Stretch> found;
  found.reserve(index.size());
  for (const validation::IndexEntry& entry : index)
    found.push_back({.first = entry.first,
                     .count = entry.count,
                     .byte_begin = entry.byte_begin,
                     .byte_end = entry.byte_end});
  return found;
}

Accepted accepted(const Inspection& inspection) {
  return {.model = inspection.verdict.model, .stretches = stretches(inspection.index), .lines = {}};
}

/// All errors become an object beside the batch; the batch itself carries the first few.
ports::Task<std::optional<Refused>> refused(Work* work, const Lease* lease, Inspection inspection) {
  Refused plan{.errors_count = inspection.verdict.errors_count,
               .errors = inspection.verdict.errors,
               .errors_object = {}};
  if (plan.errors.size() <= dialects::errors_shown_count_max) co_return plan;

  plan.errors.resize(dialects::errors_shown_count_max);
  // One object an attempt: another attempt may see other errors, if the upstreams have changed.
  plan.errors_object =
      actors::batch::shard_key(work->job.output_prefix, lease->attempt, 0) + ".errors";
  const auto stored = co_await ports::PutObject{
      .key = plan.errors_object, .checksum = {}, .content = wire::encode(inspection)};
  if (failed(stored)) co_return std::nullopt;
  co_return plan;
}

using Plan = std::variant<Accepted, Refused, Condemned>;

/// Of items that name files. Nothing if somebody doesn't answer.
ports::Task<std::optional<Plan>> plan_named_files(Work* work, const Lease* lease, Bytes model) {
  auto planned = co_await plan_items(work, lease);
  if (!planned) co_return std::nullopt;
  Accepted plan{.model = std::move(model),
                .stretches = stretches(planned->index),
                .lines = std::move(planned->lines)};
  if (planned->errors_count == 0) co_return plan;

  Inspection inspection;
  inspection.verdict.errors_count = planned->errors_count;
  inspection.verdict.errors = std::move(planned->errors);
  auto why = co_await refused(work, lease, std::move(inspection));
  if (!why) co_return std::nullopt;
  co_return Condemned{.why = std::move(*why), .plan = std::move(plan)};
}

ports::Task<std::optional<Plan>> make_plan(Work* work, const Lease* lease, bool ranges_only) {
  auto inspection = co_await load_inspection(work->job.input.inspection_key());
  if (!inspection) co_return std::nullopt;

  if (dialects::items_name_files(work->job.dialect) && !ranges_only)
    co_return co_await plan_named_files(work, lease, std::move(inspection->verdict.model));

  if (!ranges_only) {
    const Config* const config = work->config;
    const auto check =
        dialects::input_check(work->job.dialect, work->job.request,
                              [config](View model) { return config->serving(model) != nullptr; });
    if (!check->good(inspection->verdict))
      inspection = co_await inspect_again(work, lease, check.get());
    if (!inspection) co_return std::nullopt;
  }
  if (inspection->verdict.valid()) co_return accepted(*inspection);
  auto refusal = co_await refused(work, lease, std::move(*inspection));
  if (!refusal) co_return std::nullopt;
  co_return std::move(*refusal);
}

}  // namespace

ports::Task<End> plan_batch(Work* work, const Lease* lease, bool ranges_only) {
  auto plan = co_await make_plan(work, lease, ranges_only);
  if (!plan) {
    co_await ports::Tell{
        work->batch_id,
        actors::batch::GiveBack{.runner = work->runner, .attempt = lease->attempt, .parts = {}}};
    co_return End::disturbed;
  }
  const ReportPlan report{
      .runner = work->runner, .attempt = lease->attempt, .plan = std::move(*plan)};
  for (unsigned tries = 0; tries < store_tries_max; ++tries) {
    if (tries > 0) co_await ports::Sleep{text::second_ms << (tries - 1)};
    if (!failed(co_await ports::Tell{work->batch_id, report})) co_return End::done;
  }
  co_return End::disturbed;
}

}  // namespace edgebatch::runner
