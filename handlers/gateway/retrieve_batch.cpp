#include <utility>
#include <variant>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/batch.hpp"
#include "core/problem/problem.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::batch::Retrieve;

namespace {

/// All errors of a failed batch's input, where the view carries only the first few. If they can't
/// be read, the few are shown, and how many there are.
ports::Task<dialects::BatchView> with_all_errors(dialects::BatchView view) {
  if (view.errors_object.empty()) co_return view;
  const auto object =
      co_await ports::GetObject{.key = view.errors_object, .offset = 0, .length = {}};
  if (failed(object)) co_return view;
  if (auto inspection = wire::decode<validation::Inspection>(std::get<Bytes>(object)))
    view.errors = std::move(inspection->verdict.errors);
  co_return view;
}

}  // namespace

Reply retrieve_batch(Call call) {
  const Bytes& id = call.parameters[0];
  if (!is_batch_id(id)) co_return refusal(no_such_batch(id));
  auto told = co_await ports::Tell{
      id, Retrieve{.tenant = call.tenant, .dialect = dialects::Dialect::openai}};
  if (failed(told)) co_return refusal({.code = ProblemCode::unanswered});
  auto& reply = std::get<Retrieve::Reply>(told);
  if (const auto* problem = std::get_if<Problem>(&reply)) co_return refusal(*problem);
  const auto view = co_await with_all_errors(std::get<dialects::BatchView>(std::move(reply)));
  co_return json_response(dialects::openai::batch_json(view));
}

}  // namespace edgebatch::gateway
