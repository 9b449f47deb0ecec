#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/objects.hpp"
#include "core/http/message.hpp"
#include "core/http/multipart.hpp"
#include "core/http/stored_stream.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/ids.hpp"
#include "core/text/number.hpp"
#include "core/text/time.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/tenant/commands.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/call.hpp"
#include "handlers/gateway/endpoints.hpp"
#include "handlers/gateway/spoken.hpp"
#include "handlers/gateway/upload.hpp"
#include "handlers/ports/actor.hpp"
#include "handlers/ports/context.hpp"
#include "handlers/ports/effect.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/stored_stream.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::gateway {

using actors::tenant::CommitFile;
using actors::tenant::DropFile;
using actors::tenant::RenewFile;
using actors::tenant::ReserveFile;

namespace {

constexpr Ms renewal_ms = text::minute_ms;
static_assert(renewal_ms * 3 < actors::tenant::upload_silence_ms_max);

constexpr View uploads = "uploads";  // The room that they share.

/// The file's name and place, known before its first byte.
struct Place {
  Bytes tenant;
  Bytes id;
  ports::StoredStream stream;
};

ports::Task<std::optional<Problem>> store_part(Place* place, Upload::Range range) {
  const std::uint64_t bytes = range.to - range.from;
  const std::uint64_t part = place->stream.bytes / http::part_bytes;
  place->stream.bytes += bytes;
  const auto stored = co_await ports::StoreBody{
      .key = place->stream.part_key(part), .from = range.from, .to = range.to};
  if (failed(stored) || std::get<ports::PutObject::Stored>(stored).size != bytes)
    co_return Problem{.code = ProblemCode::unanswered};
  co_return std::nullopt;
}

/// False: it was taken for dead.
ports::Task<bool> renew(const Place* place) {
  const auto renewed = co_await ports::Tell{place->tenant, RenewFile{.id = place->id}};
  co_return failed(renewed) || std::get<bool>(renewed);
}

ports::ReadBody next_piece(const Upload& upload) {
  const auto from = upload.needed_from();
  if (!from) return {};
  return {.keep = ports::KeptBody{.from = *from, .bytes_max = upload_body_bytes_max}};
}

/// Reads the body to its end and has the file's parts stored. What is wrong with the file itself is
/// the upload's to say.
ports::Task<std::optional<Problem>> receive(Place* place, Upload* upload) {
  const ports::Context& context = co_await ports::Here{};
  Ms renewed_at = context.now();
  for (;;) {
    const auto piece = co_await next_piece(*upload);
    if (failed(piece, ports::Fault::absent)) co_return std::nullopt;
    if (failed(piece)) co_return Problem{.code = ProblemCode::upload_interrupted};
    upload->feed(std::get<Bytes>(piece));
    while (const auto range = upload->take_part())
      if (auto problem = co_await store_part(place, *range)) co_return problem;

    if (context.now() - renewed_at < renewal_ms) continue;
    renewed_at = context.now();
    if (!co_await renew(place)) co_return Problem{.code = ProblemCode::upload_interrupted};
  }
}

/// The file exists once this has succeeded.
ports::Task<Or<dialects::ShownFile>> commit(Place* place, Upload::Accepted accepted) {
  const auto digest = co_await ports::DigestBody{};
  if (failed(digest)) co_return Problem{.code = ProblemCode::unanswered};
  if (accepted.inspection) {
    const auto stored = co_await ports::PutObject{.key = place->stream.inspection_key(),
                                                  .checksum = {},
                                                  .content = wire::encode(*accepted.inspection)};
    if (failed(stored)) co_return Problem{.code = ProblemCode::unanswered};
  }
  accepted.view.id = actors::tenant::uploaded_file_id(place->id, accepted.view.dialect);
  auto committed =
      co_await ports::Tell{place->tenant, CommitFile{.upload = place->id,
                                                     .view = std::move(accepted.view),
                                                     .stream = place->stream,
                                                     .life_ms = accepted.life_ms,
                                                     .sha256 = text::hex(std::get<Bytes>(digest))}};
  if (failed(committed)) co_return Problem{.code = ProblemCode::unanswered};
  auto& file = std::get<CommitFile::Reply>(committed);
  if (!file) co_return Problem{.code = ProblemCode::upload_interrupted};
  co_return std::move(*file);
}

ports::Task<Or<dialects::ShownFile>> upload_file(Place* place, Upload* upload) {
  if (auto problem = co_await receive(place, upload)) co_return std::move(*problem);
  auto accepted = upload->finish();
  if (auto* problem = std::get_if<Problem>(&accepted)) co_return std::move(*problem);
  co_return co_await commit(place, std::get<Upload::Accepted>(std::move(accepted)));
}

/// A small one says so beforehand, as most clients do: it takes no place from others.
bool is_small(const http::Request& request) {
  const auto length = http::find_header(request.headers, "content-length");
  return length && text::parse_decimal(*length).value_or(upload_small_bytes_max + 1) <=
                       upload_small_bytes_max;
}

/// Uploads that share an isolate share its memory: beyond their bound the next one has to wait.
ports::Task<std::optional<Problem>> enter(const Call* call) {
  if (is_small(call->request)) co_return std::nullopt;
  const auto entered = co_await ports::Enter{
      .room = Bytes(uploads),
      .count_max = uploads_count_max,
      .silence_ms_max = static_cast<std::uint64_t>(actors::tenant::upload_silence_ms_max)};
  if (failed(entered)) co_return Problem{.code = ProblemCode::unanswered};
  if (std::get<bool>(entered)) co_return std::nullopt;
  co_return Problem{.code = ProblemCode::busy, .detail = text::decimal(uploads_retry_after_s)};
}

/// Where all dialects are spoken, the form decides.
std::optional<dialects::Dialect> decided(const Spoken& spoken) {
  if (spoken.mount == Mount::v1) return std::nullopt;
  return spoken.dialect;
}

}  // namespace

