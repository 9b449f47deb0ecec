#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"

namespace edgebatch::actors::batch {

Cancel::Reply Batch::obey(const Cancel& command) {
  if (!belongs_to(command.tenant, command.dialect)) return not_found();
  if (!enter(lifecycle::Event::cancel))
    return Problem{.code = ProblemCode::batch_not_cancellable,
                   .param = {},
                   .detail = Bytes(lifecycle::name(record_->state))};
  return carried_along();
}

}  // namespace edgebatch::actors::batch
