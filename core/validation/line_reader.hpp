// One line of a stream, in segments that may be cut anywhere: is it JSON, and where do the members
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
#include "core/validation/text_capture.hpp"

namespace edgebatch::validation {

class LineReader {
 public:
  explicit LineReader(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// Before each line.
  void begin(std::uint64_t number, std::uint64_t offset);
  /// The line's next bytes, without its LF.
  void read(View segment);
  /// The line's end.
  const Line& finish();

  std::uint64_t length() const { return line_.length; }
  /// Before its end: true if there was nothing but whitespace so far.
  bool blank() const { return !begun_ && !stopped_; }

 private:
  using Place = Member Line::*;

  void follow(View segment, std::uint64_t base);
  void see(json::Token token, View segment, std::size_t at, std::uint64_t base);
  void begin_name(std::uint64_t at);
  void end_name(View inside);
  void begin_value(json::Kind kind, std::uint64_t at);
  void begin_scalar(char first, std::uint64_t at);
  void end_value(std::uint64_t end);
  void end_text(View inside);
  Place& under_way() { return under_way_[grammar_.level() - 1]; }
  bool has_place() const;
  void capture(std::size_t bytes_max);
  View captured(View inside);
  void stop(Fault fault, std::uint64_t at);
  void note(Fault fault, std::uint64_t at);
  void clear_members();

  std::uint64_t bytes_max_;
  Line line_;
  json::Grammar grammar_{2};   // Members of the line and of its body.
  text::Utf8Checker utf8_;     // Of what stands behind a fault.
  bool begun_ = false;         // There was a byte that isn't whitespace.
  bool stopped_ = false;       // A fault ended the reading: only the length is counted on.
  bool has_members_ = false;   // Some of the line's members aren't as they were at first.
  Fault noted_ = Fault::none;  // One that doesn't end the reading.
  std::uint64_t noted_column_ = 0;

  // The members whose values come or are under way: the line's, and its body's. Null for any other.
  std::array<Place, 2> under_way_{};
  bool in_body_ = false;  // Inside of `body`, which is an object.
  std::uint64_t name_at_ = 0;
  bool capturing_ =
      false;  // The string under way, a name or a text; its bytes in this segment begin there:
  std::size_t captured_from_ = 0;
  TextCapture captured_{0};
};

}  // namespace edgebatch::validation
