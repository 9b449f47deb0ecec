#include "core/pattern/tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/pattern/code_points.hpp"

namespace edgebatch::pattern {

Tree::Id Tree::put(const Node& node) {
  nodes_.push_back(node);
  return static_cast<Id>(nodes_.size() - 1);
}

Tree::Id Tree::put(Node node, std::span<const Id> children) {
  node.first = static_cast<std::uint32_t>(children_.size());
  node.count = static_cast<std::uint32_t>(children.size());
  children_.insert(children_.end(), children.begin(), children.end());
  return put(node);
}

std::uint32_t Tree::interned(CodePoints points) {
  const auto at = std::lower_bound(
      order_.begin(), order_.end(), points,
      [this](std::uint32_t index, const CodePoints& wanted) { return sets_[index] < wanted; });
  if (at != order_.end() && sets_[*at] == points) return *at;
  const auto index = static_cast<std::uint32_t>(sets_.size());
  order_.insert(at, index);
  sets_.push_back(std::move(points));
  return index;
}

Tree::Id Tree::points(CodePoints points) {
  Node node;
  node.kind = Node::Kind::points;
  node.nullable = false;
  node.consumes = true;
  node.points = interned(std::move(points));
  return put(node);
}

Tree::Id Tree::assertion(Assertion assertion) {
  Node node;
  node.kind = Node::Kind::assertion;
  node.nullable = false;
  node.assertion = assertion;
  if (assertion == Assertion::boundary || assertion == Assertion::no_boundary)
    has_boundaries_ = true;
  return put(node);
}

Tree::Id Tree::sequence(std::span<const Id> items) {
  Node node;
  node.kind = Node::Kind::sequence;
  std::vector<Id> kept;
  for (const Id item : items) {
    if (nodes_[item].kind == Node::Kind::empty) continue;
    kept.push_back(item);
    node.nullable = node.nullable && nodes_[item].nullable;
    node.consumes = node.consumes || nodes_[item].consumes;
  }
  if (kept.empty()) return empty();
  return kept.size() == 1 ? kept.front() : put(node, kept);
}

// Single characters become one set, and what is empty one child at most: so the tree has no more
// inner nodes than leaves, however often it is repeated.
Tree::Id Tree::choice(std::span<const Id> items) {
  Node node;
  node.kind = Node::Kind::choice;
  node.nullable = false;
  std::vector<Id> kept;
  Union single;
  bool any_empty = false;
  std::size_t singles = 0;
  for (const Id item : items) {
    const Node& child = nodes_[item];
    node.nullable = node.nullable || child.nullable;
    node.consumes = node.consumes || child.consumes;
    if (child.nullable && !child.consumes) {
      any_empty = true;
    } else if (child.kind == Node::Kind::points) {
      single.add(sets_[child.points]);
      ++singles;
    } else {
      kept.push_back(item);
    }
  }
  if (singles > 0) kept.push_back(points(single.take()));
  if (any_empty) kept.push_back(empty());
  return kept.size() == 1 ? kept.front() : put(node, kept);
}

Tree::Id Tree::repetition(Id body, std::uint32_t min, std::uint32_t max) {
  const Node inner = nodes_[body];
  if (max == 0) return empty();
  if (!inner.consumes) {  // What holds at a place once holds there again.
    min = std::min(min, 1U);
    max = 1;
  }
  if (inner.nullable) min = 0;  // Fewer are as good as many.
  if (!inner.consumes && min == 0) return empty();
  if (min == 1 && max == 1) return body;
  const auto simple = [](std::uint32_t a, std::uint32_t b) {
    return a <= 1 && (b == 1 || b == unlimited);
  };
  Node node;
  node.kind = Node::Kind::repetition;
  node.nullable = min == 0;
  node.consumes = inner.consumes;
  node.min = min;
  node.max = max;
  const bool nested = inner.kind == Node::Kind::repetition;
  if (!nested || !simple(min, max) || !simple(inner.min, inner.max))
    return put(node, std::span(&body, 1));
  // `?`, `*` and `+` of each other are one of them again: so they don't pile up.
  node.min = min * inner.min;
  node.max = std::max(max, inner.max);
  node.first = inner.first;
  node.count = 1;
  return put(node);
}

}  // namespace edgebatch::pattern
