// What a pattern tells apart: code points that all of its sets treat alike are one symbol.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/pattern/code_points.hpp"

namespace edgebatch::pattern {

class Alphabet {
 public:
  using Symbol = std::uint32_t;

  explicit Alphabet(const std::vector<CodePoints>& sets);

  /// Symbols are the numbers below this.
  std::uint32_t size() const { return size_; }

  Symbol of_ascii(std::uint8_t byte) const { return ascii_[byte]; }
  Symbol of(char32_t point) const { return symbols_[interval(point)]; }
  /// Code points from `first` to before `end` are one symbol.
  struct Interval {
    char32_t first = 0;
    char32_t end = 0;
    Symbol symbol = 0;
  };
  Interval around(char32_t point) const {
    const std::size_t at = interval(point);
    return {starts_[at], at + 1 < starts_.size() ? starts_[at + 1] : code_points_end, symbols_[at]};
  }

  /// The symbols that a set is made of, each once: a set that this was made for.
  std::vector<Symbol> symbols_in(const CodePoints& set) const;

 private:
  // The number of the interval that a code point lies in.
  std::size_t interval(char32_t point) const {
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), point) -
                                    starts_.begin() - 1);
  }
  // Of a symbol.
  struct Count {
    std::size_t all = 0;     // Intervals.
    std::size_t inside = 0;  // Those of them in the set that it is looked at for.
    Symbol becomes = 0;      // What they become; 0 is none, as no new symbol is.
  };
  void refine(const CodePoints& set, std::vector<Count>& counts);

  template <class See>
  void each_interval(const CodePoints& set, See see) const {
    const std::vector<char32_t>& edges = set.edges();
    for (std::size_t i = 0; i < edges.size(); i += 2)
      for (std::size_t at = interval(edges[i]); at < starts_.size() && starts_[at] < edges[i + 1];
           ++at)
        see(at);
  }

  std::uint32_t size_ = 1;
  std::vector<char32_t> starts_;  // Of intervals that no set's edge divides; the first is 0.
  std::vector<Symbol> symbols_;   // Of each interval.
  std::array<Symbol, 0x80> ascii_{};
};

}  // namespace edgebatch::pattern
