#include <cstdint>
#include <utility>
#include <vector>

#include "core/http/message.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"

namespace edgebatch::actors::batch {

namespace {

/// Where a result stream's lines lie in a shard. Pieces that touch are one section.
void append_sections(std::vector<http::Section>& sections, const Bytes& key,
                     const ledger::Shard& shard, std::uint32_t stream) {
  const std::vector<ledger::Lengths> whole{shard.lengths};
  std::uint64_t offset = 0;
  for (const ledger::Lengths& piece : shard.pieces.empty() ? whole : shard.pieces) {
    for (std::uint32_t other = 0; other < ledger::streams_count_max; ++other) {
      const std::uint64_t begin = std::exchange(offset, offset + piece[other]);
      if (other != stream || piece[other] == 0) continue;
      const bool touches = !sections.empty() && sections.back().key == key &&
                           sections.back().offset + sections.back().length == begin;
      if (touches) {
        sections.back().length += piece[other];
      } else {
        sections.push_back({.key = key, .offset = begin, .length = piece[other]});
      }
    }
  }
}

}  // namespace

Sections::Reply Batch::obey(const Sections& command) {
  if (!belongs_to(command.tenant) || command.stream >= ledger::streams_count_max)
    return not_found();

  std::vector<http::Section> sections;
  // The tenant shows the files before its acknowledgement has reached us: what it may show is
  // whole.
  if (!record().publishing) return sections;
  const Bytes prefix = output_prefix(record().tenant, record().id);
  for (const ledger::Span& span : ledger_.spans()) {
    append_sections(sections, shard_key(prefix, span.shard.attempt, span.shard.number), span.shard,
                    command.stream);
  }
  return sections;
}

}  // namespace edgebatch::actors::batch
