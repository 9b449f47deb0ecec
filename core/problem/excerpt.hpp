// Other people's text in our sentences: bounded, and always valid UTF-8.
#pragma once

#include <cstddef>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch::problem {

constexpr std::size_t excerpt_chars_max = 100;  // Code points of a value that a message quotes.

/// The first `chars_max` code points of `text`, with `…` behind them where something was cut off;
/// what isn't UTF-8 is replaced by U+FFFD. Looks only at as many bytes as that can take.
Bytes excerpt(View text, std::size_t chars_max = excerpt_chars_max);

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
Bytes quoted_list(const std::vector<View>& values);

}  // namespace edgebatch::problem
