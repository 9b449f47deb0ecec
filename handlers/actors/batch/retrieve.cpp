#include "handlers/actors/batch/batch.hpp"

namespace edgebatch::actors::batch {

Retrieve::Reply Batch::obey(const Retrieve& command) {
  if (!belongs_to(command.tenant, command.dialect)) return not_found();
  return view();
}

}  // namespace edgebatch::actors::batch
