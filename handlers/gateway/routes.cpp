#include "handlers/gateway/routes.hpp"

#include <array>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/http/message.hpp"
#include "core/text/bytes.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/spoken.hpp"

namespace edgebatch::gateway {

namespace {

using http::Method;

constexpr auto routes = std::to_array<Route>({
    {Method::get, Speaker::anybody, "/healthz", health, Access::open},

    {Method::get, Speaker::openai, "/models", list_models},

    {Method::post, Speaker::openai, "/files", create_file, Access::key, Instance::own},
    {Method::get, Speaker::openai, "/files", list_files},
    {Method::get, Speaker::openai, "/files/{}", retrieve_file},
    {Method::del, Speaker::openai, "/files/{}", delete_file},
    {Method::get, Speaker::openai, "/files/{}/content", file_content},
    {Method::get, Speaker::openai, "/files/{}/verdict", file_verdict, Access::key, Instance::own},

    {Method::post, Speaker::openai, "/batches", create_batch},
    {Method::post, Speaker::openai, "/batches/validate", validate_input, Access::key,
     Instance::own},
    {Method::get, Speaker::openai, "/batches", list_batches},
    {Method::get, Speaker::openai, "/batches/{}", retrieve_batch},
    {Method::post, Speaker::openai, "/batches/{}/cancel", cancel_batch},
    {Method::get, Speaker::openai, "/batches/{}/results", batch_results},

    {Method::post, Speaker::datagrid, "/files", create_file, Access::key, Instance::own},
    {Method::get, Speaker::datagrid, "/files", list_files},
    {Method::get, Speaker::datagrid, "/files/{}", retrieve_file},
    {Method::patch, Speaker::datagrid, "/files/{}", update_file},
    {Method::del, Speaker::datagrid, "/files/{}", delete_file},
    {Method::get, Speaker::datagrid, "/files/{}/content", file_content},

    {Method::post, Speaker::datagrid, "/batch-predictions", create_batch_prediction, Access::key,
     Instance::own},
    {Method::get, Speaker::datagrid, "/batch-predictions", list_batches},
    {Method::get, Speaker::datagrid, "/batch-predictions/{}", retrieve_batch},
    {Method::post, Speaker::datagrid, "/batch-predictions/{}/cancel", cancel_batch},
    {Method::get, Speaker::datagrid, "/batch-predictions/{}/results", batch_results},
});

Speaker speaker_of(const Spoken& spoken) {
  if (spoken.mount == Mount::root) return Speaker::anybody;
  return spoken.dialect == dialects::Dialect::datagrid ? Speaker::datagrid : Speaker::openai;
}

View method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    default: return {};
  }
}

using Segments = std::span<const Bytes>;

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

Bytes name_of(const Route& route) {
  return Bytes(method_name(route.method)).append(" ").append(route.path);
}

std::variant<Match, NoSuchPath, WrongMethod> find_route(Method method, const Spoken& spoken,
                                                        const std::vector<Bytes>& segments) {
  const Segments path = Segments(segments).subspan(segments_count(spoken.mount));
  Bytes allowed;
  for (const Route& route : routes) {
    if (route.speaker != speaker_of(spoken)) continue;
    auto parameters = match(route.path, path);
    if (!parameters) continue;
    if (route.method == method) return Match{.route = &route, .parameters = std::move(*parameters)};
    allowed.append(allowed.empty() ? "" : ", ").append(method_name(route.method));
  }
  if (allowed.empty()) return NoSuchPath{};
  return WrongMethod{.allowed = std::move(allowed)};
}

}  // namespace edgebatch::gateway
