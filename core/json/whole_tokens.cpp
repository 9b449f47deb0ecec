#include "core/json/whole_tokens.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/characters.hpp"
#include "core/json/nesting.hpp"
#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

static_assert(lookahead >= 2 * static_cast<std::ptrdiff_t>(text::block_bytes));

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

// Where a value has to come: how long the integers are that stand there, each with its comma, as
// far as a block shows them.
unsigned integers_size(const text::IntegerMasks& masks) {
  const std::uint32_t behind_digit = masks.digits << 1;
  const std::uint32_t before_digit = masks.digits >> 1;
  const std::uint32_t wrong = ~(masks.digits | masks.commas | masks.spaces) |
                              (masks.commas & ~behind_digit) | (masks.spaces & behind_digit) |
                              (masks.zeros & ~behind_digit & before_digit);
  const std::uint32_t right = (wrong & -wrong) - 1;  // The bits below the lowest that is wrong.
  return static_cast<unsigned>(std::bit_width(masks.commas & right));
}

// A block at a time.
const char* pass_integers(const char* at, const char* end) {
  while (end - at >= lookahead) {
    const unsigned size = integers_size(text::Block(at).integers());
    if (size == 0) break;
    at += size;
  }
  return at;
}

}  // namespace

const char* pass_string(const char* at, const char* end, std::uint64_t& continuations) {
  bool escaped = false;
  return pass_string(at, end, continuations, escaped);
}

const char* pass_string(const char* at, const char* end, std::uint64_t& continuations,
                        bool& escaped) {
  const char* const begin = at;
  escaped = false;
  text::Block all;
  for (;;) {
    if (end - at < lookahead) return nullptr;
    const text::Block block(at);
    all.add(block);
    const std::uint32_t specials = block.specials();
    if (specials == 0) {
      at += text::block_bytes;
      continue;
    }
    at += std::countr_zero(specials);
    if (*at == '"') break;
    if (*at != '\\') return nullptr;
    escaped = true;
    if (is_short_escape(at[1])) {
      at += 2;
    } else if (at[1] == 'u' && has_hex_digits(at + 2)) {
      at += 6;
    } else {
      return nullptr;
    }
  }
  if (all.highs() != 0) {  // Perhaps only behind the string.
    const View inside(begin, static_cast<std::size_t>(at - begin));
    const auto characters = text::utf8_characters(inside);
    if (!characters) return nullptr;
    continuations += inside.size() - *characters;
  }
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
