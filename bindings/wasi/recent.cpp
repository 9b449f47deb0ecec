#include "bindings/wasi/recent.hpp"

#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

void Recent::append(View piece) {
  // Not at every piece, so that each byte is moved once.
  if (kept_.size() > 2 * bytes_max_) {
    const auto gone = kept_.size() - bytes_max_;
    kept_.erase(0, gone);
    begin_ += gone;
  }
  kept_.append(piece);
}

}  // namespace edgebatch::wasi
