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
  constexpr std::size_t word = sizeof(std::uint64_t);
  const auto differ_at = [&](std::size_t at) {
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::memcpy(&x, a.data() + at, word);
    std::memcpy(&y, b.data() + at, word);
    return x != y;
  };
  if (a.size() < word) {
    for (std::size_t at = 0; at < a.size(); ++at)
      if (a[at] != b[at]) return false;
    return true;
  }
  for (std::size_t at = 0; at + word < a.size(); at += word)
    if (differ_at(at)) return false;
  return !differ_at(a.size() - word);
}

}  // namespace edgebatch::schema
