#include "core/json/outline.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

// Follows what a `Grammar` says of each byte in turn. False: more than is followed.
class Outline::Pass {
 public:
  Pass(Outline& out, View text, unsigned levels_max)
      : out_(out), text_(text), levels_max_(levels_max) {}

  bool see(Token token, std::size_t at, unsigned depth) {
    // A number's end is only seen behind it.
    if (in_scalar_ && (token != Token::none || is_space(text_[at]))) end_scalar(at);
    switch (token) {
      case Token::key_begin: name_begin_ = at + 1; return true;
      case Token::key_end: return depth > levels_max_ || take_name(at, depth);
      case Token::object_begin:
      case Token::array_begin: return begin(at, depth - 1);
      case Token::object_end:
      case Token::array_end:
      case Token::string_end: end(at + 1, depth); return true;
      case Token::string_begin: return begin(at, depth);
      case Token::scalar_begin:
        in_scalar_ = true;
        scalar_level_ = depth;
        return begin(at, depth);
      default: return true;
    }
  }

  void end_scalar(std::size_t at) {
    if (in_scalar_) end(at, scalar_level_);
    in_scalar_ = false;
  }

 private:
  bool take_name(std::size_t at, unsigned level) {
    View name = text_.substr(name_begin_, at - name_begin_);
    if (name.find('\\') != View::npos) name = out_.names_.emplace_back(unescape(name));
    name_ = name;
    return ++members_count_[level] <= outline_members_count_max;
  }

  bool begin(std::size_t at, unsigned level) {
    if (level > levels_max_) return true;
    if (out_.nodes_.size() == outline_nodes_count_max) return false;
    open_[level] = {.node = out_.nodes_.size(), .begin = at};
    out_.nodes_.push_back(
        {.is_member = name_.has_value(), .name = name_.value_or(""), .value = {}});
    name_.reset();
    if (level < levels_max_) members_count_[level + 1] = 0;
    return true;
  }

  void end(std::size_t at, unsigned level) {
    if (level > levels_max_) return;
    const Open& open = open_[level];
    Node& node = out_.nodes_[open.node];
    node.value = text_.substr(open.begin, at - open.begin);
    node.end = out_.nodes_.size();
  }

  struct Open {
    std::size_t node = 0;
    std::size_t begin = 0;  // In the text.
  };

  Outline& out_;
  View text_;
  unsigned levels_max_;
  std::optional<View> name_;  // Of the value to come, if it is a member.
  std::size_t name_begin_ = 0;
  bool in_scalar_ = false;
  unsigned scalar_level_ = 0;
  std::array<Open, outline_levels_max + 1> open_{};  // The value under way on each level.
  std::array<std::size_t, outline_levels_max + 1> members_count_{};
};

bool Outline::read(View text, unsigned levels_max) {
  nodes_.clear();
  names_.clear();
  if (!text::utf8_valid(text)) return false;
  Grammar grammar;
  Pass pass(*this, text, levels_max);
  for (std::size_t at = 0; at < text.size(); ++at) {
    at += grammar.plain(text.substr(at));
    if (at == text.size()) break;
    const Token token = grammar.step(text[at]);
    if (token == Token::error || !pass.see(token, at, grammar.depth())) return false;
  }
  pass.end_scalar(text.size());
  return grammar.complete();
}

bool Outline::comes_again(const Node& of, const Node& node) const {
  if (!node.is_member) return false;
  for (std::size_t i = node.end; i < of.end; i = nodes_[i].end)
    if (nodes_[i].name == node.name) return true;
  return false;
}

const Outline::Node* Outline::member(const Node& of, View name) const {
  const Node* found = nullptr;
  for (std::size_t i = index(of) + 1; i < of.end; i = nodes_[i].end)
    if (nodes_[i].is_member && nodes_[i].name == name) found = &nodes_[i];
  return found;
}

}  // namespace edgebatch::json
