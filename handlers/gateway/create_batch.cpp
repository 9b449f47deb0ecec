#include <utility>
#include <variant>

#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/json/value.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/config.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/spoken.hpp"
#include "handlers/gateway/start_batch.hpp"
#include "handlers/ports/context.hpp"

namespace edgebatch::gateway {

using actors::batch::Start;
using dialects::openai::CreateBatch;

namespace {

/// What is asked for; its job, if it names one, is known.
Or<CreateBatch> read_create(const Call& call, View text) {
  auto parsed = dialects::openai::parse_create(
      text, {.windows = call.config->window_names(), .strict = call.spoken.mount == Mount::impala});
  auto* const create = std::get_if<CreateBatch>(&parsed);
  if (create == nullptr || create->job_id.empty() || call.config->jobs.empty()) return parsed;
  const JobDefinition* const job = call.config->job(create->job_id);
  if (job == nullptr)
    return Problem{.code = ProblemCode::job_not_found, .param = {}, .detail = create->job_id};
  create->job_model = job->model;
  return parsed;
}

Start start_of_create(const Call& call, const CreateBatch& create, text::Entropy& entropy) {
  Start start = start_of(call, wire::encode(create), entropy);
  start.window_ms = call.config->window_ms(create.completion_window);
  start.results_life_ms = dialects::openai::batch_file_life_ms;
  if (create.output_expires_after_s)
    start.results_life_ms = static_cast<Ms>(*create.output_expires_after_s) * text::second_ms;
  if (const auto* const job = call.config->job(create.job_id)) {
    if (job->window) start.window_ms = job->window->length_ms;
    start.concurrency = job->concurrency;
  }
  return start;
}

}  // namespace

Reply create_batch(Call call) {
  const auto body = co_await read_body(json_body_bytes_max);
  if (const auto* problem = std::get_if<Problem>(&body)) co_return call.refusal(*problem);
  const auto& text = std::get<Bytes>(body);
  const auto read = read_create(call, text);
  if (const auto* problem = std::get_if<Problem>(&read)) co_return call.refusal(*problem);
  const auto& create = std::get<CreateBatch>(read);

  ports::Context& context = co_await ports::Here{};
  NewBatch batch;
  batch.start = start_of_create(call, create, context.entropy());
  if (const auto value = json::Value::parse(text)) batch.canonical = value->canonical();
  batch.input_file = create.input_file_id;
  co_return co_await start_batch(std::move(call), std::move(batch));
}

}  // namespace edgebatch::gateway
