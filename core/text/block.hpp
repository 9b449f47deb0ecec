// Sixteen bytes that are looked at together: as a vector where the target has 128-bit ones, as
// bytes elsewhere. Both have to say the same (tests/unit/text/block_test.cpp).
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

/// What a block is asked: which of its bytes … Bit i stands for byte i.
struct BlockMasks {
  std::uint32_t special = 0;  // … end a run of plain characters of a JSON string: a quote, a
                              // backslash, or a control character;
  std::uint32_t high = 0;     // … are no ASCII.

  bool operator==(const BlockMasks&) const = default;
};

/// Of the bytes from `at` on, for any target.
inline BlockMasks block_masks_by_bytes(const char* at) {
  BlockMasks masks;
  for (std::size_t i = 0; i < block_bytes; ++i) {
    const auto byte = static_cast<std::uint8_t>(at[i]);
    const bool special = byte == '"' || byte == '\\' || byte < 0x20;
    masks.special |= static_cast<std::uint32_t>(special) << i;
    masks.high |= static_cast<std::uint32_t>(byte >> 7) << i;
  }
  return masks;
}

#if defined(__wasm_simd128__)

inline BlockMasks block_masks(const char* at) {
  const v128_t bytes = wasm_v128_load(at);
  const v128_t special = wasm_v128_or(wasm_v128_or(wasm_i8x16_eq(bytes, wasm_i8x16_splat('"')),
                                                   wasm_i8x16_eq(bytes, wasm_i8x16_splat('\\'))),
                                      wasm_u8x16_lt(bytes, wasm_u8x16_splat(0x20)));
  return {wasm_i8x16_bitmask(special), wasm_i8x16_bitmask(bytes)};
}

#elif defined(__SSE2__)

inline BlockMasks block_masks(const char* at) {
  __m128i bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  const __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
                                       control);
  return {static_cast<std::uint32_t>(_mm_movemask_epi8(special)),
          static_cast<std::uint32_t>(_mm_movemask_epi8(bytes))};
}

#else

inline BlockMasks block_masks(const char* at) { return block_masks_by_bytes(at); }

#endif

}  // namespace edgebatch::text
