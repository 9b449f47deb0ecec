#include "core/json/outline.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/json/walk.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

// Follows what `walk` tells. False: more than is followed.
class Outline::Pass {
 public:
  Pass(Outline& out, View text, unsigned levels_max)
      : out_(out), text_(text), levels_max_(levels_max) {}

  bool see(Token token, std::size_t at, unsigned level) {
    switch (token) {
      case Token::key_begin: name_begin_ = at + 1; return true;
      case Token::key_end: return take_name(at, level);
      case Token::object_begin:
      case Token::array_begin:
      case Token::string_begin:
      case Token::scalar_begin: return begin(at, level);
      case Token::object_end:
      case Token::array_end:
      case Token::string_end: end(at + 1, level); return true;
      case Token::scalar_end: end(at, level); return true;
      default: return true;
    }
  }

 private:
  bool take_name(std::size_t at, unsigned level) {
    View name = text_.substr(name_begin_, at - name_begin_);
    if (name.find('\\') != View::npos) name = out_.names_.emplace_back(unescape(name));
    name_ = name;
    return ++members_count_[level] <= outline_members_count_max;
  }

  bool begin(std::size_t at, unsigned level) {
    if (out_.nodes_.size() == outline_nodes_count_max) return false;
    open_[level] = {.node = out_.nodes_.size(), .begin = at};
    out_.nodes_.push_back(
        {.is_member = name_.has_value(), .name = name_.value_or(""), .value = {}});
    name_.reset();
    if (level < levels_max_) members_count_[level + 1] = 0;
    return true;
  }

  void end(std::size_t at, unsigned level) {
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
  std::array<Open, outline_levels_max + 1> open_{};  // The value under way on each level.
  std::array<std::size_t, outline_levels_max + 1> members_count_{};
};

bool Outline::read(View text, unsigned levels_max) {
  nodes_.clear();
  names_.clear();
  Pass pass(*this, text, levels_max);
  return walk(text, levels_max, [&pass](Token token, std::size_t at, unsigned level) {
    return pass.see(token, at, level);
  });
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
