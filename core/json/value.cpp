#include "core/json/value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>  // IWYU pragma: keep
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/json/writer.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::json {

static_assert(depth_max <= nesting_max);

// The library only reads: its own tree aborts on mismatches, and keeps either no order of members
// or one that makes large objects quadratic.
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

// Takes the library's events and builds the tree from them. Its answers say "go on".
class Value::Builder {
 public:
  explicit Builder(Node& root) : next_{&root} {
    static_assert(std::is_nothrow_move_constructible_v<Node>, "a growing vector would copy trees");
  }

  bool null() { return scalar(std::monostate()); }
  bool boolean(bool value) { return scalar(value); }
  bool number_integer(std::int64_t value) { return scalar(value); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return scalar(value);
    }
    return scalar(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const Bytes& /*text*/) { return scalar(value); }
  bool string(Bytes& value) { return scalar(std::move(value)); }
  bool binary(const std::vector<std::uint8_t>& /*value*/) { return false; }  // Never in JSON.
  bool start_object(std::size_t /*size*/) { return open(Node::Members()); }
  bool end_object() {
    keep_last(std::get<Node::Members>(open_.back()->is));
    return close();
  }
  bool start_array(std::size_t /*size*/) { return open(Node::Elements()); }
  bool end_array() { return close(); }
  bool key(Bytes& name) {
    auto& members = std::get<Node::Members>(open_.back()->is);
    next_ = &members.emplace_back(Node::Member{std::move(name), {}}).value;
    return true;
  }
  bool parse_error(std::size_t /*at*/, const Bytes& /*token*/,
                   const nlohmann::json::exception& /*error*/) {
    return false;
  }

 private:
  // Where the next value goes: behind a name, or at the end of the array that is open.
  Node& place() {
    if (next_ != nullptr) return *std::exchange(next_, nullptr);
    return std::get<Node::Elements>(open_.back()->is).emplace_back();
  }
  template <class T>
  bool scalar(T value) {
    place().is = std::move(value);
    return true;
  }
  template <class T>
  bool open(T container) {
    Node& node = place();
    node.is = std::move(container);
    open_.push_back(&node);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  // Of members with the same name only the last stays. Sorting keeps it from being quadratic.
  static void keep_last(Node::Members& members) {
    std::vector<std::size_t> order(members.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
      const int names = members[a].name.compare(members[b].name);
      return names != 0 ? names < 0 : a < b;
    });
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

  Node* next_;
  // Open arrays and objects. What is open never moves: only the innermost one grows.
  std::vector<Node*> open_;
};

Value::Value(std::shared_ptr<const Node> root, const Node* node)
    : root_(std::move(root)), node_(node) {}

std::optional<Value> Value::parse(View text) {
  // Before anything is built: neither building nor destroying a tree may recurse deeply.
  if (!valid(text, depth_max)) return std::nullopt;
  auto root = std::make_shared<Node>();
  Builder builder(*root);
  if (!nlohmann::json::sax_parse(text, &builder)) return std::nullopt;
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
    out.raw(nlohmann::json(*large).dump());
  } else if (const auto* decimal = std::get_if<double>(&node.is)) {
    out.raw(nlohmann::json(*decimal).dump());
  } else if (const auto* elements = std::get_if<Node::Elements>(&node.is)) {
    out.begin_array();
    for (const Node& element : *elements) write_canonical(out, element);
    out.end_array();
  } else if (const auto* members = std::get_if<Node::Members>(&node.is)) {
    std::vector<const Node::Member*> sorted;
    sorted.reserve(members->size());
    for (const Node::Member& member : *members) sorted.push_back(&member);
    std::ranges::sort(sorted, {}, &Node::Member::name);
    out.begin_object();
    for (const Node::Member* member : sorted) {
      out.key(member->name);
      write_canonical(out, member->value);
    }
    out.end_object();
  } else {
    out.null();
  }
}

}  // namespace edgebatch::json
