// Bytes in a heap block of exactly their size, so that a sanitizer sees every read beyond their
// end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>

#include "core/text/bytes.hpp"

namespace edgebatch {

class Exact {
 public:
  explicit Exact(View bytes)
      : size_(bytes.size()), block_(std::make_unique_for_overwrite<char[]>(size_)) {
    std::copy(bytes.begin(), bytes.end(), block_.get());
  }
  View view() const { return {block_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> block_;
};

}  // namespace edgebatch
