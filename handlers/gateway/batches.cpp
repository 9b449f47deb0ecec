#include "handlers/gateway/batches.hpp"

#include <cstdint>
#include <utility>
#include <variant>

#include "core/dialects/batch_view.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/objects.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "core/text/number.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
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

bool is_batch_id(dialects::Dialect dialect, View id) {
  return text::is_sortable_id(dialects::batch_id_prefix(dialect), id);
}

Problem no_such_batch(Bytes id) {
  return {.code = ProblemCode::batch_not_found, .param = {}, .detail = std::move(id)};
}

ports::Task<http::Response> indexed_batch(const Call* call, actors::batch::Indexed indexed,
                                          std::uint32_t status) {
  const actors::tenant::IndexBatch index{.revision = indexed.revision,
                                         .view = std::move(indexed.view)};
  co_await ports::Tell{call->tenant, index};
  co_return json_response(dialects::batch_json(index.view, call->mount()), status);
}

ports::Task<http::Response> current_batch(const Call* call, Bytes id, std::uint32_t status) {
  auto told =
      co_await ports::Tell{id, Retrieve{.tenant = call->tenant, .dialect = call->dialect()}};
  if (failed(told)) co_return call->refusal({.code = ProblemCode::unanswered});
  auto& reply = std::get<Retrieve::Reply>(told);
  if (const auto* problem = std::get_if<Problem>(&reply)) co_return call->refusal(*problem);
  const auto view = co_await with_all_errors(std::get<dialects::BatchView>(std::move(reply)));
  http::Response response = json_response(dialects::batch_json(view, call->mount()), status);
  // Not in the object, since that is the vendor's.
  if (view.runners > 0)
    response.headers.emplace_back("x-edgebatch-runners", text::decimal(view.runners));
  co_return response;
}

}  // namespace edgebatch::gateway
