#include <cstdint>
#include <variant>

#include "core/dialects/openai/batch.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::gateway {

using actors::tenant::ListBatches;

namespace {

constexpr std::uint32_t batches_page_count = 20;
constexpr std::uint32_t batches_page_count_max = 100;

}  // namespace

Reply list_batches(Call call) {
  const auto limit = read_limit(call.query, batches_page_count, batches_page_count_max);
  if (const auto* problem = std::get_if<Problem>(&limit)) co_return refusal(*problem);
  const Bytes after(call.query.find("after").value_or(""));
  if (!after.empty() && !is_batch_id(after))
    co_return refusal({.code = ProblemCode::cursor_unknown, .param = "after", .detail = after});

  const auto page = co_await ports::Tell{
      call.tenant, ListBatches{.after = after, .limit_count = std::get<std::uint32_t>(limit)}};
  if (failed(page)) co_return refusal({.code = ProblemCode::unanswered});
  const auto& [batches, has_more] = std::get<ListBatches::Page>(page);
  co_return json_response(dialects::openai::batch_list_json(batches, has_more));
}

}  // namespace edgebatch::gateway
