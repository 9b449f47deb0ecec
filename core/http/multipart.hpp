// multipart/form-data (RFC 7578) that arrives in pieces cut anywhere. Nothing is held back but what
// may turn out to be a delimiter, and part headers up to a limit.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046 §5.1.1.
constexpr std::size_t part_headers_bytes_max = 16 * 1024;
constexpr std::size_t parts_count_max = 64;

/// The boundary of a `multipart/form-data; boundary=…` content type (quoted or not), nothing for
/// other types.
std::optional<Bytes> multipart_boundary(View content_type);

struct PartBegin {
  Bytes name;  // "" where the part has none.
  std::optional<Bytes>
      filename;        // As sent: `%22` is turned back into `"`; paths are cut to their last part.
  Bytes content_type;  // "" where the part has none.
};
struct PartData {
  View bytes;  // Valid during the call only; never empty.
};
struct PartEnd {};
using PartEvent = std::variant<PartBegin, PartData, PartEnd>;

enum class MultipartFault : std::uint8_t {
  none,
  no_first_delimiter,  // The body doesn't begin with the boundary (a preamble is skipped, within 4
                       // KiB).
  bad_part_headers,    // Not `Name: value` lines, or no Content-Disposition of form-data.
  part_headers_too_long,
  too_many_parts,
  bad_delimiter,  // Something else than CRLF or `--` behind a delimiter.
  cut_off,        // The body ended before its closing delimiter.
};
/// One sentence for people: what was wrong and what would be right.
View describe(MultipartFault fault);

class MultipartReader {
 public:
  explicit MultipartReader(View boundary);

  /// Calls `sink(PartEvent)` in order. After a fault nothing more is reported.
  template <class Sink>
  MultipartFault feed(View piece, Sink&& sink);

  /// Call once at the end of the body: `cut_off` unless the closing delimiter was seen. What
  /// follows the closing delimiter is ignored.
  MultipartFault finish();
};

}  // namespace edgebatch::http
