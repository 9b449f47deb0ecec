// A text read once into a flat list of its values, to be looked at in any order: for answers as
// large as they may be. Nothing is copied: a node says where in the text its value lies. Reading
// again takes no memory once the list has grown.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/json/literal_string.hpp"
#include "core/json/nesting.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::json {

constexpr std::size_t tape_nodes_count_max = 250'000;  // Values and names: 4 MB.
constexpr std::size_t tape_text_bytes_max = 64 * 1024 * 1024;

class Tape {
 public:
  using Index = std::uint32_t;

  struct Node {
    std::uint32_t offset;  // Of its first byte in the text; of a string's, behind the quote.
    std::uint32_t size;    // Of a scalar: bytes, of a string's without quotes. Else: how many
                           // elements, or members of different names.
    Index end;             // The node behind the last one that lies inside.
    Kind kind;
    bool escaped;   // A string has escapes.
    bool ascii;     // A string has no other characters; its escapes may stand for some.
    bool repeated;  // A member's name stands again further behind: only the last counts.
  };

  enum class Reading : std::uint8_t { whole, not_json, too_deep, too_large };

  /// A secret, so that nobody can aim at an object whose names are slow to look up.
  explicit Tape(const text::SipKey& secret) : secret_(secret) {}

  /// `text` has to outlive what is asked for below. Nothing may be asked for unless it is `whole`.
  /// Levels are arrays and objects inside of each other, `nesting_max` at most.
  Reading read(View text, unsigned levels_max = nesting_max);

  /// Where a text that isn't whole went wrong: at this byte's token.
  std::size_t stopped_at() const { return stopped_at_; }

  /// The value itself is the first node. What lies inside of an array follows it; inside of an
  /// object each value stands behind its name, which is a string.
  const Node& operator[](Index index) const { return nodes_[index]; }
  Index size() const { return static_cast<Index>(nodes_.size()); }

  /// Of a number or literal, or what is between a string's quotes.
  View inside(const Node& node) const { return text_.substr(node.offset, node.size); }
  LiteralString literal(const Node& node) const {
    return {.inside = inside(node), .escaped = node.escaped, .ascii = node.ascii};
  }
  /// What a string stands for; written to `scratch` if it has escapes.
  View string(const Node& node, Bytes& scratch) const { return literal(node).text(scratch); }
  /// How many code points that has.
  std::size_t length(const Node& node) const { return literal(node).length(); }
  bool truth(const Node& node) const { return text_[node.offset] == 't'; }

  /// Calls `see(index)` with each element of an array.
  template <class See>
  void each_element(Index array, See&& see) const {
    for (Index at = array + 1; at < nodes_[array].end; at = nodes_[at].end) see(at);
  }
  /// Calls `see(name, value)`, both indices, with each member of an object that counts.
  template <class See>
  void each_member(Index object, See&& see) const {
    for (Index name = object + 1; name < nodes_[object].end; name = nodes_[name + 1].end)
      if (!nodes_[name].repeated) see(name, name + 1);
  }

  /// The JSON Pointer of a value; of a name, its member's.
  Bytes pointer(Index index) const;

 private:
  class Reader;
  struct Names;

  struct Open {
    Index index;
    std::uint32_t count;  // Nodes so far directly inside of the one around it.
  };

  void mark_repeated(Index object);
  void mark_repeated_of_few(Index object, const Names& names);
  void mark_repeated_of_many(Index object);

  text::SipKey secret_;
  View text_;
  std::vector<Node> nodes_;
  std::size_t stopped_at_ = 0;
  Bytes tail_;                // The text's last bytes, with room behind them.
  std::vector<Open> open_;    // Arrays and objects that are open.
  std::vector<Index> table_;  // Names of an object by their hashes.
  std::array<Bytes, 2> scratch_;
};

}  // namespace edgebatch::json
