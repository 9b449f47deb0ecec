#include <utility>
#include <variant>

#include "core/dialects/dialect.hpp"
#include "core/dialects/openai/create.hpp"
#include "core/dialects/openai/file.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/ids.hpp"
#include "core/text/number.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::batch::Input;
using actors::batch::Start;
using actors::tenant::ReserveBatch;
using dialects::openai::CreateBatch;
using validation::ErrorCode;

namespace {

constexpr unsigned start_tries_max = 3;

/// A missing or unfit input is no error of the request: the batch is made, and fails (contracts.md
/// §4.5).
Input input_of(const Bytes& file_id, ReserveBatch::Reply file) {
  Input input{.file_id = file_id, .stream = {}, .missing = {}};
  if (file && file->view.purpose == "batch") {
    input.stream = std::move(file->stream);
  } else {
    input.missing = validation::LineError{
        .line = 0,
        .code = file ? ErrorCode::file_wrong_purpose : ErrorCode::file_not_found,
        .param = "file_id",
        .detail = file_id};
  }
  return input;
}

/// Everything random about a batch is drawn here, once, so that starting it twice makes one batch.
Start start_of(const Call& call, const CreateBatch& create, Input input, text::Entropy& entropy) {
  Start start{.tenant = call.tenant,
              .dialect = dialects::Dialect::openai,
              .request = wire::encode(create),
              .input = std::move(input),
              .window_ms = call.config->window_ms(create.completion_window),
              .results_life_ms = dialects::openai::batch_file_life_ms,
              .result_seeds = {}};
  if (create.output_expires_after_s)
    start.results_life_ms = static_cast<Ms>(*create.output_expires_after_s) * text::second_ms;
  for (Bytes& seed : start.result_seeds) seed = text::hex(View(entropy.draw()).substr(0, 10));
  return start;
}

ports::Task<ports::Got<Start::Reply>> start_batch(Bytes id, Start start) {
  ports::Got<Start::Reply> told = ports::Fault::lost;
  for (unsigned tries = 0; tries < start_tries_max && failed(told); ++tries)
    told = co_await ports::Tell{id, start};
  co_return told;
}

}  // namespace

Reply create_batch(Call call) {
  const auto body = co_await read_body(json_body_bytes_max);
  if (const auto* problem = std::get_if<Problem>(&body)) co_return refusal(*problem);
  const auto parsed =
      dialects::openai::parse_create(std::get<Bytes>(body), call.config->window_names());
  if (const auto* problem = std::get_if<Problem>(&parsed)) co_return refusal(*problem);
  const auto& create = std::get<CreateBatch>(parsed);
  const Problem unanswered{.code = ProblemCode::unanswered};

  ports::Context& context = co_await ports::Here{};
  const Bytes id =
      text::sortable_id(dialects::openai::batch_id_prefix, context.now(), context.entropy());
  auto reserved =
      co_await ports::Tell{call.tenant, ReserveBatch{.id = id, .file_id = create.input_file_id}};
  if (failed(reserved)) co_return refusal(unanswered);

  Input input = input_of(create.input_file_id, std::get<ReserveBatch::Reply>(std::move(reserved)));
  auto started =
      co_await start_batch(id, start_of(call, create, std::move(input), context.entropy()));
  if (failed(started)) co_return refusal(unanswered);
  auto& reply = std::get<Start::Reply>(started);
  if (const auto* problem = std::get_if<Problem>(&reply)) co_return refusal(*problem);
  co_return co_await indexed_batch(call.tenant, std::get<actors::batch::Indexed>(std::move(reply)));
}

}  // namespace edgebatch::gateway
