// JSON texts that nobody would write by hand, always the same for the same seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::support {

class JsonMaker {
 public:
  explicit JsonMaker(std::uint64_t seed) : state_(seed * 0x9E37'79B9'7F4A'7C15 + 1) {}

  /// 0 … bound - 1 (SplitMix64).
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
    return (z ^ (z >> 31)) % bound;
  }

  Bytes text() {
    Bytes out;
    space(out);
    value(out, 0);
    space(out);
    return out;
  }

 private:
  void value(Bytes& out, unsigned depth) {
    switch (below(depth < 5 ? 9 : 6)) {
      case 0: return append_one_of(out, literals);
      case 1:
      case 2: return append_one_of(out, numbers);
      case 3:
      case 4:
      case 5: return string(out);
      case 6: return array(out, depth);
      default: return object(out, depth);
    }
  }

  void array(Bytes& out, unsigned depth) {
    out += '[';
    space(out);
    const std::uint64_t count = below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) separated(out, ',');
      value(out, depth + 1);
      space(out);
    }
    out += ']';
  }

  void object(Bytes& out, unsigned depth) {
    out += '{';
    space(out);
    const std::uint64_t count = below(5);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) separated(out, ',');
      string(out);
      separated(out, ':');
      value(out, depth + 1);
      space(out);
    }
    out += '}';
  }

  void string(Bytes& out) {
    out += '"';
    const std::uint64_t count = below(6);
    for (std::uint64_t i = 0; i < count; ++i) append_one_of(out, characters);
    out += '"';
  }

  void separated(Bytes& out, char byte) {
    space(out);
    out += byte;
    space(out);
  }

  void space(Bytes& out) {
    static constexpr std::array<View, 6> spaces{"", "", " ", "\n", "\t \r\n", "   "};
    append_one_of(out, spaces);
  }

  template <std::size_t N>
  void append_one_of(Bytes& out, const std::array<View, N>& choices) {
    out += choices[static_cast<std::size_t>(below(N))];
  }

  static constexpr std::array<View, 3> literals{"true", "false", "null"};
  static constexpr std::array<View, 12> numbers{
      "0",   "-0",    "-0.0",   "1",       "-17", "9007199254740993", "18446744073709551615",
      "1.0", "1E+02", "0.1e-7", "12.5000", "1e-9"};
  static constexpr std::array<View, 24> characters{"a",
                                                   "custom_id",
                                                   " ",
                                                   "\\n",
                                                   "\\\"",
                                                   "\\\\",
                                                   "\\/",
                                                   "\\u0041",
                                                   "\\u2028",
                                                   "\\u000a",
                                                   "\\ud83d\\ude00",
                                                   "\\ud83d",
                                                   "\\uDE00",
                                                   "\\udbff\\uD83D\\uDe00",
                                                   "{\\\"a\\\":[",
                                                   "}]",
                                                   ",",
                                                   ":",
                                                   "\xC3\xA9",
                                                   "\xC2\x85",
                                                   "\xE2\x80\xA8",
                                                   "\xE2\x80\xA9",
                                                   "\xE2\x82\xAC",
                                                   "\xF0\x9F\x98\x80"};

  std::uint64_t state_;
};

}  // namespace edgebatch::support
