// Items as they are asked for, and result lines (contracts.md §2.6).
#pragma once

#include <cstdint>
#include <memory>

#include "core/dialects/content.hpp"
#include "core/dialects/line_format.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::dialects::datagrid {

// Ours: what providers take of one file.
constexpr std::uint64_t image_bytes_max = 20 * 1024 * 1024;
constexpr std::uint64_t document_bytes_max = 32 * 1024 * 1024;
constexpr std::uint64_t text_bytes_max = 4 * 1024 * 1024;

constexpr std::uint64_t file_bytes_max(Content content) {
  switch (content) {
    case Content::png:
    case Content::jpeg:
    case Content::webp:
    case Content::gif: return image_bytes_max;
    case Content::pdf: return document_bytes_max;
    case Content::text: return text_bytes_max;
    case Content::unknown: break;
  }
  return 0;
}

/// `request`: an encoded CreateBatch; `brief`: an encoded Brief, empty where nothing will be asked.
/// Items are asked for through chat completions, the file as an image or file part or as text, the
/// schema as `response_format`. An item's body is its planned line; of one that can't be sent
/// nothing is asked. Answers have to fit the schema, which is compiled here, once; one that the
/// model may mend has a `follow_up`. `secret`: as `schema::Schema::compile` takes it.
std::unique_ptr<const LineFormat> line_format(View request, View brief, const text::SipKey& secret);

}  // namespace edgebatch::dialects::datagrid
