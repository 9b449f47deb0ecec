#include "core/validation/line_shape.hpp"

#include <algorithm>

#include "core/text/bytes.hpp"

namespace edgebatch::validation {

bool Run::keep(View bytes) {
  const bool fits = bytes.size() <= bytes_max;
  size_ = fits ? bytes.size() : 0;
  std::ranges::copy(bytes.substr(0, size_), bytes_.begin());
  return fits;
}

void LineShape::begin() {
  is_known_ = false;
  is_kept_ = true;
  parts_count_ = 0;
}

ShapePart& LineShape::add() {
  if (parts_count_ == parts_count_max) {
    give_up();
    return parts_.back();
  }
  ShapePart& part = parts_[parts_count_++];
  part.body_begin = part.body_end = ShapePart::nowhere;
  part.known = nullptr;
  part.text.keep({});
  return part;
}

}  // namespace edgebatch::validation
