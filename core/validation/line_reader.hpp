// One line of a stream, in pieces that may be cut anywhere: is it JSON, and where do the members
// that a batch request has lie. Holds no line: its memory is one captured text at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"
#include "core/validation/line.hpp"
#include "core/validation/members.hpp"
#include "core/validation/name_set.hpp"
#include "core/validation/text_capture.hpp"
#include "core/validation/whole_line.hpp"

namespace edgebatch::validation {

class LineReader {
 public:
  explicit LineReader(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// Before each line.
  void begin(std::uint64_t number, std::uint64_t offset);

  /// Takes the line's next bytes: up to the piece's end, or to the line feed that ends the line,
  /// which stays. Returns how many they were.
  std::size_t read(View piece);

  /// The line's end.
  const Line& finish();

  std::uint64_t length() const { return line_.length; }
  /// Before its end: true if there was nothing but whitespace so far.
  bool blank() const { return !is_whole_ && !begun() && !stopped_; }

 private:
  std::size_t follow(View piece);
  std::size_t leave(View piece);
  void see(json::Token token, View piece, std::size_t at);
  void begin_name(std::uint64_t at);
  void end_name(View inside);
  void begin_value(json::Kind kind, std::uint64_t at);
  void begin_scalar(char first, std::uint64_t at);
  void end_value(std::uint64_t end);
  void end_text(View inside);
  void capture(std::size_t bytes_max);
  View captured(View inside);
  void repeat();
  void stop(Fault fault, std::uint64_t at);
  bool begun() const { return line_.begin.bytes != 0; }
  bool has_place() const;
  const NamedMember*& under_way() { return under_way_[grammar_.level() - 1]; }
  Column column(std::uint64_t at) const;
  Bytes pointer() const;

  std::uint64_t bytes_max_;
  Line line_;
  WholeLine whole_;
  bool is_whole_ = false;  // The line was read by that; what follows is about others.

  json::Grammar grammar_{2, json::LineFeed::ends_text};  // Members of the line and of its body.
  text::Utf8Checker utf8_;                               // Of what stands behind a fault.
  bool stopped_ = false;     // A fault ended the reading: only the length is counted on.
  bool not_object_ = false;  // One that doesn't end it: the line may not even be JSON.

  // The members whose values come or are under way: the line's, and its body's. Null for any other.
  std::array<const NamedMember*, 2> under_way_{};
  bool in_body_ = false;           // Inside of `body`, which is an object.
  std::array<NameSet, 2> others_;  // Names of other members: the line's, and its body's.
  std::array<Bytes, 2> path_;      // The names on the way to what is read, …
  unsigned path_levels_ = 0;       // … so many of them.
  Column name_column_;
  bool capturing_ = false;  // The string under way, a name or a text; its bytes in this piece begin
  std::size_t captured_from_ = 0;  // there.
  TextCapture captured_{0};
};

}  // namespace edgebatch::validation
