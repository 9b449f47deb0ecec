#include "handlers/gateway/gateway.hpp"

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
#include "handlers/gateway/routes.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

namespace {

http::Response refuse(ProblemCode code, Bytes detail) {
  return refusal({.code = code, .param = {}, .detail = std::move(detail)});
}

ports::Task<http::Response> answer(const Config* config, http::Request request) {
  http::Target target = http::parse_target(request.target);
  auto found = find_route(http::parse_method(request.method), target.segments);
  if (std::holds_alternative<NoSuchPath>(found))
    co_return refuse(ProblemCode::route_not_found, request.method + " " + request.target);
  if (auto* wrong = std::get_if<WrongMethod>(&found))
    co_return refuse(ProblemCode::method_not_allowed, std::move(wrong->allowed));
  if (!config->error.empty()) co_return refuse(ProblemCode::misconfigured, config->error);

  auto& match = std::get<Match>(found);
  Call call{.config = config,
            .request = std::move(request),
            .query = std::move(target.query),
            .parameters = std::move(match.parameters),
            .tenant = {}};
  if (match.route->access == Access::key) {
    auto tenant = co_await authenticate(call.request.headers);
    if (auto* problem = std::get_if<Problem>(&tenant)) co_return refusal(*problem);
    call.tenant = std::get<Bytes>(std::move(tenant));
  }
  co_return co_await match.route->endpoint(std::move(call));
}

}  // namespace

ports::Task<http::Response> handle(const Config* config, http::Request request) {
  ports::Context& context = co_await ports::Here{};
  const Bytes request_id = text::random_id("req_", context.entropy());
  http::Response response = co_await answer(config, std::move(request));
  response.headers.emplace_back("x-request-id", request_id);
  co_return response;
}

bool wants_own_instance(const http::Request& request) {
  const auto found =
      find_route(http::parse_method(request.method), http::parse_target(request.target).segments);
  const auto* match = std::get_if<Match>(&found);
  return match != nullptr && match->route->instance == Instance::own;
}

}  // namespace edgebatch::gateway
