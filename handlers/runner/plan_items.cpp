#include "handlers/runner/plan_items.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/dialects/item_plan.hpp"
#include "core/http/stored_stream.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::tenant::PinnedFiles;
using dialects::ItemFile;

namespace {

dialects::ItemPlan plan_with(dialects::Dialect dialect, View lines,
                             const std::vector<ItemFile>& files) {
  std::map<View, const ItemFile*> by_id;
  for (const ItemFile& file : files) by_id.emplace(file.view.id, &file);
  return dialects::plan_items(dialect, lines, [&by_id](View id) -> const ItemFile* {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  });
}

/// One folder an attempt, so that no two plans are mixed.
ports::Task<bool> store_lines(http::StoredStream* stream, Bytes lines) {
  stream->bytes = lines.size();
  const View all = lines;
  for (std::size_t at = 0; at < all.size(); at += http::part_bytes) {
    const auto stored =
        co_await ports::PutObject{.key = stream->part_key(at / http::part_bytes),
                                  .checksum = {},
                                  .content = Bytes(all.substr(at, http::part_bytes))};
    if (failed(stored)) co_return false;
  }
  co_return true;
}

}  // namespace

ports::Task<std::optional<PlannedItems>> plan_items(Work* work, const Lease* lease) {
  const http::StoredStream input = work->job.input;
  auto lines = co_await ports::read_stream(input, 0, input.bytes);
  if (failed(lines)) co_return std::nullopt;
  auto files = co_await ports::Tell{
      work->job.tenant, PinnedFiles{.batch_id = work->batch_id, .dialect = work->job.dialect}};
  if (failed(files)) co_return std::nullopt;

  auto plan =
      plan_with(work->job.dialect, std::get<Bytes>(lines), std::get<PinnedFiles::Reply>(files));
  PlannedItems planned{
      .lines = {.prefix = work->job.output_prefix + text::decimal(lease->attempt) + ".plan/"},
      .index = std::move(plan.index),
      .errors_count = plan.errors_count,
      .errors = std::move(plan.errors)};
  if (!co_await store_lines(&planned.lines, std::move(plan.lines))) co_return std::nullopt;
  co_return planned;
}

}  // namespace edgebatch::runner
