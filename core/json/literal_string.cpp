#include "core/json/literal_string.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/unescaper.hpp"
#include "core/text/block.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::json {

namespace {

constexpr std::size_t unicode_escape_size = 6;  // \uD83D

std::size_t escape_size(View text, std::size_t at) {
  return text[at + 1] == 'u' ? unicode_escape_size : 2;
}

// Whether two escapes that are one character begin here.
bool is_surrogate_pair(View text) {
  const auto among = [&](std::size_t at, View digits) {
    return at + unicode_escape_size <= text.size() && text[at] == '\\' && text[at + 1] == 'u' &&
           (text[at + 2] == 'd' || text[at + 2] == 'D') && digits.find(text[at + 3]) != View::npos;
  };
  return among(0, "89abAB") && among(unicode_escape_size, "cdefCDEF");
}

// Inside of a string nothing is special but backslashes, and what stands behind them.
std::size_t find_escape(View inside, std::size_t at) {
  for (; inside.size() - at >= text::block_bytes; at += text::block_bytes) {
    const std::uint32_t specials = text::Block(inside.data() + at).specials();
    if (specials != 0) return at + static_cast<std::size_t>(std::countr_zero(specials));
  }
  while (at < inside.size() && inside[at] != '\\') ++at;
  return at;
}

}  // namespace

View LiteralString::unescaped(Bytes& scratch) const {
  scratch.clear();
  Unescaper unescaper;
  for (std::size_t at = 0; at < inside.size();) {
    if (inside[at] == '\\') {
      for (const std::size_t end = at + escape_size(inside, at); at < end; ++at)
        unescaper.step(inside[at], scratch);
      continue;
    }
    unescaper.finish(scratch);
    const std::size_t plain_end = find_escape(inside, at);
    scratch.append(inside.substr(at, plain_end - at));
    at = plain_end;
  }
  unescaper.finish(scratch);
  return scratch;
}

std::size_t LiteralString::length() const {
  std::size_t length = ascii ? inside.size() : text::utf8_length(inside);
  if (!escaped) return length;
  for (std::size_t at = find_escape(inside, 0); at < inside.size(); at = find_escape(inside, at)) {
    const std::size_t begin = at;
    if (is_surrogate_pair(inside.substr(at))) at += unicode_escape_size;
    at += escape_size(inside, at);
    length -= at - begin - 1;
  }
  return length;
}

}  // namespace edgebatch::json
