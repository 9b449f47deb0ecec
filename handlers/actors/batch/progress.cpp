#include <cstdint>

#include "core/http/range.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

Progress::Reply Batch::obey(const Progress& command) {
  if (!belongs_to(command.tenant, command.dialect)) return not_found();

  Progress::Stored stored{.view = view(), .whole = settled(), .length = 0, .sections = {}};
  if (record().results_gone) return stored;
  const Bytes prefix = output_prefix(record().tenant, record().id);
  for (const ledger::Span& span : ledger_.spans()) {
    if (span.state != ledger::SpanState::done) break;
    const std::uint64_t length = span.shard.bytes();
    if (length == 0) continue;
    stored.sections.push_back({.key = shard_key(prefix, span.shard.attempt, span.shard.number),
                               .offset = 0,
                               .length = length});
  }
  stored.length = http::total_length(stored.sections);
  stored.sections = http::slice(stored.sections, command.offset, stored.length);
  return stored;
}

}  // namespace edgebatch::actors::batch
