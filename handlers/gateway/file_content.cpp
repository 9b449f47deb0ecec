#include <utility>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/content_response.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::batch::Sections;
using actors::tenant::FileRow;

namespace {

/// Where the file's bytes are stored.
ports::Task<Or<std::vector<http::Section>>> sections_of(Bytes tenant, FileRow file) {
  if (!file.result) co_return file.stream.sections(0, file.stream.bytes);
  auto told = co_await ports::Tell{
      file.result->batch_id, Sections{.tenant = std::move(tenant), .stream = file.result->stream}};
  if (failed(told)) co_return Problem{.code = ProblemCode::unanswered};
  co_return std::get<Sections::Reply>(std::move(told));
}

}  // namespace

Reply file_content(Call call) {
  auto file = co_await find_file(&call);
  if (const auto* problem = std::get_if<Problem>(&file)) co_return call.refusal(*problem);
  auto& row = std::get<FileRow>(file);
  Bytes media_type = row.view.media_type.empty() ? "application/octet-stream" : row.view.media_type;
  Bytes entity_tag = row.sha256.empty() ? call.parameters[0] : row.sha256;
  auto sections = co_await sections_of(call.tenant, std::move(row));
  if (const auto* problem = std::get_if<Problem>(&sections)) co_return call.refusal(*problem);
  co_return content_response({.sections = std::get<std::vector<http::Section>>(std::move(sections)),
                              .media_type = std::move(media_type),
                              .entity_tag = std::move(entity_tag)},
                             call.request.headers);
}

}  // namespace edgebatch::gateway
