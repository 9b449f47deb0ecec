// Where an input is cut, as the input itself says.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::fuzz {

/// Calls `take` with pieces of `text`, one after the other. Their sizes come from `choices`, again
/// and again: some bytes each, or, for a byte above 0xF0, as many as a piece of a body has.
template <class Take>
void in_pieces(View text, View choices, Take take) {
  for (std::size_t turn = 0; !text.empty(); ++turn) {
    const auto choice = choices.empty() ? std::uint8_t{7}
                                        : static_cast<std::uint8_t>(choices[turn % choices.size()]);
    const std::size_t size =
        choice > 0xF0 ? std::size_t{choice} * 64 : std::size_t{choice} % 61 + 1;
    take(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
}

/// The first bytes are for cutting, the others are the text.
struct Cut {
  View choices;
  View text;

  explicit Cut(View input)
      : choices(input.substr(0, std::min<std::size_t>(input.size(), 4))),
        text(input.substr(choices.size())) {}
};

}  // namespace edgebatch::fuzz
