#include <variant>

#include "core/dialects/objects.hpp"
#include "core/problem/problem.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"

namespace edgebatch::gateway {

Reply retrieve_file(Call call) {
  const auto file = co_await find_file(&call);
  if (const auto* problem = std::get_if<Problem>(&file)) co_return call.refusal(*problem);
  co_return json_response(dialects::file_json(std::get<actors::tenant::FileRow>(file).shown()));
}

}  // namespace edgebatch::gateway
