// Server-sent events (HTML Living Standard §9.2) out of a body that arrives in any pieces.
#pragma once

#include <cstddef>
#include <functional>

#include "core/text/bytes.hpp"

namespace edgebatch::http {

class EventReader {
 public:
  /// `type` is empty where the event names none. Both are valid during the call only.
  using See = std::function<void(View type, View data)>;

  /// `event_bytes_max`: of an event's data, and of a line.
  explicit EventReader(std::size_t event_bytes_max) : bytes_max_(event_bytes_max) {}

  /// Calls `see` with each event that ends in this piece. False once one was too large; stays
  /// false. An event that the body's end cuts off never happened.
  bool feed(View piece, const See& see);

  /// Whether there was a line that no event stream has: it may be no event stream at all.
  bool foreign() const { return foreign_; }

 private:
  void end_line(View line, const See& see);
  void field(View name, View value);
  bool fits(std::size_t more) const;

  std::size_t bytes_max_;
  Bytes line_;  // As far as earlier pieces have it.
  Bytes type_;  // Of the event under way …
  Bytes data_;  // … and its lines, an LF behind each.
  bool first_line_ = true;
  bool behind_cr_ = false;  // An LF now would end the same line.
  bool foreign_ = false;
  bool too_large_ = false;
};

}  // namespace edgebatch::http
