// Sixteen bytes that are looked at together: as a vector where the target has 128-bit ones, as
// bytes elsewhere. Both have to say the same (tests/unit/text/block_test.cpp).
//
// Of each mask bit i stands for byte i.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace edgebatch::text {

constexpr std::size_t block_bytes = 16;
constexpr std::uint32_t all_alike = 0xFFFF;  // The mask of all bytes.

/// Which bytes may stand in an array of integers: `12,345, 6`.
struct IntegerMasks {
  std::uint32_t digits = 0;  // Zeros among them.
  std::uint32_t zeros = 0;
  std::uint32_t commas = 0;
  std::uint32_t spaces = 0;

  bool operator==(const IntegerMasks&) const = default;
};

/// For any target.
class BlockOfBytes {
 public:
  BlockOfBytes() = default;
  /// The bytes from `at` on.
  explicit BlockOfBytes(const char* at) { std::memcpy(bytes_.data(), at, block_bytes); }

  /// Those that end a run of plain characters of a JSON string: a quote, a backslash, or a control
  /// character.
  std::uint32_t specials() const {
    return mask([](std::uint8_t byte) { return byte == '"' || byte == '\\' || byte < 0x20; });
  }
  /// Those that are no ASCII.
  std::uint32_t highs() const {
    return mask([](std::uint8_t byte) { return byte >= 0x80; });
  }
  IntegerMasks integers() const {
    return {mask([](std::uint8_t byte) { return byte >= '0' && byte <= '9'; }),
            mask([](std::uint8_t byte) { return byte == '0'; }),
            mask([](std::uint8_t byte) { return byte == ','; }),
            mask([](std::uint8_t byte) { return byte == ' '; })};
  }

  /// Those that both have alike.
  std::uint32_t alike(const BlockOfBytes& other) const {
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < block_bytes; ++i)
      found |= static_cast<std::uint32_t>(bytes_[i] == other.bytes_[i]) << i;
    return found;
  }

  /// Bitwise or.
  void add(const BlockOfBytes& other) {
    for (std::size_t i = 0; i < block_bytes; ++i) bytes_[i] |= other.bytes_[i];
  }

 private:
  template <class Is>
  std::uint32_t mask(Is is) const {
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < block_bytes; ++i)
      found |= static_cast<std::uint32_t>(is(bytes_[i])) << i;
    return found;
  }

  std::array<std::uint8_t, block_bytes> bytes_{};
};

// A quote with this bit flipped is the byte behind the last control character, and those stay among
// themselves: so one comparison finds both.
constexpr char quote_flip = 0x02;
static_assert(('"' ^ quote_flip) == 0x20);

#if defined(__wasm_simd128__)

/// The same as a vector.
class Block {
 public:
  Block() : bytes_(wasm_u8x16_splat(0)) {}
  explicit Block(const char* at) : bytes_(wasm_v128_load(at)) {}

  std::uint32_t specials() const {
    const v128_t flipped = wasm_v128_xor(bytes_, wasm_u8x16_splat(quote_flip));
    const v128_t quote_or_control = wasm_u8x16_le(flipped, wasm_u8x16_splat(0x20));
    return wasm_i8x16_bitmask(wasm_v128_or(quote_or_control, equal('\\')));
  }
  std::uint32_t highs() const { return wasm_i8x16_bitmask(bytes_); }
  IntegerMasks integers() const {
    const v128_t values = wasm_i8x16_sub(bytes_, wasm_i8x16_splat('0'));
    return {wasm_i8x16_bitmask(wasm_u8x16_lt(values, wasm_u8x16_splat(10))),
            wasm_i8x16_bitmask(equal('0')), wasm_i8x16_bitmask(equal(',')),
            wasm_i8x16_bitmask(equal(' '))};
  }

  std::uint32_t alike(const Block& other) const {
    return wasm_i8x16_bitmask(wasm_i8x16_eq(bytes_, other.bytes_));
  }
  void add(const Block& other) { bytes_ = wasm_v128_or(bytes_, other.bytes_); }

 private:
  v128_t equal(char byte) const { return wasm_i8x16_eq(bytes_, wasm_i8x16_splat(byte)); }

  v128_t bytes_;
};

#elif defined(__SSE2__)

class Block {
 public:
  Block() : bytes_(_mm_setzero_si128()) {}
  explicit Block(const char* at) { std::memcpy(&bytes_, at, sizeof bytes_); }

  std::uint32_t specials() const {
    const __m128i flipped = _mm_xor_si128(bytes_, _mm_set1_epi8(quote_flip));
    const __m128i quote_or_control =
        _mm_cmpeq_epi8(_mm_min_epu8(flipped, _mm_set1_epi8(0x20)), flipped);
    return mask(_mm_or_si128(quote_or_control, equal('\\')));
  }
  std::uint32_t highs() const { return mask(bytes_); }
  IntegerMasks integers() const {
    const __m128i values = _mm_sub_epi8(bytes_, _mm_set1_epi8('0'));
    return {mask(_mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values)), mask(equal('0')),
            mask(equal(',')), mask(equal(' '))};
  }

  std::uint32_t alike(const Block& other) const {
    return mask(_mm_cmpeq_epi8(bytes_, other.bytes_));
  }
  void add(const Block& other) { bytes_ = _mm_or_si128(bytes_, other.bytes_); }

 private:
  static std::uint32_t mask(__m128i bytes) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
  __m128i equal(char byte) const { return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte)); }

  __m128i bytes_;
};

#else

using Block = BlockOfBytes;

#endif

}  // namespace edgebatch::text
