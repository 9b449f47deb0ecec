// multipart/form-data (RFC 7578) that arrives in pieces cut anywhere. Nothing is held back but what
// may turn out to be a delimiter, and one line of part headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046 §5.1.1.
constexpr std::size_t preamble_bytes_max = 4 * 1024;
constexpr std::size_t part_headers_bytes_max = 16 * 1024;  // With the empty line that ends them.
constexpr std::size_t parts_count_max = 64;

/// The boundary of a `multipart/form-data; boundary=…` content type (quoted or not); nothing for
/// other types, and for boundaries that are empty, too long, or have control characters or a blank
/// at the end.
std::optional<Bytes> multipart_boundary(View content_type);

/// All of it is valid UTF-8: what isn't is replaced by U+FFFD.
struct PartBegin {
  Bytes name;                     // "" where the part has none. `%22` is turned back into `"`.
  std::optional<Bytes> filename;  // Likewise, and paths are cut to their last part.
  Bytes content_type;             // "" where the part has none.
  std::uint64_t offset = 0;       // In the body: where its data begin, which lie there as a whole.
};
struct PartData {
  View bytes;  // Never empty. Valid until the next call, and while the piece and the reader stay
               // put.
};
struct PartEnd {};
using PartEvent = std::variant<PartBegin, PartData, PartEnd>;

enum class MultipartFault : std::uint8_t {
  none,
  no_first_delimiter,  // No boundary at the body's beginning (a short preamble is skipped).
  bad_part_headers,    // Not `Name: value` lines, or no Content-Disposition of form-data.
  part_headers_too_long,
  too_many_parts,
  bad_delimiter,  // Something else than blanks and CRLF, or `--`, behind a delimiter.
  cut_off,        // The body ended before its closing delimiter.
};
/// One sentence for people: what was wrong and what would be right.
View describe(MultipartFault fault);

class MultipartReader {
 public:
  explicit MultipartReader(View boundary);

  /// Calls `sink(PartEvent)` in order. After a fault nothing more is reported.
  template <class Sink>
  MultipartFault feed(View piece, const Sink& sink) {
    while (auto event = next(piece)) sink(std::move(*event));
    return fault_;
  }

  /// The same one event at a time, for those who have to wait in between: takes bytes off the start
  /// of `piece` until there is an event. Nothing once the piece is used up, or at a fault.
  std::optional<PartEvent> next(View& piece);
  MultipartFault fault() const { return fault_; }

  /// Call once at the end of the body: `cut_off` unless the closing delimiter was seen
  /// (`no_first_delimiter` if it never looked like one). What follows the closing delimiter is
  /// ignored.
  MultipartFault finish();

 private:
  enum class State : std::uint8_t {
    preamble,          // Before the first delimiter.
    behind_delimiter,  // Next is a line's end, or `--`.
    behind_dash,       // One dash of that `--` was seen.
    behind_blank,      // Blanks between a delimiter and its line's end.
    behind_cr,         // Half a line's end was seen.
    headers,
    data,
    done,
  };

  std::optional<PartEvent> fail(MultipartFault fault);
  bool delimiter_complete() const { return matched_ == delimiter_.size(); }
  std::optional<PartEvent> search(View& in);
  View take_data(View& in);
  View take_scanned(View& in);
  void count_preamble(View data);
  void step_behind_delimiter(char byte);
  void begin_part();
  std::optional<PartEvent> read_headers(View& in);
  std::optional<PartEvent> end_header_line();
  bool read_header(View line);
  bool read_disposition(View value);

  Bytes delimiter_;  // CRLF, `--` and the boundary.
  State state_ = State::preamble;
  MultipartFault fault_ = MultipartFault::none;
  std::size_t matched_;            // Bytes of the delimiter that the pieces so far end with.
  std::size_t foreign_;            // Of these, what isn't data if they turn out to be no delimiter.
  std::uint64_t taken_bytes_ = 0;  // Of the body, before the step under way.
  std::size_t preamble_bytes_ = 0;
  std::size_t headers_bytes_ = 0;
  std::size_t parts_count_ = 0;
  Bytes line_;      // The header line under way.
  PartBegin part_;  // What the headers so far say.
  bool disposition_read_ = false;
};

}  // namespace edgebatch::http
