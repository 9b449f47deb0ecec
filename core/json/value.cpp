#include "core/json/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>  // IWYU pragma: keep
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/json/unescaper.hpp"
#include "core/json/walk.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sort.hpp"

namespace edgebatch::json {

static_assert(depth_max <= nesting_max);

constexpr std::size_t double_chars_max = 64;  // Of a double in decimal.

struct Value::Node {
  using Elements = std::vector<Node>;
  struct Member;
  using Members = std::vector<Member>;

  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, Bytes, Elements, Members>
      is;
};

struct Value::Node::Member {
  Bytes name;
  Node value;
};

namespace {

// Where members stand, by name, those of the same name in the text's order.
template <class Members>
std::vector<std::size_t> order_by_name(const Members& members) {
  std::vector<std::size_t> order(members.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  text::sort(order, [&](std::size_t a, std::size_t b) {
    const int names = members[a].name.compare(members[b].name);
    return names != 0 ? names < 0 : a < b;
  });
  return order;
}

}  // namespace

// Follows what `walk` tells, and builds the tree. False: the text is none,
// is too deep, or holds what has no value.
class Value::Builder {
 public:
  Builder(Node& root, View text) : text_(text), next_{&root} {
    static_assert(std::is_nothrow_move_constructible_v<Node>, "a growing vector would copy trees");
  }

  bool run() {
    return walk(text_, depth_max, [this](Token token, std::size_t at, unsigned level) {
      return see(token, at, level);
    });
  }

 private:
  bool see(Token token, std::size_t at, unsigned level) {
    switch (token) {
      // Neither building nor destroying a tree may recurse deeply.
      case Token::object_begin: return level < depth_max && open(Node::Members());
      case Token::array_begin: return level < depth_max && open(Node::Elements());
      case Token::object_end: keep_last(std::get<Node::Members>(open_.back()->is)); [[fallthrough]];
      case Token::array_end: open_.pop_back(); return true;
      case Token::key_begin:
      case Token::string_begin: begin_ = at + 1; return true;
      case Token::key_end: {
        auto& member = std::get<Node::Members>(open_.back()->is).emplace_back();
        next_ = &member.value;
        return read_string(at, member.name);
      }
      case Token::string_end: return read_string(at, place().is.emplace<Bytes>());
      case Token::scalar_begin: begin_ = at; return true;
      case Token::scalar_end: return read_scalar(text_.substr(begin_, at - begin_));
      default: return true;
    }
  }

  bool read_scalar(View scalar) {
    Node& node = place();
    switch (scalar.front()) {
      case 'n': return true;
      case 't':
      case 'f': node.is = scalar.front() == 't'; return true;
      default: return read_number(scalar, node);
    }
  }

  static bool read_number(View scalar, Node& node) {
    constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool negative = scalar.front() == '-';
    const auto digits = text::parse_decimal(scalar.substr(negative ? 1 : 0));
    if (digits && *digits <= max + (negative ? 1 : 0)) {
      node.is = static_cast<std::int64_t>(negative ? 0 - *digits : *digits);
      return true;
    }
    if (digits && !negative) {
      node.is = *digits;
      return true;
    }
    const double decimal = std::strtod(Bytes(scalar).c_str(), nullptr);
    node.is = decimal;
    return std::isfinite(decimal);
  }

  bool read_string(std::size_t end, Bytes& out) const {
    const View inside = text_.substr(begin_, end - begin_);
    if (inside.find('\\') == View::npos) {
      out.assign(inside);
      return true;
    }
    Unescaper unescaper;
    for (const char byte : inside) unescaper.step(byte, out);
    unescaper.finish(out);
    return !unescaper.replaced();
  }

  // Where the next value goes: behind a name, or at the end of the array that is open.
  Node& place() {
    if (next_ != nullptr) return *std::exchange(next_, nullptr);
    return std::get<Node::Elements>(open_.back()->is).emplace_back();
  }
  template <class T>
  bool open(T container) {
    Node& node = place();
    node.is = std::move(container);
    open_.push_back(&node);
    return true;
  }

  // Of members with the same name only the last stays. Sorting keeps it from being quadratic.
  static void keep_last(Node::Members& members) {
    const std::vector<std::size_t> order = order_by_name(members);
    std::vector<bool> repeated(members.size());
    bool any = false;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (members[order[i - 1]].name != members[order[i]].name) continue;
      repeated[order[i - 1]] = any = true;
    }
    if (!any) return;
    Node::Members kept;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!repeated[i]) kept.push_back(std::move(members[i]));
    }
    members = std::move(kept);
  }

  View text_;
  std::size_t begin_ = 0;  // Of the name, string, number or literal under way.
  Node* next_;
  // Open arrays and objects. What is open never moves: only the innermost one grows.
  std::vector<Node*> open_;
};

