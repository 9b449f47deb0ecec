// Numbers that different texts mostly don't share: to look for one among few without comparing it
// with each. Not keyed: only for as many as may be compared with each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/text/bytes.hpp"

namespace edgebatch::schema {

inline std::uint64_t signature(View text) {
  constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (text.size() >= sizeof head) {
    std::memcpy(&head, text.data(), sizeof head);
    std::memcpy(&tail, text.data() + text.size() - sizeof tail, sizeof tail);
  } else {
    for (const char byte : text) head = head << 8 | static_cast<std::uint8_t>(byte);
  }
  return (head ^ text.size()) * odd + tail;
}

/// As `==`, for short texts that mostly are the same.
inline bool same(View a, View b) {
  if (a.size() != b.size()) return false;
  const auto same_words = [&]<class Word>(Word) {
    const auto same_at = [&](std::size_t at) {
      Word x = 0;
      Word y = 0;
      std::memcpy(&x, a.data() + at, sizeof x);
      std::memcpy(&y, b.data() + at, sizeof y);
      return x == y;
    };
    for (std::size_t at = 0; at + sizeof(Word) < a.size(); at += sizeof(Word))
      if (!same_at(at)) return false;
    return same_at(a.size() - sizeof(Word));  // Perhaps some of it once more.
  };
  if (a.size() >= sizeof(std::uint64_t)) return same_words(std::uint64_t{});
  if (a.size() >= sizeof(std::uint32_t)) return same_words(std::uint32_t{});
  if (a.size() >= sizeof(std::uint16_t)) return same_words(std::uint16_t{});
  return a.empty() || a[0] == b[0];
}

}  // namespace edgebatch::schema
