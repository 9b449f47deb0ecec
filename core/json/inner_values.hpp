// The values directly inside of the outermost array or object, as they stand in its text.
#pragma once

#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Follows what `walk` tells of `text`.
class InnerValues {
 public:
  static constexpr unsigned levels_max = 1;  // That have to be told.

  explicit InnerValues(View text) : text_(text) {}

  /// The value that ended with this token.
  std::optional<View> see(Token token, std::size_t at, unsigned level) {
    if (level != 1) return std::nullopt;
    switch (token) {
      case Token::object_begin:
      case Token::array_begin:
      case Token::string_begin:
      case Token::scalar_begin: begin_ = at; return std::nullopt;
      case Token::object_end:
      case Token::array_end:
      case Token::string_end: return text_.substr(begin_, at + 1 - begin_);
      case Token::scalar_end: return text_.substr(begin_, at - begin_);
      default: return std::nullopt;
    }
  }

 private:
  View text_;
  std::size_t begin_ = 0;  // Of the last value that began.
};

}  // namespace edgebatch::json
