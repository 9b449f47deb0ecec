#include "handlers/gateway/files.hpp"

#include <utility>

#include "core/dialects/openai/file.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

Problem no_such_file(Bytes id) {
  return {.code = ProblemCode::file_not_found, .param = "id", .detail = std::move(id)};
}

ports::Task<Or<actors::tenant::FileRow>> find_file(Bytes tenant, Bytes id) {
  // What can't be an id needs no actor to say so.
  if (!text::is_sortable_id(dialects::openai::file_id_prefix, id))
    co_return no_such_file(std::move(id));
  auto found = co_await ports::Tell{tenant, actors::tenant::FindFile{.id = id}};
  if (failed(found)) co_return Problem{.code = ProblemCode::unanswered};
  auto& row = std::get<actors::tenant::FindFile::Reply>(found);
  if (!row) co_return no_such_file(std::move(id));
  co_return std::move(*row);
}

}  // namespace edgebatch::gateway
