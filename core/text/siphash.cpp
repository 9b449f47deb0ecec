#include "core/text/siphash.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/text/bytes.hpp"

namespace edgebatch::text {
namespace {

constexpr std::size_t word_bytes = 8;

class State {
 public:
  explicit State(const SipKey& key)
      : v0_(key[0] ^ 0x736f6d6570736575),
        v1_(key[1] ^ 0x646f72616e646f6d ^ 0xee),  // 0xee: 128 bits of output.
        v2_(key[0] ^ 0x6c7967656e657261),
        v3_(key[1] ^ 0x7465646279746573) {}

  void absorb(std::uint64_t word) {
    v3_ ^= word;
    rounds(2);
    v0_ ^= word;
  }

  SipHash finish() {
    v2_ ^= 0xee;
    rounds(4);
    const std::uint64_t first = v0_ ^ v1_ ^ v2_ ^ v3_;
    v1_ ^= 0xdd;
    rounds(4);
    return {first, v0_ ^ v1_ ^ v2_ ^ v3_};
  }

 private:
  void rounds(int count) {
    for (; count > 0; --count) {
      v0_ += v1_;
      v2_ += v3_;
      v1_ = std::rotl(v1_, 13) ^ v0_;
      v3_ = std::rotl(v3_, 16) ^ v2_;
      v0_ = std::rotl(v0_, 32);
      v2_ += v1_;
      v0_ += v3_;
      v1_ = std::rotl(v1_, 17) ^ v2_;
      v3_ = std::rotl(v3_, 21) ^ v0_;
      v2_ = std::rotl(v2_, 32);
    }
  }

  std::uint64_t v0_;
  std::uint64_t v1_;
  std::uint64_t v2_;
  std::uint64_t v3_;
};

static_assert(std::endian::native == std::endian::little);

std::uint64_t load_word(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, word_bytes);
  return word;
}

// Of the up to seven bytes at the end.
std::uint64_t load_rest(View bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    word = word << 8 | static_cast<std::uint8_t>(bytes[i - 1]);
  }
  return word;
}

}  // namespace

SipHash siphash128(const SipKey& key, View bytes) {
  State state(key);
  const std::uint64_t size_mark = std::uint64_t{bytes.size()}
                                  << 56;  // Its low byte, as the last one.
  for (; bytes.size() >= word_bytes; bytes.remove_prefix(word_bytes)) {
    state.absorb(load_word(bytes.data()));
  }
  state.absorb(size_mark | load_rest(bytes));
  return state.finish();
}

}  // namespace edgebatch::text
