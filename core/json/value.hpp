// A parsed JSON text (RFC 8259), read through accessors that answer with nothing where the shape is
// another. Only for small texts (requests, configuration); lines and answers go through
// `grammar.hpp`, which builds nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

constexpr unsigned depth_max = 64;  // Of a parsed value; deeper texts are refused, not followed.

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

class Writer;

class Value {
 public:
  /// Nothing if the text isn't one JSON value, isn't UTF-8, is too deep, or has trailing bytes; nor
  /// if it holds what has no value: an escape of a lone surrogate, a number beyond a double's
  /// range. Of members with the same name the last counts.
  static std::optional<Value> parse(View text);

  Kind kind() const;
  /// "a string", "an integer", "a decimal number", "a boolean", "null", "an array", "an object".
  View kind_in_words() const;

  bool is_null() const { return kind() == Kind::null; }
  std::optional<View> string() const;           // Valid as long as a Value of the same text is.
  std::optional<std::int64_t> integer() const;  // Exact integers only; 1.0 isn't one.
  std::optional<bool> boolean() const;
  std::optional<Value> member(View name) const;          // Nothing too if this isn't an object.
  std::vector<std::pair<Bytes, Value>> members() const;  // In the text's order.
  std::vector<Value> elements() const;

  /// Compact text with sorted member names: equal values have equal texts.
  Bytes canonical() const;

 private:
  struct Node;
  class Builder;

  Value(std::shared_ptr<const Node> root, const Node* node);
  static void write_canonical(Writer& out, const Node& node);

  std::shared_ptr<const Node> root_;  // Keeps the whole text's tree alive.
  const Node* node_;
};

}  // namespace edgebatch::json
