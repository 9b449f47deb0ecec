#include "core/lifecycle/lifecycle.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/batch.hpp"
#include "handlers/actors/batch/commands.hpp"

namespace edgebatch::actors::batch {

namespace {

/// Clients don't know the internal states: such a batch is as good as what it is about to become.
lifecycle::State outwardly(lifecycle::State state) {
  switch (state) {
    case lifecycle::State::failing: return lifecycle::State::failed;
    case lifecycle::State::expiring: return lifecycle::State::expired;
    default: return state;
  }
}

}  // namespace

Cancel::Reply Batch::obey(const Cancel& command) {
  if (!belongs_to(command.tenant, command.dialect)) return not_found();
  if (!enter(lifecycle::Event::cancel))
    return Problem{.code = ProblemCode::batch_not_cancellable,
                   .param = {},
                   .detail = Bytes(lifecycle::name(outwardly(record().state)))};
  return carried_along();
}

}  // namespace edgebatch::actors::batch
