#include "handlers/gateway/gateway.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "core/http/message.hpp"
#include "core/http/target.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/authenticate.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/rate_limit.hpp"
#include "handlers/gateway/routes.hpp"
#include "handlers/gateway/spoken.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

namespace {

Problem problem(ProblemCode code, Bytes detail) {
  return {.code = code, .param = {}, .detail = std::move(detail)};
}

/// Whose request it is: known once it is authenticated.
ports::Task<std::optional<Problem>> identify(Call* call) {
  auto tenant = co_await authenticate(call->config, call->spoken, call->request.headers);
  if (auto* wrong = std::get_if<Problem>(&tenant)) co_return std::move(*wrong);
  call->tenant = std::get<Bytes>(std::move(tenant));
  co_return std::nullopt;
}

ports::Task<http::Response> answer(const Config* config, http::Request request,
                                   http::Header request_id) {
  http::Target target = http::parse_target(request.target);
  const Spoken spoken = gateway::spoken(target.segments, request.headers);
  auto found = find_route(http::parse_method(request.method), spoken, target.segments);
  Call call{.config = config,
            .spoken = spoken,
            .request = std::move(request),
            .query = std::move(target.query),
            .parameters = {},
            .answer_headers = {std::move(request_id)},
            .tenant = {}};
  if (std::holds_alternative<NoSuchPath>(found))
    co_return call.refusal(
        problem(ProblemCode::route_not_found, call.request.method + " " + call.request.target));
  if (auto* wrong = std::get_if<WrongMethod>(&found))
    co_return call.refusal(problem(ProblemCode::method_not_allowed, std::move(wrong->allowed)));
  if (!config->error.empty())
    co_return call.refusal(problem(ProblemCode::misconfigured, config->error));

  auto& match = std::get<Match>(found);
  call.parameters = std::move(match.parameters);
  if (match.route->access == Access::open)
    co_return co_await match.route->endpoint(std::move(call));
  if (const auto wrong = co_await identify(&call)) co_return call.refusal(*wrong);
  co_return co_await within_rate_limit(match.route, std::move(call));
}

}  // namespace

ports::Task<http::Response> handle(const Config* config, http::Request request) {
  ports::Context& context = co_await ports::Here{};
  const http::Header request_id{"x-request-id", text::random_id("req_", context.entropy())};
  http::Response response = co_await answer(config, std::move(request), request_id);
  response.headers.push_back(request_id);
  co_return response;
}

bool wants_own_instance(const http::Request& request) {
  const auto segments = http::parse_target(request.target).segments;
  const auto found =
      find_route(http::parse_method(request.method), spoken(segments, request.headers), segments);
  const auto* match = std::get_if<Match>(&found);
  return match != nullptr && match->route->instance == Instance::own;
}

}  // namespace edgebatch::gateway
