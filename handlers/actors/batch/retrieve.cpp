#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

Retrieve::Reply Batch::obey(const Retrieve& command) {
  if (!belongs_to(command.tenant, command.dialect)) return not_found();
  return view();
}

}  // namespace edgebatch::actors::batch
