// A pattern as a tree, without what makes no difference to whether it is found: groups, laziness,
// parts that match only the empty text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/pattern/code_points.hpp"

namespace edgebatch::pattern {

enum class Assertion : std::uint8_t { start, end, boundary, no_boundary };

constexpr std::uint32_t unlimited = 0xFFFF'FFFF;  // Repetitions.

struct Node {
  enum class Kind : std::uint8_t { empty, points, assertion, sequence, choice, repetition };

  Kind kind = Kind::empty;
  Assertion assertion = Assertion::start;
  bool nullable = true;   // Matches the empty text wherever it stands.
  bool consumes = false;  // May match other than the empty text.
  std::uint32_t points = 0;
  std::uint32_t first = 0;  // Of the children.
  std::uint32_t count = 0;
  std::uint32_t min = 0;
  std::uint32_t max = 0;
};

class Tree {
 public:
  using Id = std::uint32_t;

  Id empty() { return put({}); }
  Id points(CodePoints points);
  Id assertion(Assertion assertion);
  Id sequence(std::span<const Id> items);
  Id choice(std::span<const Id> items);
  /// `min` ≤ `max`.
  Id repetition(Id body, std::uint32_t min, std::uint32_t max);

  void set_root(Id root) { root_ = root; }
  Id root() const { return root_; }
  const Node& operator[](Id id) const { return nodes_[id]; }
  std::span<const Id> children(const Node& node) const {
    return std::span(children_).subspan(node.first, node.count);
  }
  /// Whether it asks for boundaries of words anywhere.
  bool has_boundaries() const { return has_boundaries_; }
  /// Each once, in the order of `Node::points`.
  const std::vector<CodePoints>& sets() const { return sets_; }

 private:
  Id put(const Node& node);
  Id put(Node node, std::span<const Id> children);
  std::uint32_t interned(CodePoints points);

  std::vector<Node> nodes_;
  std::vector<Id> children_;
  std::vector<CodePoints> sets_;
  std::vector<std::uint32_t> order_;  // Of `sets_`, ascending.
  Id root_ = 0;
  bool has_boundaries_ = false;
};

}  // namespace edgebatch::pattern
