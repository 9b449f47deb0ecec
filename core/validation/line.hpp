// A line of a stream, and where the members that a batch request has lie in it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::validation {

constexpr std::uint64_t line_bytes_max = 16 * 1024 * 1024;  // Without its LF.
constexpr std::size_t captured_bytes_max = 1024;  // Of custom_id, method, url and model, decoded.
// Names of the line's members and its body's: longer ones are neither compared nor shown, …
constexpr std::size_t name_bytes_max = 256;
// … and more of them than so many in either object, besides those below, aren't taken.
constexpr std::size_t other_members_count_max = 128;

/// Bytes of a line, counted from its first byte.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A place in a line, counted from 1; 0 where there is none.
struct Column {
  std::uint64_t bytes = 0;
  std::uint64_t characters = 0;  // Code points.

  bool operator==(const Column&) const = default;
};

/// A member of a request line.
struct Member {
  bool present = false;
  json::Kind kind = json::Kind::null;
  Extent extent;  // Of its value, quotes included.
  Column column;  // Where that begins.
  Bytes text;     // Decoded, of a string: its first `captured_bytes_max` bytes, never half a
                  // character …
  bool too_long = false;  // … and whether there were more.
  bool is_true = false;   // Of a boolean.
};

/// What is wrong with a line before one asks what it means: the first that is found. Nothing more
/// is known of a line with one.
enum class Fault : std::uint8_t {
  none,
  blank,  // Nothing but whitespace; at the end of a stream such lines are not reported.
  not_utf8,
  not_json,  // Not one JSON value.
  not_object,
  too_deep,          // Deeper than json::nesting_max.
  too_long,          // Longer than line_bytes_max.
  too_many_members,  // More than other_members_count_max.
};

struct Line {
  std::uint64_t number = 0;  // 1-based, physical lines; LF ends a line, nothing else does.
  std::uint64_t offset = 0;  // Of its first byte in the stream. A byte order mark at the stream's
                             // start is not part of the first line.
  std::uint64_t length = 0;  // Bytes, without the LF.
  bool utf8 = true;          // All of its bytes, those behind another fault too; of a line that is
                             // too long, not said.

  Column begin;  // Of its first byte that isn't whitespace.

  Fault fault = Fault::none;
  Column fault_column;  // Where it went wrong, behind the line's end if only its end was wrong.
  json::Wanted wanted = json::Wanted::value;  // Of not_json: what would have been right there.
  // The first name that stands twice in the line's object or in its body, if any does: that is no
  // fault to the grammar, but which of them a provider takes is undefined. The members below are
  // the first of their name.
  Column repeated;
  // A JSON Pointer to what the fault lies in, as far as the line's members and its body's; or to
  // what is repeated.
  Bytes pointer;

  // The line before it had the same members, with values of the same kinds, and the same method,
  // url, model and stream: what was right or wrong with them there is so here.
  bool like_last = false;

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
