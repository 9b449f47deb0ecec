#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/openai/models.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

namespace {

constexpr std::uint64_t models_bytes_max = 4 * 1024 * 1024;
constexpr std::uint64_t models_timeout_ms = 20'000;

/// The names on the upstream's own list.
ports::Task<Or<std::vector<Bytes>>> ask_for_models(Upstream upstream) {
  ports::AskUpstream ask{.method = "GET",
                         .url = upstream.url + "/models",
                         .headers = {{"accept", "application/json"}},
                         .wanted_headers = {},
                         .answer_bytes_max = models_bytes_max,
                         .timeout_ms = models_timeout_ms,
                         .body = {}};
  if (!upstream.key.empty()) ask.headers.emplace_back("authorization", "Bearer " + upstream.key);
  auto got = co_await ask;
  if (failed(got)) co_return Problem{.code = ProblemCode::upstream_unreachable};
  auto& answered = std::get<ports::AskUpstream::Answered>(got);
  auto models = dialects::openai::model_names(answered.body);
  if (answered.status != 200 || !models)
    co_return Problem{.code = ProblemCode::upstream_unreachable};
  co_return std::move(*models);
}

}  // namespace

// Models are listed where the operator has listed them; an upstream that serves any model is asked
// for its own list.
Reply list_models(Call call) {
  std::vector<Bytes> names;
  for (const Upstream& upstream : call.config->upstreams) {
    if (upstream.is_sandbox()) names.emplace_back("sandbox");
    for (const auto& [name, own] : upstream.models) names.push_back(name);
    if (!upstream.models.empty() || upstream.is_sandbox()) continue;

    auto listed = co_await ask_for_models(upstream);
    if (const auto* problem = std::get_if<Problem>(&listed)) co_return call.refusal(*problem);
    for (Bytes& name : std::get<std::vector<Bytes>>(listed)) names.push_back(std::move(name));
  }
  co_return json_response(dialects::openai::model_list_json(names));
}

}  // namespace edgebatch::gateway
