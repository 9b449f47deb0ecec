#include "core/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "core/text/bytes.hpp"

#if defined(__wasm_simd128__)
#include "core/text/utf8_block_checker.hpp"
#endif

namespace edgebatch::text {
namespace {

constexpr View replacement = "\xEF\xBF\xBD";

// The number of ASCII bytes at the start, at least; what is left ends soon or begins with another.
std::size_t ascii_prefix(View text) {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
  std::size_t size = 0;
  for (std::uint64_t a = 0, b = 0; text.size() - size >= sizeof a + sizeof b;
       size += sizeof a + sizeof b) {
    std::memcpy(&a, text.data() + size, sizeof a);
    std::memcpy(&b, text.data() + size + sizeof a, sizeof b);
    if (((a | b) & high_bits) != 0) break;
  }
  while (size < text.size() && static_cast<std::uint8_t>(text[size]) < 0x80) ++size;
  return size;
}

// The size of the run of characters at the start that two or three bytes of any value make up. What
// is left may go on with another, of the kinds that need a closer look.
std::size_t plain_multibyte_prefix(View text) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto continues = [&](std::size_t at) { return (byte(at) & 0xC0) == 0x80; };
  std::size_t at = 0;
  while (text.size() - at >= 3) {
    const std::uint8_t lead = byte(at);
    if (lead > 0xE0 && lead < 0xF0 && lead != 0xED && continues(at + 1) && continues(at + 2)) {
      at += 3;
    } else if (lead >= 0xC2 && lead < 0xE0 && continues(at + 1)) {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

bool Utf8Checker::step(std::uint8_t byte) {
  if (wanted_ > 0) {
    if (byte < low_ || byte > high_) return false;
    --wanted_;
    low_ = 0x80;
    high_ = 0xBF;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  wanted_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) low_ = 0xA0;   // Less would be overlong.
  if (byte == 0xED) high_ = 0x9F;  // More would be a surrogate.
  if (byte == 0xF0) low_ = 0x90;   // Less would be overlong.
  if (byte == 0xF4) high_ = 0x8F;  // More would be above U+10FFFF.
  return true;
}

bool Utf8Checker::feed(View piece) {
  std::size_t at = 0;
  while (valid_ && at < piece.size()) {
    if (wanted_ == 0) at += ascii_prefix(piece.substr(at));
    if (wanted_ == 0) at += plain_multibyte_prefix(piece.substr(at));
    // Up to the end of the next character, or of what there is of it.
    do {
      if (at == piece.size()) break;
      valid_ = step(static_cast<std::uint8_t>(piece[at++]));
    } while (valid_ && wanted_ > 0);
  }
  return valid_;
}

bool utf8_valid(View text) { return utf8_characters(text).has_value(); }

std::optional<std::size_t> utf8_characters_by_bytes(View text) {
  Utf8Checker checker;
  checker.feed(text);
  if (!checker.complete()) return std::nullopt;
  return utf8_length(text);
}

#if defined(__wasm_simd128__)

std::optional<std::size_t> utf8_characters(View text) {
  constexpr std::size_t block = 16;
  Utf8BlockChecker checker;
  for (; text.size() >= block; text.remove_prefix(block)) checker.feed(wasm_v128_load(text.data()));
  // Filled up with ASCII, before which a character has to be whole.
  std::array<char, block> rest{};
  std::memcpy(rest.data(), text.data(), text.size());
  checker.feed(wasm_v128_load(rest.data()));
  if (!checker.valid()) return std::nullopt;
  return checker.characters() - (block - text.size());
}

#else

std::optional<std::size_t> utf8_characters(View text) { return utf8_characters_by_bytes(text); }

#endif

void append_utf8(Bytes& out, char32_t code_point) {
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (surrogate || code_point > 0x10FFFF) {
    out.append(replacement);
    return;
  }
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
    return;
  }
  const unsigned continuations = code_point < 0x800 ? 1 : code_point < 0x1'0000 ? 2 : 3;
  const char32_t size_mark = (0xFF00U >> (continuations + 1)) & 0xFF;
  std::array<char, 4> bytes{static_cast<char>(size_mark | (code_point >> (6 * continuations)))};
  for (unsigned at = 1; at <= continuations; ++at)
    bytes[at] = static_cast<char>(0x80 | ((code_point >> (6 * (continuations - at))) & 0x3F));
  out.append(bytes.data(), continuations + 1);
}

std::size_t utf8_length(View text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<std::uint8_t>(byte) & 0xC0) != 0x80;
  }));
}

Bytes utf8_repaired(View text) {
  Bytes out;
  Utf8Checker checker;
  std::size_t begin = 0;  // Of the character under way.
  for (std::size_t at = 0; at < text.size();) {
    if (checker.step(static_cast<std::uint8_t>(text[at]))) {
      ++at;
      if (checker.wanted_ > 0) continue;
      out.append(text.substr(begin, at - begin));
    } else {
      out.append(replacement);
      // A byte that merely ends the character before it is looked at again, as the start of the
      // next one.
      if (at == begin) ++at;
      checker = Utf8Checker();
    }
    begin = at;
  }
  if (begin < text.size()) out.append(replacement);
  return out;
}

}  // namespace edgebatch::text
