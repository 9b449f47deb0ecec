// The values directly inside of the outermost array or object, as they stand in its text.
#pragma once

#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Follows what a `Grammar` says of each byte of `text` in turn.
class InnerValues {
 public:
  explicit InnerValues(View text) : text_(text) {}

  /// The value that ended at this byte, or right before it: a number's end is only seen behind it.
  std::optional<View> see(Token token, std::size_t at, unsigned depth) {
    if (in_scalar_ && (token != Token::none || is_space(text_[at]))) return end(at);
    switch (token) {
      case Token::object_begin:
      case Token::array_begin:
        if (depth == 2) begin_ = at;
        break;
      case Token::string_begin:
        if (depth == 1) begin_ = at;
        break;
      case Token::scalar_begin:
        if (depth == 1) begin_ = at;
        in_scalar_ = depth == 1;
        break;
      case Token::object_end:
      case Token::array_end:
      case Token::string_end:
        if (depth == 1) return end(at + 1);
        break;
      default: break;
    }
    return std::nullopt;
  }

 private:
  View end(std::size_t at) {
    in_scalar_ = false;
    return text_.substr(begin_, at - begin_);
  }

  View text_;
  std::size_t begin_ = 0;   // Of the last value that began.
  bool in_scalar_ = false;  // It is a number or literal that hasn't ended.
};

}  // namespace edgebatch::json
