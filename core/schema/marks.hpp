// Which members or elements of the values under way have been evaluated: a bit each, for
// unevaluatedProperties and unevaluatedItems.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace edgebatch::schema {

/// Sets of bits, the last opened on top.
class Marks {
 public:
  /// One of the sets, or none: to mark in that does nothing.
  struct Set {
    std::size_t begin = 0;  // In words.
    std::size_t size = 0;
    explicit operator bool() const { return size != 0; }
  };

  /// A new set of so many bits, all of them clear.
  Set open(std::size_t count) {
    const Set set{words_.size(), (count + bits - 1) / bits};
    words_.resize(set.begin + set.size, 0);
    return set;
  }
  /// Closes the set on top.
  void close(Set set) { words_.resize(set.begin); }
  void clear() { words_.clear(); }

  void mark(Set set, std::size_t index) {
    if (set) words_[set.begin + index / bits] |= bit(index);
  }
  bool marked(Set set, std::size_t index) const {
    return (words_[set.begin + index / bits] & bit(index)) != 0;
  }
  /// Marks in `set` what is marked in `other`, of the same size.
  void add(Set set, Set other) {
    for (std::size_t i = 0; i < set.size; ++i) words_[set.begin + i] |= words_[other.begin + i];
  }

 private:
  static constexpr std::size_t bits = 64;
  static std::uint64_t bit(std::size_t index) { return std::uint64_t{1} << (index % bits); }

  std::vector<std::uint64_t> words_;
};

}  // namespace edgebatch::schema
