#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/json/inner_values.hpp"
#include "core/json/walk.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

namespace {

// Follows the members of the top-level object: which one is under way, and where its value lies.
class Finder {
 public:
  Finder(View text, View name) : text_(text), name_(name), values_(text) {}

  void see(Token token, std::size_t at, unsigned level) {
    if (token == Token::key_begin) name_begin_ = at + 1;
    if (token == Token::key_end) wanted_ = is_name(text_.substr(name_begin_, at - name_begin_));
    const auto value = values_.see(token, at, level);
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
  Finder finder(text, name);
  const bool valid =
      walk(text, InnerValues::levels_max, [&finder](Token token, std::size_t at, unsigned level) {
        finder.see(token, at, level);
        return true;
      });
  return valid ? finder.found() : std::nullopt;
}

}  // namespace edgebatch::json
