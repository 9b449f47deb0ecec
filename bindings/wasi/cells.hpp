// Other people's bytes on a terminal: whatever they are, they neither move the cursor nor hide
// anything, and it is known how many columns they take.
#pragma once

#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::wasi {

/// What a terminal shows for one code point, or for one byte that is none.
struct Cell {
  Bytes shown;
  std::size_t columns = 0;  // 0: drawn onto what is before it.
  std::size_t bytes = 0;    // Of the text it stands for.
};

/// The first cell of a text that isn't empty. Control characters are shown as their pictures (␉),
/// those without one and invisible ones by their number (<U+202E>), bytes that aren't UTF-8 too
/// (<FF>).
Cell first_cell(View text);

/// All of a text.
Bytes harmless(View text);

}  // namespace edgebatch::wasi
