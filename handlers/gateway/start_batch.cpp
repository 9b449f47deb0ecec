#include "handlers/gateway/start_batch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/dialects/objects.hpp"
#include "core/http/message.hpp"
#include "core/http/stored_stream.hpp"
#include "core/problem/problem.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/ids.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "core/validation/verdict.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/batch/record.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/batches.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::batch::Input;
using actors::batch::Start;
using actors::tenant::ReserveBatch;
using validation::ErrorCode;

namespace {

constexpr unsigned start_tries_max = 3;

const Problem unanswered{.code = ProblemCode::unanswered};

// ---- The same create again

bool is_visible(char character) { return character > ' ' && character <= '~'; }

/// Empty: none was given.
Or<Bytes> idempotency_key(const http::Request& request) {
  const View key =
      text::trimmed(http::find_header(request.headers, "idempotency-key").value_or(""));
  if (key.size() <= idempotency_key_bytes_max && std::ranges::all_of(key, is_visible))
    return Bytes(key);
  return Problem{.code = ProblemCode::parameter_value,
                 .param = "Idempotency-Key",
                 .detail = "Invalid header 'Idempotency-Key': expected at most " +
                           text::decimal(idempotency_key_bytes_max) +
                           " visible ASCII characters without spaces."};
}

/// SDKs count their attempts.
bool is_retry(const http::Request& request) {
  const auto count = http::find_header(request.headers, "x-stainless-retry-count");
  return count && text::parse_decimal(*count).value_or(0) > 0;
}

/// Of a request: equal for equal ones of one dialect.
Bytes fingerprint(dialects::Dialect dialect, View canonical) {
  return text::sha256_hex(Bytes(dialects::batch_id_prefix(dialect)).append(canonical));
}

// ---- The input

/// A missing or unfit input is no error of the request: the batch is made, and fails (contracts.md
/// §4.5).
Input input_of(const Bytes& file_id, std::optional<actors::tenant::FileRow> file) {
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

ports::Task<bool> store(Bytes key, Bytes content) {
  co_return !failed(co_await ports::PutObject{
      .key = std::move(key), .checksum = {}, .content = std::move(content)});
}

/// False if an answer is lost. What is stored then is swept.
ports::Task<bool> store_items(http::StoredStream* stream, InlineItems items) {
  if (!co_await store(stream->brief_key(), std::move(items.brief))) co_return false;
  if (!co_await store(stream->inspection_key(), std::move(items.inspection))) co_return false;
  stream->bytes = items.lines.size();
  for (std::size_t at = 0; at < items.lines.size(); at += http::part_bytes)
    if (!co_await store(stream->part_key(at / http::part_bytes),
                        items.lines.substr(at, http::part_bytes)))
      co_return false;
  co_return true;
}

ports::Task<Or<Input>> settle_input(const Call* call, NewBatch* batch, Bytes inline_name,
                                    std::optional<actors::tenant::FileRow> file) {
  if (!batch->items) co_return input_of(batch->input_file, std::move(file));
  Input input{.file_id = inline_name,
              .stream = {.prefix = actors::tenant::input_prefix(call->tenant, inline_name)},
              .missing = {},
              .own = true};
  if (!co_await store_items(&input.stream, *std::exchange(batch->items, std::nullopt)))
    co_return unanswered;
  co_return input;
}

ports::Task<ports::Got<Start::Reply>> tell_start(Bytes id, Start start) {
  ports::Got<Start::Reply> told = ports::Fault::lost;
  for (unsigned tries = 0; tries < start_tries_max && failed(told); ++tries)
    told = co_await ports::Tell{id, start};
  co_return told;
}

ports::Task<http::Response> start_reserved(const Call* call, Bytes id, Start start,
                                           std::uint32_t status) {
  auto started = co_await tell_start(std::move(id), std::move(start));
  if (failed(started)) co_return call->refusal(unanswered);
  auto& reply = std::get<Start::Reply>(started);
  if (const auto* problem = std::get_if<Problem>(&reply)) co_return call->refusal(*problem);
  co_return co_await indexed_batch(call, std::get<actors::batch::Indexed>(std::move(reply)),
                                   status);
}

}  // namespace

// Everything random about a batch is drawn here, once, so that starting it twice makes one batch.
Start start_of(const Call& call, Bytes request, text::Entropy& entropy) {
  Start start;
  start.tenant = call.tenant;
  start.dialect = call.dialect();
  start.request = std::move(request);
  for (Bytes& seed : start.result_seeds) seed = text::hex(View(entropy.draw()).substr(0, 10));
  return start;
}

Reply start_batch(Call call, NewBatch batch) {
  auto key = idempotency_key(call.request);
  if (const auto* problem = std::get_if<Problem>(&key)) co_return call.refusal(*problem);

  ports::Context& context = co_await ports::Here{};
  ReserveBatch reserve{
      .id = text::sortable_id(dialects::batch_id_prefix(call.dialect()), context.now(),
                              context.entropy()),
      .input_file = batch.input_file,
      .inline_name = batch.items ? text::random_id("inline_", context.entropy()) : Bytes(),
      .files = batch.items ? batch.items->files : std::vector<Bytes>(),
      .key = std::get<Bytes>(std::move(key)),
      .fingerprint = fingerprint(call.dialect(), batch.canonical),
      .retry = is_retry(call.request)};
  auto told = co_await ports::Tell{call.tenant, reserve};
  if (failed(told)) co_return call.refusal(unanswered);
  auto& reply = std::get<ReserveBatch::Reply>(told);
  if (std::holds_alternative<ReserveBatch::Conflict>(reply))
    co_return call.refusal(
        {.code = ProblemCode::idempotency_conflict, .param = {}, .detail = reserve.key});
  if (auto* started = std::get_if<ReserveBatch::Started>(&reply))
    co_return co_await current_batch(&call, std::move(started->id), batch.status);

  auto& reserved = std::get<ReserveBatch::Reserved>(reply);
  auto input = co_await settle_input(&call, &batch, reserve.inline_name, std::move(reserved.input));
  if (const auto* problem = std::get_if<Problem>(&input)) co_return call.refusal(*problem);
  batch.start.input = std::get<Input>(std::move(input));
  co_return co_await start_reserved(&call, std::move(reserved.id), std::move(batch.start),
                                    batch.status);
}

}  // namespace edgebatch::gateway
