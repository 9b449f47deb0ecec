#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/datagrid/create.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/start_batch.hpp"
#include "handlers/ports/context.hpp"

namespace edgebatch::gateway {

using dialects::datagrid::Creation;

namespace {

constexpr Ms results_life_ms = 30 * text::day_ms;  // From the batch's creation on.

/// Every batch prediction expires.
std::vector<Bytes> windows_of(const Config& config) {
  std::vector<Bytes> names;
  for (const Window& window : config.windows)
    if (window.length_ms) names.push_back(window.name);
  return names;
}

NewBatch batch_of(const Call& call, Creation creation, text::Entropy& entropy) {
  NewBatch batch;
  batch.start = start_of(call, wire::encode(creation.create), entropy);
  batch.start.window_ms = call.config->window_ms(creation.create.completion_window);
  batch.start.results_life_ms = results_life_ms;
  batch.start.items = creation.inspection.verdict.items;
  batch.canonical = std::move(creation.canonical);
  batch.items = InlineItems{.lines = std::move(creation.lines),
                            .inspection = wire::encode(creation.inspection),
                            .brief = wire::encode(creation.brief),
                            .files = std::move(creation.file_ids)};
  batch.status = 201;
  return batch;
}

}  // namespace

Reply create_batch_prediction(Call call) {
  const auto body = co_await read_body(dialects::datagrid::create_bytes_max);
  if (const auto* problem = std::get_if<Problem>(&body)) co_return call.refusal(*problem);

  ports::Context& context = co_await ports::Here{};
  const Config* const config = call.config;
  auto parsed = dialects::datagrid::parse_create(
      std::get<Bytes>(body),
      {.windows = windows_of(*config),
       .accepts = [config](View model) { return config->accepts(model); }},
      {context.entropy().draw_u64(), context.entropy().draw_u64()});
  if (const auto* problem = std::get_if<Problem>(&parsed)) co_return call.refusal(*problem);
  NewBatch batch = batch_of(call, std::get<Creation>(std::move(parsed)), context.entropy());
  co_return co_await start_batch(std::move(call), std::move(batch));
}

}  // namespace edgebatch::gateway
