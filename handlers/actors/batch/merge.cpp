// Small shards become larger ones before anybody reads them as files.
#include <utility>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "core/ledger/span.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

// If merging fails again and again, small shards are good enough.
bool Batch::to_be_merged() const {
  return settled() && !record().publishing && record().merge_tries < merge_tries_max &&
         !ledger_.mergeable().empty();
}

bool Batch::merge_wanted() const { return record().plan.attempt == 0 && to_be_merged(); }

MergeWork Batch::merge_work() {
  ++record().merge_tries;
  const std::vector<ledger::Span> spans = ledger_.mergeable();
  MergeWork work;
  work.stretch = {.first = spans.front().first,
                  .count = spans.back().end() - spans.front().first,
                  .byte_begin = spans.front().byte_begin,
                  .byte_end = spans.back().byte_end};
  for (const ledger::Span& span : spans) {
    work.pieces.push_back(
        {.attempt = span.shard.attempt, .number = span.shard.number, .bytes = span.shard.bytes()});
    work.shard.append(span.shard);
  }
  return work;
}

ReportMerge::Reply Batch::obey(const ReportMerge& command) {
  if (!record_) return {};
  ledger::Ledger merged = ledger_;
  const auto reported = merged.merge(command.stretch, command.shard);
  if (reported == ledger::Reported::accepted) {
    if (record().publishing) return standing(false);  // What is registered stays.
    ledger_ = std::move(merged);
    record().merge_tries = 0;
    if (record().plan.attempt == command.shard.attempt) record().plan = {};
    seen(command.runner);
  }
  return standing(reported != ledger::Reported::lost);
}

}  // namespace edgebatch::actors::batch
