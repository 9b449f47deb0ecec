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

  std::size_t valid_utf8(View segment);
  void follow(View bytes, std::uint64_t at);
  void step(char byte, std::uint64_t at);
  void see(json::Token token, char byte, std::uint64_t at);
  bool expects_name() const;
  void begin_name(std::uint64_t at);
  void end_name();
  void begin_value(unsigned level, json::Kind kind, std::uint64_t at);
  void begin_scalar(unsigned level, char first);
  void end_value(unsigned level, std::uint64_t end);
  Place under_way(unsigned level) const;
  void capture(std::size_t bytes_max);
  void stop(Fault fault, std::uint64_t at);
  void note(Fault fault, std::uint64_t at);
  void clear_members();

  std::uint64_t bytes_max_;
  Line line_;
  text::Utf8Checker utf8_;
  json::Grammar grammar_;
  bool begun_ = false;         // There was a byte that isn't whitespace.
  bool stopped_ = false;       // A fault ended the reading: only the length is counted on.
  bool has_members_ = false;   // Some of the line's members aren't as they were at first.
  Fault noted_ = Fault::none;  // One that doesn't end the reading.
  std::uint64_t noted_column_ = 0;

  // The members whose values come or are under way: the line's, and its body's. Null for any other.
  std::array<Place, 2> under_way_{};
  bool in_body_ = false;    // Inside of `body`, which is an object.
  bool in_scalar_ = false;  // The innermost member's value is a number or literal under way.
  std::uint64_t name_at_ = 0;
  bool capturing_ = false;  // The string under way, a name or a text.
  TextCapture captured_{0};
};

}  // namespace edgebatch::validation
