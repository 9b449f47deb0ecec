// How far the check is: a line on a terminal that is redrawn.
#pragma once

#include <optional>

#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::wasi {

constexpr Ms redraw_ms_min = 200;

class Progress {
 public:
  /// What a terminal has to be sent to show it; empty if it was redrawn a moment ago.
  Bytes show(const validation::Verdict& so_far, Ms now_ms);
  /// … to have the line free for others; empty if nothing is there.
  Bytes clear();

 private:
  std::optional<Ms> redrawn_ms_;
  bool shown_ = false;
};

}  // namespace edgebatch::wasi
