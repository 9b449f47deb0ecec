#include "handlers/gateway/call.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/http/message.hpp"
#include "core/http/target.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

http::Response json_response(Bytes json, std::uint32_t status) {
  return {
      .status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(json)};
}

ports::Task<Or<Bytes>> read_body(std::size_t bytes_max) {
  Bytes body;
  for (;;) {
    const auto piece = co_await ports::ReadBody{};
    if (failed(piece, ports::Fault::absent)) co_return body;
    if (failed(piece)) co_return Problem{.code = ProblemCode::upload_interrupted};
    body += std::get<Bytes>(piece);
    if (body.size() > bytes_max)
      co_return Problem{.code = ProblemCode::body_too_large, .detail = text::decimal(bytes_max)};
  }
}

Or<std::uint32_t> read_limit(const http::Query& query, std::uint32_t fallback, std::uint32_t max) {
  const auto given = query.find("limit");
  if (!given) return fallback;
  const auto limit = text::parse_decimal(*given);
  if (limit && *limit >= 1 && *limit <= max) return static_cast<std::uint32_t>(*limit);
  return Problem{.code = ProblemCode::parameter_value,
                 .param = "limit",
                 .detail = "Invalid value for 'limit': expected an integer from 1 to " +
                           text::decimal(max) + "."};
}

}  // namespace edgebatch::gateway