Reply create_file(Call call) {
  const View content_type = http::find_header(call.request.headers, "content-type").value_or("");
  const auto boundary = http::multipart_boundary(content_type);
  if (!boundary)
    co_return call.refusal({.code = ProblemCode::form_expected, .detail = Bytes(content_type)});

  ports::Context& context = co_await ports::Here{};
  Place place{
      .tenant = call.tenant,
      .id = text::sortable_id(actors::tenant::upload_id_prefix, context.now(), context.entropy()),
      .stream = {}};
  place.stream.prefix = actors::tenant::input_prefix(call.tenant, place.id);
  Upload upload(*boundary, {context.entropy().draw_u64(), context.entropy().draw_u64()},
                decided(call.spoken));
  const auto refusal = [&call, &upload](const Problem& problem) {
    const auto dialect = upload.dialect().value_or(call.dialect());
    const View agent = http::find_header(call.request.headers, "user-agent").value_or("");
    return dialects::upload_error(files_voice(call.spoken.mount, dialect), problem, agent);
  };
  if (const auto problem = co_await enter(&call)) co_return refusal(*problem);
  const auto reserved = co_await ports::Tell{
      place.tenant, ReserveFile{.id = place.id, .prefix = place.stream.prefix}};
  if (failed(reserved)) co_return refusal({.code = ProblemCode::unanswered});

  const auto uploaded = co_await upload_file(&place, &upload);
  if (const auto* problem = std::get_if<Problem>(&uploaded)) {
    // What wasn't answered may still be carried out: it is swept when the reservation has run out.
    // So is all, if this is lost.
    if (problem->code != ProblemCode::unanswered)
      co_await ports::Tell{place.tenant, DropFile{.id = place.id}};
    co_return refusal(*problem);
  }
  const auto& file = std::get<dialects::ShownFile>(uploaded);
  co_return json_response(dialects::file_json(file),
                          file.view.dialect == dialects::Dialect::datagrid ? 201 : 200);
}

}  // namespace edgebatch::gateway
