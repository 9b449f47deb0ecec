// Reading what is stored in parts.
#pragma once

#include <utility>
#include <variant>

#include "core/http/message.hpp"
#include "core/http/stored_stream.hpp"
#include "handlers/ports/effects.hpp"
#include "handlers/ports/task.hpp"

namespace edgebatch::ports {

using http::StoredStream;

/// Bytes [begin, end) of a stream: all of them, or a fault.
inline Task<Got<Bytes>> read_stream(StoredStream stream, std::uint64_t begin, std::uint64_t end) {
  Bytes content;
  for (http::Section& section : stream.sections(begin, end)) {
    auto got = co_await GetObject{std::move(section.key), section.offset, section.length};
    if (failed(got)) co_return std::get<Fault>(got);
    auto& bytes = std::get<Bytes>(got);
    if (bytes.size() != section.length) co_return Fault::absent;
    if (content.empty()) {
      content = std::move(bytes);
    } else {
      content += bytes;
    }
  }
  co_return content;
}

}  // namespace edgebatch::ports
