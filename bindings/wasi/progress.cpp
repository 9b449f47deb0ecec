#include "bindings/wasi/progress.hpp"

#include <cstdint>

#include "bindings/wasi/report.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::wasi {

namespace {

constexpr View free_line = "\r\x1B[2K";
constexpr std::uint64_t megabyte = 1'000'000;

// `12.3 MB`.
Bytes megabytes(std::uint64_t bytes) {
  const std::uint64_t tenths = bytes / (megabyte / 10);
  return text::decimal(tenths / 10).append(".").append(text::decimal(tenths % 10)).append(" MB");
}

}  // namespace

Bytes Progress::show(const validation::Verdict& so_far, Ms now_ms) {
  if (redrawn_ms_ && now_ms - *redrawn_ms_ < redraw_ms_min) return {};
  redrawn_ms_ = now_ms;
  shown_ = true;
  return Bytes(free_line)
      .append(megabytes(so_far.bytes))
      .append("  ")
      .append(counted(so_far.lines, "line", "lines"))
      .append("  ")
      .append(counted(so_far.errors_count, "error", "errors"));
}

Bytes Progress::clear() {
  if (!shown_) return {};
  shown_ = false;
  return Bytes(free_line);
}

}  // namespace edgebatch::wasi
