// Test inputs in heap buffers of their exact size, so that a sanitizer sees the first byte read
// beyond them.
#pragma once

#include <algorithm>
#include <memory>

#include "core/text/bytes.hpp"

namespace edgebatch::support {

class Exact {
 public:
  explicit Exact(View bytes) : bytes_(std::make_unique<char[]>(bytes.size())), size_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), bytes_.get());
  }
  View view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace edgebatch::support
