// Where the values of a text lie, down to some level, found in one pass: for texts that are looked
// at in many places, and often, as the events of a stream are. Nothing is built.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

constexpr unsigned outline_levels_max = 4;
constexpr std::size_t outline_members_count_max = 128;   // Of one object.
constexpr std::size_t outline_nodes_count_max = 16'384;  // Of one text.

class Outline {
 public:
  struct Node {
    bool is_member = false;
    View name;            // Of a member, unescaped.
    View value;           // As it stands in the text, without whitespace around it.
    std::size_t end = 0;  // The node behind the last one that lies inside of this.
  };

  /// `text` has to outlive what is asked for below. False if it isn't one valid JSON value, or has
  /// more members or nodes than we follow; nothing may be asked for then. The value itself is level
  /// 0, what lies directly inside of it level 1 …; what lies deeper than `levels_max` (at most
  /// `outline_levels_max`) gets no node.
  bool read(View text, unsigned levels_max);

  const Node& root() const { return nodes_.front(); }

  /// The member of that name, the last one if there are several; null if there is none.
  const Node* member(const Node& of, View name) const;

  /// Calls `see` with the values directly inside of an array or object; of members with the same
  /// name only with the last.
  template <class See>
  void each(const Node& of, See see) const {
    for (std::size_t i = index(of) + 1; i < of.end; i = nodes_[i].end)
      if (!comes_again(of, nodes_[i])) see(nodes_[i]);
  }

 private:
  class Pass;

  std::size_t index(const Node& node) const {
    return static_cast<std::size_t>(&node - nodes_.data());
  }

  /// Whether a member of that name stands further behind.
  bool comes_again(const Node& of, const Node& node) const;

  std::vector<Node> nodes_;  // A value stands right before what lies inside of it.
  std::deque<Bytes> names_;  // Those that had escapes.
};

}  // namespace edgebatch::json
