// `GET /files/{id}/verdict`: what was found when the file was uploaded; and what a batch would find
// that is created now, with the models that are served and the query's endpoint.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/openai/input.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/files.hpp"
#include "handlers/gateway/input_verdict.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::tenant::FileRow;
using dialects::openai::Expected;
using validation::Inspection;
using validation::Verdict;

namespace {

constexpr std::uint64_t window_bytes = 1024 * 1024;  // Read at a time.

/// Whether nothing of what the verdict doesn't know could make it another one.
bool stands(const Verdict& verdict, const Expected& expected) {
  // Kinds that aren't listed could be any.
  if (std::max(verdict.urls.size(), verdict.models.size()) == validation::kinds_count_max)
    return false;
  const auto fits = [&](const validation::Counted& url) {
    return expected.endpoint.empty() || url.value == expected.endpoint;
  };
  const auto served = [&](const validation::Counted& model) {
    return expected.serves(model.value);
  };
  return std::ranges::all_of(verdict.urls, fits) && std::ranges::all_of(verdict.models, served);
}

ports::Task<Or<Verdict>> inspect_again(ports::StoredStream stream, Expected expected) {
  ports::Context& context = co_await ports::Here{};
  dialects::openai::Inspector inspector(
      {context.entropy().draw_u64(), context.entropy().draw_u64()}, std::move(expected));
  for (std::uint64_t at = 0; at < stream.bytes; at += window_bytes) {
    const auto piece =
        co_await ports::read_stream(stream, at, std::min(at + window_bytes, stream.bytes));
    if (failed(piece)) co_return Problem{.code = ProblemCode::unanswered};
    inspector.feed(std::get<Bytes>(piece));
  }
  co_return inspector.finish().verdict;
}

ports::Task<Or<Verdict>> verdict_of(FileRow file, Expected expected) {
  const auto got =
      co_await ports::GetObject{.key = file.stream.inspection_key(), .offset = 0, .length = {}};
  if (failed(got)) co_return Problem{.code = ProblemCode::unanswered};
  auto inspection = wire::decode<Inspection>(std::get<Bytes>(got));
  if (!inspection || !stands(inspection->verdict, expected))
    co_return co_await inspect_again(std::move(file.stream), std::move(expected));
  co_return std::move(inspection->verdict);
}

}  // namespace

Reply file_verdict(Call call) {
  auto expected = expected_of(call);
  if (const auto* problem = std::get_if<Problem>(&expected)) co_return call.refusal(*problem);
  auto file = co_await find_file(&call);
  if (const auto* problem = std::get_if<Problem>(&file)) co_return call.refusal(*problem);
  auto& row = std::get<FileRow>(file);
  if (row.view.purpose != "batch")
    co_return call.refusal({.code = ProblemCode::parameter_value,
                            .param = "id",
                            .detail = "Only the input of a batch has a verdict: this file was not "
                                      "uploaded with purpose 'batch'."});
  const auto verdict = co_await verdict_of(std::move(row), std::get<Expected>(std::move(expected)));
  if (const auto* problem = std::get_if<Problem>(&verdict)) co_return call.refusal(*problem);
  co_return verdict_response(std::get<Verdict>(verdict));
}

}  // namespace edgebatch::gateway
