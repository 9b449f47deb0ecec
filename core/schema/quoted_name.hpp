// A property's name as answers mostly write it: with its quotes and a colon, in one comparison.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/block.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

/// The bytes at a place of a text: so many have to be readable there.
struct BytesAhead {
  static constexpr std::size_t size = 2 * text::block_bytes;

  explicit BytesAhead(const char* at) : first(at), second(at + text::block_bytes) {}

  text::Block first;
  text::Block second;
};

class QuotedName {
 public:
  /// Of a name that is too long, or that can't stand in quotes without an escape, there is none.
  explicit QuotedName(View name) {
    if (name.size() + 3 > BytesAhead::size || !plain(name)) return;
    size_ = static_cast<std::uint8_t>(name.size() + 3);
    mask_ = size_ == BytesAhead::size ? ~0U : (1U << size_) - 1;
    bytes_[0] = '"';
    name.copy(bytes_.data() + 1, name.size());
    bytes_[name.size() + 1] = '"';
    bytes_[name.size() + 2] = ':';
  }

  bool stands_at(const BytesAhead& place) const {
    const BytesAhead own(bytes_.data());
    const std::uint32_t alike = place.first.alike(own.first) | place.second.alike(own.second)
                                                                   << text::block_bytes;
    return mask_ != 0 && (alike & mask_) == mask_;
  }
  std::size_t size() const { return size_; }

 private:
  static bool plain(View name) {
    for (const char byte : name)
      if (byte == '"' || byte == '\\' || static_cast<unsigned char>(byte) < ' ') return false;
    return true;
  }

  std::array<char, BytesAhead::size> bytes_{};
  std::uint32_t mask_ = 0;  // A bit a byte.
  std::uint8_t size_ = 0;
};

}  // namespace edgebatch::schema
