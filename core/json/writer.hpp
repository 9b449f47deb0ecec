// Writes compact JSON. Every text written here is one line for every reader in the world: control
// characters, U+2028, U+2029 and U+0085 are escaped, invalid UTF-8 becomes U+FFFD.
#pragma once

#include <cstdint>
#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Appends `text` as a JSON string with its quotes.
void append_string(Bytes& out, View text);

class Writer {
 public:
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(View name);  // Its value follows.

  Writer& string(View value);
  Writer& integer(std::int64_t value);
  Writer& boolean(bool value);
  Writer& null();
  Writer& raw(View json);  // A complete JSON value as it is.

  // A member of the object under way.
  Writer& member(View name, View value) { return key(name).string(value); }
  Writer& member(View name, const char* value) { return key(name).string(value); }
  Writer& member(View name, const Bytes& value) { return key(name).string(value); }
  Writer& member(View name, const std::optional<Bytes>& value);  // null where absent
  Writer& integer_member(View name, std::int64_t value) { return key(name).integer(value); }
  Writer& integer_member(View name, std::optional<std::int64_t> value);
  Writer& null_member(View name) { return key(name).null(); }

  /// What was written. The writer is empty again.
  Bytes take();

 private:
  Bytes& next();  // Where the next name or value is appended, behind a comma if it needs one.
  Writer& begin(char bracket);
  Writer& end(char bracket);

  Bytes out_;
  bool comma_ = false;  // The next value or name follows another.
};

}  // namespace edgebatch::json
