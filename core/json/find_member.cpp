#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/json/inner_values.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

// Follows the members of the top-level object: which one is under way, and where its value lies.
class Finder {
 public:
  Finder(View text, View name) : text_(text), name_(name), values_(text) {}

  void see(Token token, std::size_t at, unsigned depth) {
    if (token == Token::key_begin && depth == 1) name_begin_ = at + 1;
    if (token == Token::key_end && depth == 1)
      wanted_ = is_name(text_.substr(name_begin_, at - name_begin_));
    const auto value = values_.see(token, at, depth);
    if (value && wanted_) found_ = value;
  }

  std::optional<View> found() const { return found_; }

 private:
  bool is_name(View inside) const {
    return inside.find('\\') == View::npos ? inside == name_ : unescape(inside) == name_;
  }

  View text_;
  View name_;
  InnerValues values_;
  std::size_t name_begin_ = 0;
  bool wanted_ = false;  // The member under way, or the last one, has the name.
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
