// A target as libFuzzer runs it; EDGEBATCH_FUZZ_TARGET is its name.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes.
  edgebatch::fuzz::EDGEBATCH_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
