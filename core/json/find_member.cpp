#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

// Follows the members of the top-level object: which one is under way, and where its value lies.
class Finder {
 public:
  Finder(View text, View name) : text_(text), name_(name) {}

  void see(Token token, std::size_t at, unsigned depth) {
    if (scalar_ && (token != Token::none || is_space(text_[at]))) end(at);
    switch (token) {
      case Token::key_begin:
        if (depth == 1) name_begin_ = at + 1;
        break;
      case Token::key_end:
        if (depth == 1) wanted_ = is_name(text_.substr(name_begin_, at - name_begin_));
        break;
      case Token::object_begin:
      case Token::array_begin:
        if (depth == 2) begin(at);
        break;
      case Token::string_begin:
        if (depth == 1) begin(at);
        break;
      case Token::scalar_begin:
        if (depth == 1) begin(at);
        scalar_ = depth == 1;
        break;
      case Token::object_end:
      case Token::array_end:
      case Token::string_end:
        if (depth == 1) end(at + 1);
        break;
      default: break;
    }
  }

  std::optional<View> found() const { return found_; }

 private:
  bool is_name(View inside) const {
    return inside.find('\\') == View::npos ? inside == name_ : unescape(inside) == name_;
  }
  void begin(std::size_t at) { value_begin_ = at; }
  void end(std::size_t at) {
    if (wanted_) found_ = text_.substr(value_begin_, at - value_begin_);
    scalar_ = false;
  }

  View text_;
  View name_;
  std::size_t name_begin_ = 0;
  std::size_t value_begin_ = 0;
  bool wanted_ = false;  // The member under way, or the last one, has the name.
  bool scalar_ = false;  // Its value is a number or literal that hasn't ended.
  std::optional<View> found_;
};

}  // namespace

std::optional<View> find_member(View text, View name) {
  if (!text::utf8_valid(text)) return std::nullopt;
  Grammar grammar;
  Finder finder(text, name);
  for (std::size_t at = 0; at < text.size(); ++at) {
    at += grammar.plain(text.substr(at));
    if (at == text.size()) break;
    const Token token = grammar.step(text[at]);
    if (token == Token::error) return std::nullopt;
    finder.see(token, at, grammar.depth());
  }
  return grammar.complete() ? finder.found() : std::nullopt;
}

}  // namespace edgebatch::json
