// What the bench's validation part times: the inspector of a batch's input, as a reactor of its
// own, so that nothing but the scan is in the figure. A host copies each piece in, as it does for
// an upload.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/dialects/openai/input.hpp"

#define EDGEBATCH_EXPORT(function) extern "C" __attribute__((export_name(#function), used))

using namespace edgebatch;

namespace {

constexpr std::size_t piece_bytes_max = 256 * 1024;

struct Instance {
  std::array<char, piece_bytes_max> piece;
  std::array<char, piece_bytes_max> copy;
  std::optional<dialects::openai::Inspector> inspector;
};

Instance& instance() {
  static Instance the_instance;
  return the_instance;
}

}  // namespace

/// Where a host writes the next piece, `piece_bytes_max` at most.
EDGEBATCH_EXPORT(scan_piece) char* scan_piece() { return instance().piece.data(); }

EDGEBATCH_EXPORT(scan_begin) void scan_begin() { instance().inspector.emplace(text::SipKey{1, 2}); }

EDGEBATCH_EXPORT(scan_feed) void scan_feed(std::uint32_t size) {
  instance().inspector->feed({instance().piece.data(), size});
}

/// How many items were there; 0 if there were errors.
EDGEBATCH_EXPORT(scan_finish) std::uint32_t scan_finish() {
  const auto inspection = instance().inspector->finish();
  return inspection.verdict.valid() ? inspection.verdict.items : 0;
}

/// The floor: copies the piece, and does nothing with it.
EDGEBATCH_EXPORT(scan_copy) std::uint32_t scan_copy(std::uint32_t size) {
  std::memcpy(instance().copy.data(), instance().piece.data(), size);
  return static_cast<std::uint8_t>(instance().copy[size / 2]);
}
