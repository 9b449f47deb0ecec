// The text around an error, with a mark below it, as compilers print it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bindings/wasi/recent.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

constexpr std::size_t excerpt_columns_max = 100;

/// Two lines without their ends: a part of the stream's line, of `excerpt_columns_max` columns at
/// most and harmless to a terminal, `…` where it goes on; and `^~~` below the string, number or
/// word that begins at the place, or `^` below what else is there.
struct Excerpt {
  Bytes text;  // Both empty if the place lies too far back to be shown.
  Bytes mark;
};

/// `line_begin`, `place`: in the stream; the place may be behind the line's end.
Excerpt excerpt(const Recent& recent, std::uint64_t line_begin, std::uint64_t place);

}  // namespace edgebatch::wasi
