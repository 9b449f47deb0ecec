// UTF-8 sixteen bytes at a time, where WebAssembly has vectors.
#pragma once

#if defined(__wasm_simd128__)

#include <bit>
#include <cstddef>
#include <cstdint>
#include <wasm_simd128.h>

namespace edgebatch::text {

class Utf8BlockChecker {
 public:
  void feed(v128_t bytes) {
    const v128_t before_1 = behind<1>(bytes);
    const v128_t pairs = wasm_v128_and(
        wasm_v128_and(
            wasm_i8x16_swizzle(first_high_, wasm_u8x16_shr(before_1, 4)),
            wasm_i8x16_swizzle(first_low_, wasm_v128_and(before_1, wasm_u8x16_splat(0x0F)))),
        wasm_i8x16_swizzle(second_high_, wasm_u8x16_shr(bytes, 4)));
    // Where a lead byte two or three bytes before wants a continuation, its highest bit is set.
    const v128_t third = wasm_u8x16_sub_sat(behind<2>(bytes), wasm_u8x16_splat(0xE0 - 0x80));
    const v128_t fourth = wasm_u8x16_sub_sat(behind<3>(bytes), wasm_u8x16_splat(0xF0 - 0x80));
    const v128_t wanted = wasm_v128_and(wasm_v128_or(third, fourth), wasm_u8x16_splat(0x80));
    wrong_ = wasm_v128_or(wrong_, wasm_v128_xor(pairs, wanted));
    // Of a continuation, seen as a signed byte, no other is as small.
    const v128_t leads = wasm_i8x16_gt(bytes, wasm_i8x16_splat(-65));
    characters_ += static_cast<std::size_t>(std::popcount(wasm_i8x16_bitmask(leads)));
    before_ = bytes;
  }

  bool valid() const { return !wasm_v128_any_true(wrong_); }
  std::size_t characters() const { return characters_; }

 private:
  // The block that begins so many bytes before this one.
  template <int Count>
  v128_t behind(v128_t bytes) const {
    constexpr int from = 16 - Count;
    return wasm_i8x16_shuffle(before_, bytes, from, from + 1, from + 2, from + 3, from + 4,
                              from + 5, from + 6, from + 7, from + 8, from + 9, from + 10,
                              from + 11, from + 12, from + 13, from + 14, from + 15);
  }

  // What is wrong with two bytes, one behind the other, as bits: each of three tables says what
  // their nibbles could be wrong in, and what all of them say is wrong. After J. Keiser and D.
  // Lemire, "Validating UTF-8 in less than one instruction per byte" (2021), section 6.
  static constexpr std::uint8_t too_short = 1;    // A lead byte, and no continuation.
  static constexpr std::uint8_t too_long = 2;     // A continuation behind ASCII.
  static constexpr std::uint8_t overlong_3 = 4;   // E0, and less than A0.
  static constexpr std::uint8_t too_large = 8;    // F4 or more, and 90 or more.
  static constexpr std::uint8_t surrogate = 16;   // ED, and A0 or more.
  static constexpr std::uint8_t overlong_2 = 32;  // C0 or C1.
  static constexpr std::uint8_t overlong_4 = 64;  // F0, and less than 90; F5 or more.
  static constexpr std::uint8_t two_continuations =
      128;  // Right only as a character's third or fourth byte.
  static constexpr std::uint8_t any_low = too_short | too_long | two_continuations;
  static constexpr std::uint8_t large_ = any_low | too_large | overlong_4;
  static constexpr std::uint8_t continues_ = too_long | overlong_2 | two_continuations;
  const v128_t first_high_ =
      wasm_u8x16_const(too_long, too_long, too_long, too_long, too_long, too_long, too_long,
                       too_long, two_continuations, two_continuations, two_continuations,
                       two_continuations, too_short | overlong_2, too_short,
                       too_short | overlong_3 | surrogate, too_short | too_large | overlong_4);
  const v128_t first_low_ =
      wasm_u8x16_const(any_low | overlong_2 | overlong_3 | overlong_4, any_low | overlong_2,
                       any_low, any_low, any_low | too_large, large_, large_, large_, large_,
                       large_, large_, large_, large_, large_ | surrogate, large_, large_);
  const v128_t second_high_ = wasm_u8x16_const(
      too_short, too_short, too_short, too_short, too_short, too_short, too_short, too_short,
      continues_ | overlong_3 | overlong_4, continues_ | overlong_3 | too_large,
      continues_ | surrogate | too_large, continues_ | surrogate | too_large, too_short, too_short,
      too_short, too_short);

  v128_t before_ = wasm_u8x16_splat(0);
  v128_t wrong_ = wasm_u8x16_splat(0);
  std::size_t characters_ = 0;
};

}  // namespace edgebatch::text

#endif
