#include <utility>
#include <variant>

#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/json/value.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/start_batch.hpp"
#include "handlers/ports/context.hpp"

namespace edgebatch::gateway {

using dialects::openai::CreateBatch;

Reply create_batch(Call call) {
  const auto body = co_await read_body(json_body_bytes_max);
  if (const auto* problem = std::get_if<Problem>(&body)) co_return call.refusal(*problem);
  const Bytes& text = std::get<Bytes>(body);
  const auto parsed =
      dialects::openai::parse_create(text, {.windows = call.config->window_names()});
  if (const auto* problem = std::get_if<Problem>(&parsed)) co_return call.refusal(*problem);
  const auto& create = std::get<CreateBatch>(parsed);

  ports::Context& context = co_await ports::Here{};
  NewBatch batch;
  batch.start = start_of(call, wire::encode(create), context.entropy());
  batch.start.window_ms = call.config->window_ms(create.completion_window);
  batch.start.results_life_ms = dialects::openai::batch_file_life_ms;
  if (create.output_expires_after_s)
    batch.start.results_life_ms = static_cast<Ms>(*create.output_expires_after_s) * text::second_ms;
  if (const auto value = json::Value::parse(text)) batch.canonical = value->canonical();
  batch.input_file = create.input_file_id;
  co_return co_await start_batch(std::move(call), std::move(batch));
}

}  // namespace edgebatch::gateway
