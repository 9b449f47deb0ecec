#include "handlers/gateway/rate_limit.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/http/message.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "handlers/actors/meter/commands.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/routes.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/effect.hpp"

namespace edgebatch::gateway {

using actors::meter::Count;

namespace {

constexpr Ms second_ms = 1'000;

/// Rounded up: whoever waits so long has waited long enough.
Bytes seconds(Ms duration) {
  return text::decimal(static_cast<std::uint64_t>((duration + second_ms - 1) / second_ms));
}

Bytes retry_after(const Count::Counted& counted) {
  return seconds(std::max(counted.retry_after_ms, second_ms));
}

std::vector<http::Header> headers_of(std::uint32_t limit, const Count::Counted& counted) {
  std::vector<http::Header> headers = {
      {"x-ratelimit-limit", text::decimal(limit)},
      {"x-ratelimit-remaining", text::decimal(counted.remaining)},
      {"x-ratelimit-reset", seconds(counted.reset_at)},
  };
  if (counted.remaining == 0) headers.emplace_back("retry-after", retry_after(counted));
  return headers;
}

/// In place of others of these names: whatever else there is to wait for, nothing is let in before.
void set(std::vector<http::Header>& headers, const std::vector<http::Header>& ours) {
  for (const http::Header& our : ours) {
    std::erase_if(headers, [&](const http::Header& other) { return other.first == our.first; });
    headers.push_back(our);
  }
}

}  // namespace

Reply within_rate_limit(const Route* route, Call call) {
  const std::uint32_t limit = call.config->rate_limit;
  const bool metered = call.dialect() == dialects::Dialect::datagrid && limit > 0;
  if (!metered) co_return co_await route->endpoint(std::move(call));

  const auto told = co_await ports::Tell{
      call.tenant, Count{.route = name_of(*route), .limit = limit, .window_ms = rate_window_ms}};
  if (failed(told)) co_return co_await route->endpoint(std::move(call));

  const auto& counted = std::get<Count::Counted>(told);
  const auto headers = headers_of(limit, counted);
  http::Response response;
  if (counted.allowed) {
    set(call.answer_headers, headers);  // For an answer that is written while its endpoint runs.
    response = co_await route->endpoint(std::move(call));
  } else {
    response = call.refusal({.code = ProblemCode::rate_limited, .detail = retry_after(counted)});
  }
  set(response.headers, headers);
  co_return response;
}

}  // namespace edgebatch::gateway
