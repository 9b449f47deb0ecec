// How a line is built: all that stands between the values of its members, and the few values that
// most lines of a file have in common. A line that is built like the one before it is read by
// comparing: only its other values have to be looked at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/members.hpp"

namespace edgebatch::validation {

/// A few bytes that others are compared with.
class Run {
 public:
  static constexpr std::size_t bytes_max = 64;

  std::size_t size() const { return size_; }
  /// Nothing is kept of more than `bytes_max`: false.
  bool keep(View bytes);
  /// Whether the bytes at `at` are these; reads up to `size()` and a block of them.
  bool stands_at(const char* at) const;

 private:
  std::size_t size_ = 0;
  std::array<char, bytes_max + text::block_bytes> bytes_{};  // Compared a block at a time.
};

/// A value, and what stands between the one before it and this.
struct ShapePart {
  static constexpr std::size_t nowhere = SIZE_MAX;

  Run lead;
  std::size_t body_begin = nowhere;    // Where in the lead the body's brace opens it, …
  std::size_t body_end = nowhere;      // … or is closed: the place behind it.
  const NamedMember* known = nullptr;  // The member whose value it is; null for any other.
  Run text;                            // The value as it stands, if it is often the same.
};

class LineShape {
 public:
  static constexpr std::size_t parts_count_max = 32;

  void forget() { is_known_ = false; }
  bool is_known() const { return is_known_; }

  void begin();
  /// The next part, to be filled in. Beyond `parts_count_max` the shape isn't kept.
  ShapePart& add();
  /// A part can't be kept, and so the shape can't.
  void give_up() { is_kept_ = false; }
  /// The last part is the line's end: no value follows its lead.
  void finish() { is_known_ = is_kept_; }

  std::size_t values_count() const { return parts_count_ - 1; }
  ShapePart& part(std::size_t index) { return parts_[index]; }
  const ShapePart& end() const { return parts_[parts_count_ - 1]; }

 private:
  bool is_known_ = false;
  bool is_kept_ = false;
  std::size_t parts_count_ = 0;
  std::array<ShapePart, parts_count_max> parts_;
};

// ---- Inline: once a value.

inline bool Run::stands_at(const char* at) const {
  const char* const kept = bytes_.data();
  std::size_t done = 0;
  for (; done + text::block_bytes <= size_; done += text::block_bytes) {
    if (text::Block(at + done).alike(text::Block(kept + done)) != text::all_alike) return false;
  }
  const std::uint32_t rest = (1U << (size_ - done)) - 1;
  return (text::Block(at + done).alike(text::Block(kept + done)) & rest) == rest;
}

}  // namespace edgebatch::validation
