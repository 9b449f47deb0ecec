// A parsed JSON text (RFC 8259), read through accessors that answer with nothing where the shape is another:
// the library behind it ends the program on a mismatch. Only for small texts (requests, configuration);
// lines and answers go through `grammar.hpp`, which builds nothing.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

constexpr std::size_t depth_max = 64;  // Of a parsed value; deeper texts are refused, not followed.

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// "a string", "an integer", "null", "an array" …: for messages. Integers and other numbers are told apart.
class Value;

class Value {
 public:
  /// Nothing if the text isn't one JSON value, isn't UTF-8, is too deep, or has trailing bytes. Of members with
  /// the same name the last counts.
  static std::optional<Value> parse(View text);

  Kind kind() const;
  /// "a string", "an integer", "a decimal number", "a boolean", "null", "an array", "an object".
  View kind_in_words() const;

  bool is_null() const { return kind() == Kind::null; }
  std::optional<View> string() const;
  std::optional<std::int64_t> integer() const;  // Exact integers only; 1.0 isn't one.
  std::optional<bool> boolean() const;
  std::optional<Value> member(View name) const;                 // Nothing too if this isn't an object.
  std::vector<std::pair<Bytes, Value>> members() const;         // In the text's order where possible.
  std::vector<Value> elements() const;

  /// Compact text with sorted member names: equal values have equal texts.
  Bytes canonical() const;

 private:
  Value(std::shared_ptr<const void> root, const void* node) : root_(std::move(root)), node_(node) {}
  std::shared_ptr<const void> root_;  // Keeps the whole text's tree alive.
  const void* node_;
};

}  // namespace edgebatch::json
