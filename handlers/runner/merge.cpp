#include "handlers/runner/merge.hpp"

#include <optional>
#include <utility>

#include "core/text/bytes.hpp"
#include "core/text/time.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/store.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::GiveBack;
using actors::batch::MergeWork;
using actors::batch::ReportMerge;
using actors::batch::shard_key;

namespace {

/// All pieces, one behind another; nothing if one can't be read, or isn't what it was.
ports::Task<std::optional<Bytes>> read_pieces(const Work* work, const MergeWork* merge) {
  Bytes content;
  for (const MergeWork::Piece& piece : merge->pieces) {
    const auto got = co_await ports::GetObject{
        .key = shard_key(work->job.output_prefix, piece.attempt, piece.number),
        .offset = 0,
        .length = {}};
    if (failed(got) || std::get<Bytes>(got).size() != piece.bytes) co_return std::nullopt;
    content += std::get<Bytes>(got);
  }
  co_return content;
}

/// False if nobody answers, or the merge came too late.
ports::Task<bool> report(const Work* work, ReportMerge merged) {
  for (unsigned tries = 0; tries < store_tries_max; ++tries) {
    if (tries > 0) co_await ports::Sleep{text::second_ms << (tries - 1)};
    const auto got = co_await ports::Tell{work->batch_id, merged};
    if (!failed(got)) co_return std::get<actors::batch::Standing>(got).held;
  }
  co_return false;
}

}  // namespace

ports::Task<End> merge_shards(Work* work, Lease* lease, MergeWork merge) {
  ReportMerge merged{.runner = work->runner, .stretch = merge.stretch, .shard = merge.shard};
  merged.shard.attempt = lease->attempt;
  merged.shard.number = lease->shards++;
  auto content = co_await read_pieces(work, &merge);
  const bool good =
      content &&
      co_await put_shard(shard_key(work->job.output_prefix, lease->attempt, merged.shard.number),
                         std::move(*content)) &&
      co_await report(work, std::move(merged));
  if (good) co_return End::done;
  co_await ports::Tell{work->batch_id,
                       GiveBack{.runner = work->runner, .attempt = lease->attempt, .parts = {}}};
  co_return End::disturbed;
}

}  // namespace edgebatch::runner