Value::Value(std::shared_ptr<const Node> root, const Node* node)
    : root_(std::move(root)), node_(node) {}

std::optional<Value> Value::parse(View text) {
  auto root = std::make_shared<Node>();
  if (!Builder(*root, text).run()) return std::nullopt;
  const Node* node = root.get();
  return Value(std::move(root), node);
}

Kind Value::kind() const {
  // In the order of the variant's alternatives.
  constexpr std::array kinds{Kind::null,   Kind::boolean, Kind::number, Kind::number,
                             Kind::number, Kind::string,  Kind::array,  Kind::object};
  static_assert(kinds.size() == std::variant_size_v<decltype(Node::is)>);
  return kinds[node_->is.index()];
}

View Value::kind_in_words() const {
  switch (kind()) {
    case Kind::null: return "null";
    case Kind::boolean: return "a boolean";
    case Kind::number:
      return std::holds_alternative<double>(node_->is) ? "a decimal number" : "an integer";
    case Kind::string: return "a string";
    case Kind::array: return "an array";
    case Kind::object: return "an object";
  }
  return "";
}

std::optional<View> Value::string() const {
  const auto* text = std::get_if<Bytes>(&node_->is);
  if (text == nullptr) return std::nullopt;
  return View(*text);
}

std::optional<std::int64_t> Value::integer() const {
  const auto* value = std::get_if<std::int64_t>(&node_->is);
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::optional<bool> Value::boolean() const {
  const auto* value = std::get_if<bool>(&node_->is);
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::optional<Value> Value::member(View name) const {
  const auto* members = std::get_if<Node::Members>(&node_->is);
  if (members == nullptr) return std::nullopt;
  const auto found = std::ranges::find(*members, name, &Node::Member::name);
  if (found == members->end()) return std::nullopt;
  return Value(root_, &found->value);
}

std::vector<std::pair<Bytes, Value>> Value::members() const {
  std::vector<std::pair<Bytes, Value>> all;
  const auto* members = std::get_if<Node::Members>(&node_->is);
  if (members == nullptr) return all;
  all.reserve(members->size());
  for (const Node::Member& member : *members) {
    all.emplace_back(member.name, Value(root_, &member.value));
  }
  return all;
}

std::vector<Value> Value::elements() const {
  std::vector<Value> all;
  const auto* elements = std::get_if<Node::Elements>(&node_->is);
  if (elements == nullptr) return all;
  all.reserve(elements->size());
  for (const Node& element : *elements) all.push_back(Value(root_, &element));
  return all;
}

Bytes Value::canonical() const {
  Writer out;
  write_canonical(out, *node_);
  return out.take();
}

// Recurses at most `depth_max` deep.
void Value::write_canonical(Writer& out, const Node& node) {
  if (const auto* text = std::get_if<Bytes>(&node.is)) {
    out.string(*text);
  } else if (const auto* truth = std::get_if<bool>(&node.is)) {
    out.boolean(*truth);
  } else if (const auto* integer = std::get_if<std::int64_t>(&node.is)) {
    out.integer(*integer);
  } else if (const auto* large = std::get_if<std::uint64_t>(&node.is)) {
    out.raw(text::decimal(*large));
  } else if (const auto* decimal = std::get_if<double>(&node.is)) {
    // As short as it can be to give the same number again, which takes a library.
    std::array<char, double_chars_max> buffer{};
    const char* const end =
        nlohmann::detail::to_chars(buffer.data(), buffer.data() + buffer.size(), *decimal);
    out.raw(View(buffer.data(), static_cast<std::size_t>(end - buffer.data())));
  } else if (const auto* elements = std::get_if<Node::Elements>(&node.is)) {
    out.begin_array();
    for (const Node& element : *elements) write_canonical(out, element);
    out.end_array();
  } else if (const auto* members = std::get_if<Node::Members>(&node.is)) {
    out.begin_object();
    for (const std::size_t i : order_by_name(*members)) {
      out.key((*members)[i].name);
      write_canonical(out, (*members)[i].value);
    }
    out.end_object();
  } else {
    out.null();
  }
}

}  // namespace edgebatch::json
