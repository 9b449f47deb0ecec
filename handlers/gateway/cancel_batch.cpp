#include <utility>
#include <variant>

#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::gateway {

using actors::batch::Cancel;

Reply cancel_batch(Call call) {
  const Bytes& id = call.parameters[0];
  if (!is_batch_id(call.dialect(), id)) co_return call.refusal(no_such_batch(id));
  auto told = co_await ports::Tell{id, Cancel{.tenant = call.tenant, .dialect = call.dialect()}};
  // If the answer was lost, the client may ask again: cancelling twice is one cancel.
  if (failed(told)) co_return call.refusal({.code = ProblemCode::unanswered});
  auto& reply = std::get<Cancel::Reply>(told);
  if (const auto* problem = std::get_if<Problem>(&reply)) co_return call.refusal(*problem);
  co_return co_await indexed_batch(&call, std::get<actors::batch::Indexed>(std::move(reply)));
}

}  // namespace edgebatch::gateway
