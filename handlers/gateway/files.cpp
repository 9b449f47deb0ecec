#include "handlers/gateway/files.hpp"

#include <utility>

#include "core/dialects/dialect.hpp"
#include "core/dialects/objects.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

bool is_file_id(dialects::Dialect dialect, View id) {
  return text::is_sortable_id(dialects::file_id_prefix(dialect), id);
}

Problem no_such_file(Bytes id) {
  return {.code = ProblemCode::file_not_found, .param = "id", .detail = std::move(id)};
}

ports::Task<Or<actors::tenant::FileRow>> find_file(const Call* call) {
  const Bytes id = call->parameters[0];
  // What can't be an id needs no actor to say so.
  if (!is_file_id(call->dialect(), id)) co_return no_such_file(id);
  auto found = co_await ports::Tell{call->tenant, actors::tenant::FindFile{.id = id}};
  if (failed(found)) co_return Problem{.code = ProblemCode::unanswered};
  auto& row = std::get<actors::tenant::FindFile::Reply>(found);
  if (!row) co_return no_such_file(id);
  co_return std::move(*row);
}

}  // namespace edgebatch::gateway
