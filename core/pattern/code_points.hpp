// Sets of code points.
#pragma once

#include <cstddef>
#include <vector>

namespace edgebatch::pattern {

constexpr char32_t code_points_end = 0x11'0000;  // Behind the last one.

class CodePoints {
 public:
  CodePoints() = default;
  /// From `first` to `last`, both included.
  CodePoints(char32_t first, char32_t last) : edges_{first, last + 1} {}
  static CodePoints all() { return {0, code_points_end - 1}; }

  bool operator==(const CodePoints&) const = default;
  /// Some total order.
  bool operator<(const CodePoints& other) const { return edges_ < other.edges_; }

  bool empty() const { return edges_.empty(); }
  bool contains(char32_t point) const;

  /// Appends a range that lies behind all that there is, or touches the end of it.
  void append(char32_t first, char32_t last);

  CodePoints operator|(const CodePoints& other) const { return combined(other, 0b1110); }
  CodePoints operator&(const CodePoints& other) const { return combined(other, 0b1000); }
  CodePoints operator^(const CodePoints& other) const { return combined(other, 0b0110); }
  CodePoints operator~() const { return *this ^ all(); }

  /// Where the set begins and ends, in turns, ascending: an end is the first that isn't in it.
  const std::vector<char32_t>& edges() const { return edges_; }

 private:
  /// What is in neither, in this alone, in the other alone and in both is in the result as the bits
  /// of `table` say, from the lowest on.
  CodePoints combined(const CodePoints& other, unsigned table) const;

  std::vector<char32_t> edges_;
};

/// The union of ranges in any order.
class Union {
 public:
  void add(char32_t first, char32_t last) { ranges_.push_back({first, last}); }
  void add(const CodePoints& points);
  CodePoints take();

 private:
  struct Span {
    char32_t first;
    char32_t last;
  };

  std::vector<Span> ranges_;
  CodePoints points_;
};

}  // namespace edgebatch::pattern
