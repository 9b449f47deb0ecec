#include "core/json/whole_tokens.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/characters.hpp"
#include "core/json/nesting.hpp"
#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

constexpr std::ptrdiff_t escape_bytes_max = 6;  // `\u00e9`
static_assert(lookahead >= 2 * static_cast<std::ptrdiff_t>(text::block_bytes) + escape_bytes_max);

namespace {

// The four digits of `\u` at `at`.
constexpr bool has_hex_digits(const char* at) {
  return is_hex(at[0]) && is_hex(at[1]) && is_hex(at[2]) && is_hex(at[3]);
}

// Behind at least one digit; null if there is none.
const char* pass_digits(const char* at, const char* end) {
  const char* const begin = at;
  while (at != end && is_digit(*at)) ++at;
  return at == begin ? nullptr : at;
}

text::IntegerMasks both(const text::IntegerMasks& first, const text::IntegerMasks& second) {
  return {first.digits | second.digits << text::block_bytes,
          first.zeros | second.zeros << text::block_bytes,
          first.commas | second.commas << text::block_bytes,
          first.spaces | second.spaces << text::block_bytes};
}

// Where a value has to come: how long the integers are that stand there, each with its comma, as
// far as two blocks show them.
unsigned integers_size(const text::IntegerMasks& masks) {
  const std::uint32_t behind_digit = masks.digits << 1;
  const std::uint32_t before_digit = masks.digits >> 1;
  const std::uint32_t wrong = ~(masks.digits | masks.commas | masks.spaces) |
                              (masks.commas & ~behind_digit) | (masks.spaces & behind_digit) |
                              (masks.zeros & ~behind_digit & before_digit);
  const std::uint32_t right = (wrong & -wrong) - 1;  // The bits below the lowest that is wrong.
  return static_cast<unsigned>(std::bit_width(masks.commas & right));
}

// What was looked at of a string, and perhaps a little behind it.
struct Seen {
  text::Block all;
  bool escaped = false;
};

// Of the inside of a string: up to its end, to what is no character of it, or to where too little
// is left. Two blocks at a time: nothing is slower here than a
// jump that is foretold wrongly, so there are as few as can be.
const char* pass_ascii_or_not(const char* at, const char* end, Seen& seen) {
  constexpr unsigned pair_bytes = 2 * text::block_bytes;
  while (end - at >= lookahead) {
    const text::Block first(at);
    const text::Block second(at + text::block_bytes);
    seen.all.add(first);
    seen.all.add(second);
    std::uint32_t specials = first.specials() | second.specials() << text::block_bytes;
    const char* behind = at + pair_bytes;
    while (specials != 0) {
      const char* const special = at + std::countr_zero(specials);
      if (*special != '\\') return special;
      seen.escaped = true;
      if (!is_short_escape(special[1])) {
        if (special[1] != 'u' || !has_hex_digits(special + 2)) return special;
        behind = special + 6;
        break;
      }
      specials &= ~(0b11U << (special - at));
      behind = std::max(behind, special + 2);
    }
    at = behind;
  }
  return at;
}

// Two blocks at a time.
const char* pass_integers(const char* at, const char* end) {
  while (end - at >= lookahead) {
    const unsigned size = integers_size(
        both(text::Block(at).integers(), text::Block(at + text::block_bytes).integers()));
    if (size == 0) break;
    at += size;
  }
  return at;
}

// `pass_characters`, and says whether there are escapes, perhaps one that isn't whole.
const char* pass_inside(const char* at, const char* end, std::uint64_t& continuations,
                        bool& escaped) {
  const char* const begin = at;
  Seen seen;
  at = pass_ascii_or_not(at, end, seen);
  escaped = seen.escaped;
  if (seen.all.highs() == 0) return at;  // They may even lie behind what was passed.
  while (at != begin && (static_cast<std::uint8_t>(*at) & 0xC0) == 0x80) --at;  // To a lead byte.
  const View inside(begin, static_cast<std::size_t>(at - begin));
  const auto characters = text::utf8_characters(inside);
  if (!characters) return begin;
  continuations += inside.size() - *characters;
  return at;
}

}  // namespace

