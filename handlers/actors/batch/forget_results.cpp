#include <cstdint>

#include "core/ledger/span.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/actors/letters.hpp"

namespace edgebatch::actors::batch {

// A shard holds lines of all result streams, so objects go when the last file of theirs has gone.
ForgetResults::Reply Batch::obey(const ForgetResults& command) {
  if (!record_ || command.stream >= ledger::streams_count_max) return {};
  record().forgotten[command.stream] = true;
  for (std::uint32_t stream = 0; stream < ledger::streams_count_max; ++stream)
    if (!record().result_files[stream].empty() && !record().forgotten[stream]) return {};
  record().results_gone = true;
  write_letter(table_, "erase", 1, Erasure{.prefix = output_prefix(record().tenant, record().id)},
               now_);
  return {};
}

}  // namespace edgebatch::actors::batch
