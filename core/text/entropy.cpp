#include "core/text/entropy.hpp"

#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/text/sha256.hpp"

namespace edgebatch::text {
namespace {

constexpr std::size_t counter_bytes = sizeof(std::uint64_t);

}  // namespace

Bytes Entropy::draw() {
  Bytes counter(counter_bytes, '\0');
  for (std::size_t i = 0; i < counter_bytes; ++i) {
    counter[i] = static_cast<char>(drawn_ >> (8 * i));
  }
  ++drawn_;
  Sha256 digest;
  digest.feed(seed_);
  digest.feed(counter);
  return digest.digest();
}

std::uint64_t Entropy::draw_u64() {
  std::uint64_t value = 0;
  for (const char byte : draw().substr(0, sizeof value)) {
    value = (value << 8) | static_cast<unsigned char>(byte);
  }
  return value;
}

}  // namespace edgebatch::text
