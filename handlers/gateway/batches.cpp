#include "handlers/gateway/batches.hpp"

#include <utility>

#include "core/dialects/openai/batch.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

bool is_batch_id(View id) { return text::is_sortable_id(dialects::openai::batch_id_prefix, id); }

Problem no_such_batch(Bytes id) {
  return {.code = ProblemCode::batch_not_found, .detail = std::move(id)};
}

ports::Task<http::Response> indexed_batch(Bytes tenant, actors::batch::Indexed indexed) {
  const actors::tenant::IndexBatch index{.revision = indexed.revision,
                                         .view = std::move(indexed.view)};
  co_await ports::Tell{std::move(tenant), index};
  co_return json_response(dialects::openai::batch_json(index.view));
}

}  // namespace edgebatch::gateway