const char* pass_characters(const char* at, const char* end, std::uint64_t& continuations) {
  bool escaped = false;
  return pass_inside(at, end, continuations, escaped);
}

const char* pass_string(const char* at, const char* end, std::uint64_t& continuations) {
  bool escaped = false;
  return pass_string(at, end, continuations, escaped);
}

const char* pass_string(const char* at, const char* end, std::uint64_t& continuations,
                        bool& escaped) {
  std::uint64_t passed = 0;
  at = pass_inside(at, end, passed, escaped);
  if (end - at < lookahead || *at != '"') return nullptr;
  continuations += passed;  // Of a string that isn't whole somebody else counts them.
  return at + 1;
}

const char* pass_number(const char* at, const char* end) {
  if (*at == '-') ++at;
  at = *at == '0' ? at + 1 : pass_digits(at, end);
  if (at == nullptr || end - at < 4) return nullptr;
  if (*at == '.') at = pass_digits(at + 1, end);
  if (at == nullptr || end - at < 4) return nullptr;
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    at = pass_digits(at, end);
  }
  return at == end ? nullptr : at;
}

const char* pass_literal(const char* at) {
  const View ahead(at, 5);
  if (ahead.starts_with("true") || ahead.starts_with("null")) return at + 4;
  return ahead == "false" ? at + 5 : nullptr;
}

const char* pass_tokens(const char* at, const char* end, Next& next, Nesting& nesting,
                        unsigned depth_min, std::uint64_t& continuations) {
  bool object = nesting.in_object();
  const auto open = [&](bool as_object) {
    nesting.open(as_object);
    object = as_object;
    next = as_object ? Next::name_or_end : Next::value_or_end;
  };
  const auto close = [&] {
    nesting.close();
    object = nesting.in_object();
    next = Next::separator;
  };
  // Whether a bracket may be passed that closes the innermost.
  const auto may_close = [&] { return nesting.depth() > depth_min; };

  for (const char* behind = at;; at = behind) {
    if (end - at < lookahead) return at;
    const char byte = *at;
    if (byte == ' ' || byte == '\t' || byte == '\r') {
      behind = pass_blanks(at, end);
      continue;
    }
    switch (next) {
      case Next::separator:
        if (byte == ',') {
          next = object ? Next::name : Next::value;
        } else if (byte == (object ? '}' : ']') && may_close()) {
          close();
        } else {
          return at;
        }
        behind = at + 1;
        break;
      case Next::name_or_end:
        if (byte == '}' && may_close()) {
          close();
          behind = at + 1;
          break;
        }
        [[fallthrough]];
      case Next::name:
        if (byte != '"') return at;
        behind = pass_string(at + 1, end, continuations);
        if (behind == nullptr) return at;
        next = Next::colon;
        if (*behind != ':') break;
        ++behind;
        next = Next::value;
        break;
      case Next::colon:
        if (byte != ':') return at;
        behind = at + 1;
        next = Next::value;
        break;
      case Next::value_or_end:
        if (byte == ']' && may_close()) {
          close();
          behind = at + 1;
          break;
        }
        [[fallthrough]];
      case Next::value:
        if (byte == '{' || byte == '[') {
          if (nesting.full()) return at;
          open(byte == '{');
          behind = at + 1;
          break;
        }
        if (byte == '"') {
          behind = pass_string(at + 1, end, continuations);
        } else if (byte == '-' || is_digit(byte)) {
          const char* const integers = object ? at : pass_integers(at, end);
          if (integers != at) {  // Behind a comma.
            next = Next::value;
            behind = integers;
            break;
          }
          behind = pass_number(at, end);
        } else {
          behind = pass_literal(at);
        }
        if (behind == nullptr) return at;
        next = Next::separator;
        break;
    }
  }
}

}  // namespace edgebatch::json
