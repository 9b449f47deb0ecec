#include "core/pattern/code_points.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/text/sort.hpp"

namespace edgebatch::pattern {

bool CodePoints::contains(char32_t point) const {
  return (std::upper_bound(edges_.begin(), edges_.end(), point) - edges_.begin()) % 2 != 0;
}

void CodePoints::append(char32_t first, char32_t last) {
  if (!edges_.empty() && first <= edges_.back()) {
    edges_.back() = std::max<char32_t>(edges_.back(), last + 1);
    return;
  }
  edges_.push_back(first);
  edges_.push_back(last + 1);
}

CodePoints CodePoints::combined(const CodePoints& other, unsigned table) const {
  CodePoints out;
  const std::vector<char32_t>& a = edges_;
  const std::vector<char32_t>& b = other.edges_;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const char32_t edge =
        j == b.size() || (i < a.size() && a[i] < b[j]) ? a[i] : b[j];  // The next of either.
    if (i < a.size() && a[i] == edge) ++i;
    if (j < b.size() && b[j] == edge) ++j;
    const bool inside = (table >> (i % 2 + j % 2 * 2) & 1) != 0;
    if (inside != (out.edges_.size() % 2 != 0)) out.edges_.push_back(edge);
  }
  return out;
}

void Union::add(const CodePoints& points) {
  const std::vector<char32_t>& edges = points.edges();
  if (edges.size() == 2)
    add(edges[0], edges[1] - 1);  // Thousands of them are sorted once, not merged one by one.
  else
    points_ = points_ | points;
}

CodePoints Union::take() {
  text::sort(ranges_, {}, &Span::first);
  CodePoints sorted;
  for (const Span& range : ranges_) sorted.append(range.first, range.last);
  ranges_.clear();
  return points_ | sorted;
}

}  // namespace edgebatch::pattern
