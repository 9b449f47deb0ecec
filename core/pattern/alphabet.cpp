#include "core/pattern/alphabet.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/pattern/code_points.hpp"
#include "core/text/sort.hpp"

namespace edgebatch::pattern {

Alphabet::Alphabet(const std::vector<CodePoints>& sets) {
  starts_.push_back(0);
  for (const CodePoints& set : sets)
    starts_.insert(starts_.end(), set.edges().begin(), set.edges().end());
  text::sort(starts_);
  starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
  if (starts_.back() == code_points_end) starts_.pop_back();

  symbols_.assign(starts_.size(), 0);
  std::vector<Count> counts{{starts_.size(), 0, 0}};
  for (const CodePoints& set : sets) refine(set, counts);
  size_ = static_cast<std::uint32_t>(counts.size());
  for (std::size_t byte = 0; byte < ascii_.size(); ++byte)
    ascii_[byte] = of(static_cast<char32_t>(byte));
}

// Symbols that lie in the set with some of their intervals only become two.
void Alphabet::refine(const CodePoints& set, std::vector<Count>& counts) {
  each_interval(set, [&](std::size_t at) { ++counts[symbols_[at]].inside; });
  each_interval(set, [&](std::size_t at) {
    const Symbol old = symbols_[at];
    if (counts[old].inside == 0) return;  // All of it is in the set.
    if (counts[old].inside == counts[old].all) {
      counts[old].inside = 0;
      return;
    }
    if (counts[old].becomes == 0) {
      counts[old].becomes = static_cast<Symbol>(counts.size());
      counts.push_back({});
    }
    const Symbol fresh = counts[old].becomes;
    symbols_[at] = fresh;
    ++counts[fresh].all;
    --counts[old].all;
    if (--counts[old].inside == 0) counts[old].becomes = 0;
  });
}

std::vector<Alphabet::Symbol> Alphabet::symbols_in(const CodePoints& set) const {
  std::vector<Symbol> out;
  std::vector<bool> seen(size_);
  each_interval(set, [&](std::size_t at) {
    if (!seen[symbols_[at]]) out.push_back(symbols_[at]);
    seen[symbols_[at]] = true;
  });
  return out;
}

}  // namespace edgebatch::pattern
