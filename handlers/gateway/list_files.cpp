#include <cstdint>
#include <utility>
#include <variant>

#include "core/dialects/dialect.hpp"
#include "core/dialects/objects.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/table.hpp"

namespace edgebatch::gateway {

using actors::tenant::ListFiles;

namespace {

// The vendors' pages.
constexpr std::uint32_t files_page_count_max = 10'000;  // OpenAI's, and its default.
constexpr std::uint32_t datagrid_files_page_count = 20;
constexpr std::uint32_t datagrid_files_page_count_max = 100;

Or<Bytes> read_cursor(const Call& call, View name) {
  const View cursor = call.query.find(name).value_or("");
  if (cursor.empty() || is_file_id(call.dialect(), cursor)) return Bytes(cursor);
  return Problem{
      .code = ProblemCode::cursor_unknown, .param = Bytes(name), .detail = Bytes(cursor)};
}

Or<ListFiles> read_openai_query(const Call& call) {
  const auto limit = read_limit(call.query, files_page_count_max, files_page_count_max);
  if (const auto* problem = std::get_if<Problem>(&limit)) return *problem;

  const View order = call.query.find("order").value_or("desc");
  if (order != "asc" && order != "desc")
    return Problem{.code = ProblemCode::parameter_value,
                   .param = "order",
                   .detail = "Invalid value for 'order': supported values are 'asc' and 'desc'."};

  auto after = read_cursor(call, "after");
  if (auto* problem = std::get_if<Problem>(&after)) return std::move(*problem);
  return ListFiles{.id_prefix = Bytes(dialects::file_id_prefix(call.dialect())),
                   .purpose = Bytes(call.query.find("purpose").value_or("")),
                   .after = std::get<Bytes>(std::move(after)),
                   .before = {},
                   .order = order == "asc" ? ports::Order::ascending : ports::Order::descending,
                   .limit_count = std::get<std::uint32_t>(limit)};
}

Or<ListFiles> read_datagrid_query(const Call& call) {
  const auto limit =
      read_limit(call.query, datagrid_files_page_count, datagrid_files_page_count_max);
  if (const auto* problem = std::get_if<Problem>(&limit)) return *problem;
  auto after = read_cursor(call, "after");
  if (auto* problem = std::get_if<Problem>(&after)) return std::move(*problem);
  auto before = read_cursor(call, "before");
  if (auto* problem = std::get_if<Problem>(&before)) return std::move(*problem);
  return ListFiles{.id_prefix = Bytes(dialects::file_id_prefix(call.dialect())),
                   .purpose = {},
                   .after = std::get<Bytes>(std::move(after)),
                   .before = std::get<Bytes>(std::move(before)),
                   .order = ports::Order::descending,
                   .limit_count = std::get<std::uint32_t>(limit)};
}

}  // namespace

Reply list_files(Call call) {
  const bool is_datagrid = call.dialect() == dialects::Dialect::datagrid;
  auto query = is_datagrid ? read_datagrid_query(call) : read_openai_query(call);
  if (const auto* problem = std::get_if<Problem>(&query)) co_return call.refusal(*problem);
  const auto page = co_await ports::Tell{call.tenant, std::get<ListFiles>(std::move(query))};
  if (failed(page)) co_return call.refusal({.code = ProblemCode::unanswered});
  const auto& [files, has_more] = std::get<ListFiles::Page>(page);
  co_return json_response(dialects::file_list_json(call.dialect(), files, has_more));
}

}  // namespace edgebatch::gateway
