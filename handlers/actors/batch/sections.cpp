#include <cstdint>
#include <vector>

#include "core/http/message.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

Sections::Reply Batch::obey(const Sections& command) {
  if (!belongs_to(command.tenant) || command.stream >= ledger::streams_count_max)
    return not_found();

  std::vector<http::Section> sections;
  // The tenant shows the files before its acknowledgement has reached us: what it may show is
  // whole.
  if (!record().publishing) return sections;
  const Bytes prefix = output_prefix(record().tenant, record().id);
  for (const ledger::Span& span : ledger_.spans()) {
    const ledger::Shard& shard = span.shard;
    if (shard.lengths[command.stream] == 0) continue;
    std::uint64_t offset = 0;
    for (std::uint32_t before = 0; before < command.stream; ++before)
      offset += shard.lengths[before];
    sections.push_back({.key = shard_key(prefix, shard.attempt, shard.number),
                        .offset = offset,
                        .length = shard.lengths[command.stream]});
  }
  return sections;
}

}  // namespace edgebatch::actors::batch
