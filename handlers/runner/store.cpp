#include "handlers/runner/store.hpp"

#include <utility>

#include "core/ledger/ledger.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/siphash.hpp"
#include "core/text/time.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"
#include "handlers/runner/shard.hpp"
#include "handlers/runner/work.hpp"

namespace edgebatch::runner {

using actors::batch::ReportShard;
using actors::batch::Standing;

namespace {

/// No secret: only equal and different content are told apart.
Bytes checksum_of(View content) {
  const text::SipHash hash = text::siphash128({}, content);
  return text::hex(hash[0], 16) + text::hex(hash[1], 16);
}

}  // namespace

ports::Task<bool> put_shard(Bytes key, Bytes content) {
  ports::PutObject put{
      .key = std::move(key), .checksum = checksum_of(content), .content = std::move(content)};
  for (unsigned tries = 0; tries < store_tries_max; ++tries) {
    if (tries > 0) co_await ports::Sleep{text::second_ms << (tries - 1)};
    const auto got = co_await put;
    if (failed(got)) continue;
    const auto& stored = std::get<ports::PutObject::Stored>(got);
    co_return !stored.existed ||
        (stored.size == put.content.size() && stored.checksum == put.checksum);
  }
  co_return false;
}

ports::Task<Standing> store_shard(Work* work, Lease* lease, ShardBuilder lines,
                                  ledger::Stretch stretch) {
  ReportShard report{.runner = work->runner, .stretch = stretch, .shard = lines.shard()};
  report.shard.attempt = lease->attempt;
  report.shard.number = lease->shards++;
  const bool stored = co_await put_shard(
      actors::batch::shard_key(work->job.output_prefix, lease->attempt, report.shard.number),
      lines.content());
  if (!stored) co_return Standing{};

  for (unsigned tries = 0; tries < store_tries_max; ++tries) {
    if (tries > 0) co_await ports::Sleep{text::second_ms << (tries - 1)};
    const auto got = co_await ports::Tell{work->batch_id, report};
    if (!failed(got)) co_return std::get<Standing>(got);
  }
  co_return Standing{};
}

}  // namespace edgebatch::runner
