#include "core/validation/text_capture.hpp"

#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::validation {

void TextCapture::begin(std::size_t bytes_max) {
  bytes_max_ = bytes_max;
  fed_ = false;
  text_.clear();
  too_long_ = false;
  unescaper_ = json::Unescaper();
}

bool TextCapture::fits_as_it_is(View inside) const {
  return !fed_ && inside.size() <= bytes_max_ && inside.find('\\') == View::npos;
}

void TextCapture::feed(View inside) {
  fed_ = true;
  for (const char byte : inside) {
    if (too_long_) return;
    unescaper_.step(byte, text_);
    cut();
  }
}

void TextCapture::finish() {
  if (too_long_) return;
  unescaper_.finish(text_);
  cut();
}

// One byte more than allowed is there when this finds something to do, so the byte at the cut is,
// and says whether a character begins with it.
void TextCapture::cut() {
  if (text_.size() <= bytes_max_) return;
  too_long_ = true;
  std::size_t size = bytes_max_;
  while (size > 0 && (static_cast<std::uint8_t>(text_[size]) & 0xC0) == 0x80) --size;
  text_.resize(size);
}

}  // namespace edgebatch::validation
