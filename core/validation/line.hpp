// A line of a stream, and where the members that a batch request has lie in it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::validation {

constexpr std::uint64_t line_bytes_max = 16 * 1024 * 1024;  // Without its LF.
constexpr std::size_t captured_bytes_max = 1024;  // Of custom_id, method, url and model, decoded.

/// Bytes of a line, counted from its first byte.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A member of a request line.
struct Member {
  bool present = false;
  json::Kind kind = json::Kind::null;
  Extent extent;  // Of its value, quotes included.
  Bytes text;     // Decoded, of a string: its first `captured_bytes_max` bytes, never half a
                  // character …
  bool too_long = false;  // … and whether there were more.
  bool is_true = false;   // Of a boolean.
};

/// What is wrong with a line before one asks what it means. `not_object` and `repeated_name` are
/// only said of lines that have none of the other faults; of those the first in the line counts.
enum class Fault : std::uint8_t {
  none,
  not_utf8,
  not_json,  // Not one JSON value; blank lines inside the file too.
  not_object,
  too_deep,       // Deeper than json::nesting_max.
  too_long,       // Longer than line_bytes_max.
  repeated_name,  // One of the members below stands twice: which one a provider takes is undefined.
};

struct Line {
  std::uint64_t number = 0;  // 1-based, physical lines; LF ends a line, nothing else does.
  std::uint64_t offset = 0;  // Of its first byte in the stream. A byte order mark at the stream's
                             // start is not part of the first line.
  std::uint64_t length = 0;  // Bytes, without the LF.
  Fault fault = Fault::none;
  // 1-based byte in the line where it went wrong, `length + 1` if only its end was wrong.
  std::uint64_t fault_column = 0;
  bool utf8 = true;  // All of its bytes, those behind another fault too; of a line that is too
                     // long, not said.

  // Absent if the line has a fault.
  Member custom_id;
  Member method;
  Member url;
  Member body;
  // Members of `body`, if that is an object:
  Member model;
  Member stream;
  Member messages;
  Member input;
  Member prompt;
};

}  // namespace edgebatch::validation
