#include <cstdint>
#include <utility>
#include <variant>

#include "core/dialects/openai/file.hpp"
#include "core/http/target.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::gateway {

using actors::tenant::ListFiles;

namespace {

constexpr std::uint32_t files_page_count_max = 10'000;  // The vendor's, and its default.

Or<ListFiles> read_query(const http::Query& query) {
  const auto limit = read_limit(query, files_page_count_max, files_page_count_max);
  if (const auto* problem = std::get_if<Problem>(&limit)) return *problem;

  const View order = query.find("order").value_or("desc");
  if (order != "asc" && order != "desc")
    return Problem{.code = ProblemCode::parameter_value,
                   .param = "order",
                   .detail = "Invalid value for 'order': supported values are 'asc' and 'desc'."};

  const View after = query.find("after").value_or("");
  if (!after.empty() && !text::is_sortable_id(dialects::openai::file_id_prefix, after))
    return Problem{.code = ProblemCode::cursor_unknown, .param = "after", .detail = Bytes(after)};

  return ListFiles{.purpose = Bytes(query.find("purpose").value_or("")),
                   .after = Bytes(after),
                   .order = order == "asc" ? ports::Order::ascending : ports::Order::descending,
                   .limit_count = std::get<std::uint32_t>(limit)};
}

}  // namespace

Reply list_files(Call call) {
  auto query = read_query(call.query);
  if (const auto* problem = std::get_if<Problem>(&query)) co_return refusal(*problem);
  const auto page = co_await ports::Tell{call.tenant, std::get<ListFiles>(std::move(query))};
  if (failed(page)) co_return refusal({.code = ProblemCode::unanswered});
  const auto& [files, has_more] = std::get<ListFiles::Page>(page);
  co_return json_response(dialects::openai::file_list_json(files, has_more));
}

}  // namespace edgebatch::gateway
