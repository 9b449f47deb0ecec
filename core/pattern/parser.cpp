#include "core/pattern/parser.hpp"

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/pattern/char_class.hpp"
#include "core/pattern/code_points.hpp"
#include "core/pattern/escape.hpp"
#include "core/pattern/group.hpp"
#include "core/pattern/pattern.hpp"
#include "core/pattern/quantifier.hpp"
#include "core/pattern/scanner.hpp"
#include "core/pattern/tree.hpp"
#include "core/pattern/unicode.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::pattern {
namespace {

class Parser {
 public:
  explicit Parser(View source) : scanner_(source) {}

  std::variant<Tree, Flaw> parse() {
    open_.emplace_back();
    while (!scanner_.done())
      if (!term()) return scanner_.flaw();
    if (open_.size() > 1) {
      scanner_.fail(open_.back().offset, "the group is never closed: its \")\" is missing");
      return scanner_.flaw();
    }
    tree_.set_root(all_of(open_.back()));
    return std::move(tree_);
  }

 private:
  // A group that isn't closed yet, or the pattern itself.
  struct Open {
    std::size_t offset = 0;
    std::vector<Tree::Id> choices;  // Those before the last bar.
    std::vector<Tree::Id> items;    // What stands behind it.
  };

  // Reads what stands here, with its quantifier; false if it is wrong.
  bool term() {
    switch (scanner_.peek()) {
      case '|': return scanner_.eat('|') && end_choice();
      case '(': return open();
      case ')': return close();
      case '^': return scanner_.eat('^') && assert_here(Assertion::start);
      case '$': return scanner_.eat('$') && assert_here(Assertion::end);
      case '.': return scanner_.eat('.') && add_points(~line_breaks());
      case '[': return add(read_class(scanner_, properties_));
      case '\\': return backslash();
      case '*':
      case '+':
      case '?':
      case '{': return misplaced_quantifier();
      case ']': return stray(R"(this "]" closes no class; the character itself is \])");
      case '}': return stray(R"(this "}" closes no repetition; the character itself is \})");
      default: break;
    }
    const char32_t point = scanner_.take();
    return add_points({point, point});
  }

  bool backslash() {
    if (scanner_.eat("\\b")) return assert_here(Assertion::boundary);
    if (scanner_.eat("\\B")) return assert_here(Assertion::no_boundary);
    const auto escaped = read_escape(scanner_, properties_, false);
    if (!escaped) return false;
    return add_points(escaped->set ? *escaped->set : CodePoints(escaped->point, escaped->point));
  }

  bool open() {
    const std::size_t begin = scanner_.offset();
    if (open_.size() > nested_groups_count_max) {
      scanner_.fail(begin, "groups are nested too deep; at most " +
                               text::decimal(nested_groups_count_max) + " may be");
      return false;
    }
    if (!groups_.read(scanner_, properties_)) return false;
    open_.push_back({begin, {}, {}});
    return true;
  }

  bool close() {
    if (open_.size() == 1) return stray("this \")\" closes no group; the character itself is \\)");
    scanner_.eat(')');
    const Tree::Id group = all_of(open_.back());
    open_.pop_back();
    return quantified(group);
  }

  bool end_choice() {
    Open& group = open_.back();
    group.choices.push_back(tree_.sequence(group.items));
    group.items.clear();
    return true;
  }

  Tree::Id all_of(Open& group) {
    end_choice();
    return tree_.choice(group.choices);
  }

  bool assert_here(Assertion assertion) {
    open_.back().items.push_back(tree_.assertion(assertion));
    if (!quantifier_begins(scanner_)) return true;
    scanner_.fail(scanner_.offset(),
                  R"(^, $, \b and \B match no characters and can't be repeated)");
    return false;
  }

  bool add(std::optional<CodePoints> points) { return points && add_points(*std::move(points)); }
  bool add_points(CodePoints points) { return quantified(tree_.points(std::move(points))); }

  bool quantified(Tree::Id item) {
    if (quantifier_begins(scanner_)) {
      const auto quantifier = read_quantifier(scanner_);
      if (!quantifier) return false;
      item = tree_.repetition(item, quantifier->min, quantifier->max);
      if (quantifier_begins(scanner_)) return misplaced_quantifier();
    }
    open_.back().items.push_back(item);
    return true;
  }

  // Reads one that may not stand here, to say what is wrong with it.
  bool misplaced_quantifier() {
    const std::size_t begin = scanner_.offset();
    if (!read_quantifier(scanner_)) return false;
    scanner_.fail(begin,
                  "nothing stands before this that could be repeated; a repetition is repeated as "
                  "a group, (?:a+)+, and the character itself is \\" +
                      Bytes(scanner_.since(begin).substr(0, 1)));
    return false;
  }

  bool stray(Bytes message) {
    scanner_.fail(scanner_.offset(), std::move(message));
    return false;
  }

  Scanner scanner_;
  Properties properties_;
  GroupOpener groups_;
  Tree tree_;
  std::vector<Open> open_;
};

// How much at the start is well-formed.
std::size_t valid_bytes(View source) {
  text::Utf8Checker checker;
  std::size_t size = 0;
  while (size < source.size() && checker.feed(source.substr(size, 1))) ++size;
  return size;
}

}  // namespace

std::variant<Tree, Flaw> parse(View source) {
  if (source.size() > source_bytes_max) {
    return Flaw{source_bytes_max, "the pattern is too long; at most " +
                                      text::decimal(source_bytes_max) + " bytes are allowed"};
  }
  if (!text::utf8_valid(source)) return Flaw{valid_bytes(source), "the pattern isn't valid UTF-8"};
  return Parser(source).parse();
}

}  // namespace edgebatch::pattern
