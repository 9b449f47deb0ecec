#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/http/range.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"
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

http::Response content_response(std::vector<http::Section> sections, Bytes media_type,
                                std::optional<View> range_header) {
  const std::uint64_t size = http::total_length(sections);
  http::Response response{
      .status = 200,
      .headers = {{"content-type", std::move(media_type)}, {"accept-ranges", "bytes"}},
      .body = {}};
  const auto range = http::parse_range(range_header, size);
  if (std::holds_alternative<http::Unsatisfiable>(range)) {
    response.status = 416;
    response.headers.emplace_back("content-range", "bytes */" + text::decimal(size));
    return response;
  }
  std::uint64_t length = size;
  if (const auto* part = std::get_if<http::ByteRange>(&range)) {
    response.status = 206;
    response.headers.emplace_back("content-range",
                                  "bytes " + text::decimal(part->offset) + "-" +
                                      text::decimal(part->offset + part->length - 1) + "/" +
                                      text::decimal(size));
    sections = http::slice(sections, part->offset, part->length);
    length = part->length;
  }
  response.headers.emplace_back("content-length", text::decimal(length));
  response.body = std::move(sections);
  return response;
}

}  // namespace

Reply file_content(Call call) {
  auto file = co_await find_file(&call);
  if (const auto* problem = std::get_if<Problem>(&file)) co_return call.refusal(*problem);
  auto& row = std::get<FileRow>(file);
  Bytes media_type = row.view.media_type.empty() ? "application/octet-stream" : row.view.media_type;
  auto sections = co_await sections_of(call.tenant, std::move(row));
  if (const auto* problem = std::get_if<Problem>(&sections)) co_return call.refusal(*problem);
  co_return content_response(std::get<std::vector<http::Section>>(std::move(sections)),
                             std::move(media_type),
                             http::find_header(call.request.headers, "range"));
}

}  // namespace edgebatch::gateway
