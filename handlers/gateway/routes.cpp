#include "handlers/gateway/routes.hpp"

#include <array>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "handlers/gateway/endpoints.hpp"

namespace edgebatch::gateway {

namespace {

using http::Method;

constexpr auto routes = std::to_array<Route>({
    {Method::get, Mount::root, "/healthz", health, Access::open},

    {Method::get, Mount::dialect, "/models", list_models},

    {Method::post, Mount::dialect, "/files", create_file, Access::key, Instance::own},
    {Method::get, Mount::dialect, "/files", list_files},
    {Method::get, Mount::dialect, "/files/{}", retrieve_file},
    {Method::del, Mount::dialect, "/files/{}", delete_file},
    {Method::get, Mount::dialect, "/files/{}/content", file_content},

    {Method::post, Mount::dialect, "/batches", create_batch},
    {Method::get, Mount::dialect, "/batches", list_batches},
    {Method::get, Mount::dialect, "/batches/{}", retrieve_batch},
    {Method::post, Mount::dialect, "/batches/{}/cancel", cancel_batch},
});

View method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::del: return "DELETE";
    default: return {};
  }
}

using Segments = std::span<const Bytes>;

/// What lies below the mount that the path begins with.
std::optional<Segments> below(Mount mount, Segments path) {
  if (mount == Mount::root) return path;
  if (!path.empty() && path[0] == "v1") return path.subspan(1);
  if (path.size() >= 2 && path[0] == "openai" && path[1] == "v1") return path.subspan(2);
  return std::nullopt;
}

std::optional<std::vector<Bytes>> match(View pattern, Segments path) {
  std::vector<Bytes> parameters;
  for (const Bytes& segment : path) {
    if (pattern.empty()) return std::nullopt;
    pattern.remove_prefix(1);  // The slash.
    const View expected = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(expected.size());
    if (expected == "{}") {
      if (segment.empty()) return std::nullopt;
      parameters.push_back(segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty()) return std::nullopt;
  return parameters;
}

}  // namespace

std::variant<Match, NoSuchPath, WrongMethod> find_route(Method method,
                                                        const std::vector<Bytes>& segments) {
  Bytes allowed;
  for (const Route& route : routes) {
    const auto path = below(route.mount, segments);
    auto parameters = path ? match(route.path, *path) : std::nullopt;
    if (!parameters) continue;
    if (route.method == method) return Match{.route = &route, .parameters = std::move(*parameters)};
    allowed.append(allowed.empty() ? "" : ", ").append(method_name(route.method));
  }
  if (allowed.empty()) return NoSuchPath{};
  return WrongMethod{.allowed = std::move(allowed)};
}

}  // namespace edgebatch::gateway
