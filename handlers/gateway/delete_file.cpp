#include "core/dialects/openai/file.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::gateway {

Reply delete_file(Call call) {
  const Bytes& id = call.parameters[0];
  if (!text::is_sortable_id(dialects::openai::file_id_prefix, id))
    co_return refusal(no_such_file(id));
  const auto deleted = co_await ports::Tell{call.tenant, actors::tenant::DeleteFile{.id = id}};
  if (failed(deleted)) co_return refusal({.code = ProblemCode::unanswered});
  if (!std::get<bool>(deleted)) co_return refusal(no_such_file(id));
  co_return json_response(dialects::openai::deleted_file_json(id));
}

}  // namespace edgebatch::gateway
