// An item on its way through the system: a line of JSON in a stream of ours. As it was created it
// has custom_id, file_id and page; once planned, where its file lies, or why it can't be sent.
#pragma once

#include <cstdint>
#include <optional>

#include "core/dialects/content.hpp"
#include "core/http/stored_stream.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

/// All that asking needs to know of a file.
struct Attachment {
  Bytes name;
  Content content = Content::unknown;
  std::uint64_t json_text_bytes = 0;  // Of text: see `ContentReader`.
  http::StoredStream stream;

  bool operator==(const Attachment&) const = default;
};

struct ItemLine {
  Bytes custom_id;
  Bytes file_id;
  std::optional<std::uint32_t> page{};
  std::optional<Attachment> file{};                // Set once planned, if it can be sent …
  std::optional<validation::LineError> refusal{};  // … and this if it can't.

  bool operator==(const ItemLine&) const = default;
};

/// Without an LF, which it never contains.
Bytes item_line(const ItemLine& item);
/// Nothing if it isn't one.
std::optional<ItemLine> read_item_line(View line);

}  // namespace edgebatch::dialects::datagrid
