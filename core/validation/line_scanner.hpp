// Takes a stream of bytes apart into lines and finds, in each, the members that a batch request has. Pieces may
// be cut anywhere. Linear; holds no line: memory is a few captured texts of bounded size.
#pragma once

#include <cstdint>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::validation {

constexpr std::uint64_t line_bytes_max = 16 * 1024 * 1024;  // Without its LF.
constexpr std::size_t captured_bytes_max = 1024;            // Of custom_id, method, url and model, decoded.

/// Bytes of a line, counted from its first byte.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A member of a request line.
struct Member {
  bool present = false;
  json::Kind kind = json::Kind::null;
  Extent extent;          // Of its value, quotes included.
  Bytes text;             // Decoded, of a string: its first `captured_bytes_max` bytes …
  bool too_long = false;  // … and whether there were more.
  bool is_true = false;   // Of a boolean.
};

/// What is wrong with a line before one asks what it means.
enum class Fault : std::uint8_t {
  none,
  not_utf8,
  not_json,       // Not one JSON value; blank lines inside the file too.
  not_object,
  too_deep,       // Deeper than json::nesting_max.
  too_long,       // Longer than line_bytes_max.
  repeated_name,  // One of the members below stands twice: which one a provider takes is undefined.
};

struct Line {
  std::uint64_t number = 0;  // 1-based, physical lines; LF ends a line, nothing else does.
  std::uint64_t offset = 0;  // Of its first byte in the stream. A byte order mark at the stream's start is not part of the first line.
  std::uint64_t length = 0;  // Bytes, without the LF.
  Fault fault = Fault::none;
  std::uint64_t fault_column = 0;  // 1-based byte in the line where it went wrong.

  Member custom_id;
  Member method;
  Member url;
  Member body;
  // Members of `body`:
  Member model;
  Member stream;
  Member messages;
  Member input;
  Member prompt;
};

/// `scanner.feed(piece, sink)` calls `sink(const Line&)` once for each line that ended, in order; blank lines at
/// the end of the stream are not reported, blank lines before a line that isn't blank are (as `not_json`).
class LineScanner {
 public:
  /// `offset` and `number` of the first line, for a scan that begins inside a stream.
  explicit LineScanner(std::uint64_t offset = 0, std::uint64_t number = 1);

  template <class Sink>
  void feed(View piece, Sink&& sink);

  /// The stream's end: a last line without LF is reported too.
  template <class Sink>
  void finish(Sink&& sink);
};

/// The same for one line at hand (without its LF).
Line scan_line(View line);

}  // namespace edgebatch::validation
