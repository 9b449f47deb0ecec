// What an upload asks for, whoever's it is.
#pragma once

#include <cstdint>
#include <optional>

#include "core/text/number.hpp"
#include "core/text/sha256.hpp"
#include "handlers/actors/tenant/rows.hpp"
#include "handlers/gateway/upload.hpp"
#include "handlers/ports/effects.hpp"

#include "tests/handlers/script.hpp"

namespace edgebatch::script {

inline ports::Enter enter_uploads() {
  return {.room = "uploads",
          .count_max = gateway::uploads_count_max,
          .silence_ms_max = static_cast<std::uint64_t>(actors::tenant::upload_silence_ms_max)};
}

/// The next piece of the body, while what lies behind an offset is kept.
inline ports::ReadBody reading(std::optional<std::uint64_t> from) {
  if (!from) return {};
  return {.keep = ports::KeptBody{.from = *from, .bytes_max = gateway::upload_body_bytes_max}};
}

/// A piece of the body, whatever is still kept of those before it.
inline Script& reads(Script& script, View piece) {
  return script.expects_one<ports::ReadBody>([](const auto&) { return true; }).gives(Bytes(piece));
}
inline Script& reads_end(Script& script) {
  return script.expects_one<ports::ReadBody>([](const auto&) { return true; })
      .fails(ports::Fault::absent);
}
inline Script& reads_nothing(Script& script) {
  return script.expects_one<ports::ReadBody>([](const auto&) { return true; })
      .fails(ports::Fault::lost);
}

/// Those bytes of the body are stored as a part, under a key that begins with `prefix`.
inline ports::StoreBody store_part(View prefix, unsigned part, View body, View content) {
  const std::uint64_t from = body.find(content);
  return {.key = Bytes(prefix) + "part/" + text::hex(part, 6),
          .from = from,
          .to = from + content.size()};
}
inline ports::PutObject::Stored stored_as(View content) {
  return {.existed = false, .size = content.size(), .checksum = {}};
}

/// A body in one piece, and its file in one part.
inline Script& receives(Script& script, View prefix, View body, View content) {
  reads(script, body);
  if (!content.empty())
    script.expects(store_part(prefix, 0, body, content)).gives(stored_as(content));
  return reads_end(script);
}

inline Bytes sha256(View content) {
  text::Sha256 digest;
  digest.feed(content);
  return digest.digest();
}

}  // namespace edgebatch::script
