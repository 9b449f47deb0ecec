#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::gateway {

Reply delete_file(Call call) {
  const Bytes& id = call.parameters[0];
  if (!is_file_id(call.dialect(), id)) co_return call.refusal(no_such_file(id));
  const auto deleted = co_await ports::Tell{call.tenant, actors::tenant::DeleteFile{.id = id}};
  if (failed(deleted)) co_return call.refusal({.code = ProblemCode::unanswered});
  if (!std::get<bool>(deleted)) co_return call.refusal(no_such_file(id));
  if (call.dialect() == dialects::Dialect::datagrid)
    co_return http::Response{.status = 204, .headers = {}, .body = {}};
  co_return json_response(dialects::openai::deleted_file_json(id));
}

}  // namespace edgebatch::gateway
