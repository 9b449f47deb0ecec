#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

Abandon::Reply Batch::obey(const Abandon&) {
  if (record_) return Abandon::Reply::started;
  table_.put(abandoned_key, {});
  return Abandon::Reply::abandoned;
}

}  // namespace edgebatch::actors::batch
