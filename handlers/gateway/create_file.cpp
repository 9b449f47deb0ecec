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

/// The file's name and place, known before its first byte.
struct Place {
  Bytes tenant;
  Bytes id;
  ports::StoredStream stream;
};

ports::Task<std::optional<Problem>> store_part(Place* place, Bytes content) {
  const std::uint64_t part = place->stream.bytes / http::part_bytes;
  place->stream.bytes += content.size();
  const auto stored = co_await ports::PutObject{
      .key = place->stream.part_key(part), .checksum = {}, .content = std::move(content)};
  if (failed(stored)) co_return Problem{.code = ProblemCode::unanswered};
  co_return std::nullopt;
}

/// Reads the body to its end and stores the file's parts. What is wrong with the file itself is the
/// upload's to say.
ports::Task<std::optional<Problem>> receive(Place* place, Upload* upload) {
  ports::Context& context = co_await ports::Here{};
  Ms renewed_at = context.now();
  for (;;) {
    const auto piece = co_await ports::ReadBody{};
    if (failed(piece, ports::Fault::absent)) break;
    if (failed(piece)) co_return Problem{.code = ProblemCode::upload_interrupted};
    upload->feed(std::get<Bytes>(piece));
    while (auto part = upload->take_part())
      if (auto problem = co_await store_part(place, std::move(*part))) co_return problem;

    if (context.now() - renewed_at < renewal_ms) continue;
    renewed_at = context.now();
    const auto renewed = co_await ports::Tell{place->tenant, RenewFile{.id = place->id}};
    if (!failed(renewed) && !std::get<bool>(renewed))
      co_return Problem{.code = ProblemCode::upload_interrupted};
  }
  if (upload->hopeless()) co_return std::nullopt;
  if (auto part = upload->take_last_part()) co_return co_await store_part(place, std::move(*part));
  co_return std::nullopt;
}

/// The file exists once this has succeeded.
ports::Task<Or<dialects::FileView>> commit(Place* place, Upload::Accepted accepted) {
  if (accepted.inspection) {
    const auto stored = co_await ports::PutObject{.key = place->stream.inspection_key(),
                                                  .checksum = {},
                                                  .content = wire::encode(*accepted.inspection)};
    if (failed(stored)) co_return Problem{.code = ProblemCode::unanswered};
  }
  accepted.view.id = actors::tenant::uploaded_file_id(place->id, accepted.view.dialect);
  auto committed = co_await ports::Tell{place->tenant, CommitFile{.upload = place->id,
                                                                  .view = std::move(accepted.view),
                                                                  .stream = place->stream,
                                                                  .life_ms = accepted.life_ms}};
  if (failed(committed)) co_return Problem{.code = ProblemCode::unanswered};
  auto& view = std::get<CommitFile::Reply>(committed);
  if (!view) co_return Problem{.code = ProblemCode::upload_interrupted};
  co_return std::move(*view);
}

ports::Task<Or<dialects::FileView>> upload_file(Place* place, Upload* upload) {
  if (auto problem = co_await receive(place, upload)) co_return std::move(*problem);
  auto accepted = upload->finish();
  if (auto* problem = std::get_if<Problem>(&accepted)) co_return std::move(*problem);
  co_return co_await commit(place, std::get<Upload::Accepted>(std::move(accepted)));
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
  const auto reserved = co_await ports::Tell{
      place.tenant, ReserveFile{.id = place.id, .prefix = place.stream.prefix}};
  if (failed(reserved)) co_return call.refusal({.code = ProblemCode::unanswered});

  const auto file = co_await upload_file(&place, &upload);
  if (const auto* problem = std::get_if<Problem>(&file)) {
    // If this is lost, the reservation runs out and the same happens.
    co_await ports::Tell{place.tenant, DropFile{.id = place.id}};
    const auto dialect = upload.dialect().value_or(call.dialect());
    co_return dialects::error(files_voice(call.spoken.mount, dialect), *problem);
  }
  const auto& view = std::get<dialects::FileView>(file);
  co_return json_response(dialects::file_json(view),
                          view.dialect == dialects::Dialect::datagrid ? 201 : 200);
}

}  // namespace edgebatch::gateway
