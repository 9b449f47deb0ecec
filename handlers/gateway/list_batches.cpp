#include <cstdint>
#include <utility>
#include <variant>

#include "core/dialects/datagrid/batch.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/objects.hpp"
#include "core/lifecycle/lifecycle.hpp"
#include "core/problem/parameter.hpp"
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

/// Only Datagrid's lists can be asked for one status.
Or<Bytes> read_status(const Call& call) {
  if (call.dialect() != dialects::Dialect::datagrid) return Bytes();
  const View given = call.query.find("status").value_or("");
  if (given.empty()) return Bytes();
  if (const auto state = dialects::datagrid::parse_status(given))
    return Bytes(lifecycle::name(*state));
  return problem::unsupported_value("status", given,
                                    {"validating", "in_progress", "finalizing", "completed",
                                     "failed", "expired", "cancelling", "cancelled"});
}

Or<ListBatches> read_query(const Call& call) {
  const auto limit = read_limit(call.query, batches_page_count, batches_page_count_max);
  if (const auto* problem = std::get_if<Problem>(&limit)) return *problem;
  auto status = read_status(call);
  if (auto* problem = std::get_if<Problem>(&status)) return std::move(*problem);
  const Bytes after(call.query.find("after").value_or(""));
  if (!after.empty() && !is_batch_id(call.dialect(), after))
    return Problem{.code = ProblemCode::cursor_unknown, .param = "after", .detail = after};
  return ListBatches{.id_prefix = Bytes(dialects::batch_id_prefix(call.dialect())),
                     .status = std::get<Bytes>(std::move(status)),
                     .after = after,
                     .limit_count = std::get<std::uint32_t>(limit)};
}

}  // namespace

Reply list_batches(Call call) {
  auto query = read_query(call);
  if (const auto* problem = std::get_if<Problem>(&query)) co_return call.refusal(*problem);
  const auto page = co_await ports::Tell{call.tenant, std::get<ListBatches>(std::move(query))};
  if (failed(page)) co_return call.refusal({.code = ProblemCode::unanswered});
  const auto& [batches, has_more] = std::get<ListBatches::Page>(page);
  co_return json_response(
      dialects::batch_list_json(call.dialect(), batches, has_more, call.mount()));
}

}  // namespace edgebatch::gateway
