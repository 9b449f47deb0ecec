#include <optional>
#include <variant>

#include "core/dialects/datagrid/file.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/objects.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::gateway {

using actors::tenant::UpdateFile;

Reply update_file(Call call) {
  const Bytes& id = call.parameters[0];
  if (!is_file_id(call.dialect(), id)) co_return call.refusal(no_such_file(id));
  const auto body = co_await read_body(json_body_bytes_max);
  if (const auto* problem = std::get_if<Problem>(&body)) co_return call.refusal(*problem);
  const auto life_ms = dialects::datagrid::parse_update(std::get<Bytes>(body));
  if (const auto* problem = std::get_if<Problem>(&life_ms)) co_return call.refusal(*problem);

  const auto told = co_await ports::Tell{
      call.tenant, UpdateFile{.id = id, .life_ms = std::get<std::optional<Ms>>(life_ms)}};
  if (failed(told)) co_return call.refusal({.code = ProblemCode::unanswered});
  const auto& reply = std::get<UpdateFile::Reply>(told);
  if (const auto* problem = std::get_if<Problem>(&reply)) co_return call.refusal(*problem);
  co_return json_response(dialects::file_json(std::get<dialects::ShownFile>(reply)));
}

}  // namespace edgebatch::gateway
