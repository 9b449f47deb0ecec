#include "core/text/block.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>

using namespace edgebatch::text;

TEST_CASE("block: any byte at any place → vectors and bytes say the same") {
  std::array<char, block_bytes> block{};
  for (std::size_t place = 0; place < block_bytes; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      block.fill('a');
      block[place] = static_cast<char>(byte);
      CAPTURE(place, byte);
      CHECK(block_masks(block.data()) == block_masks_by_bytes(block.data()));
    }
  }
}

TEST_CASE("block: known bytes → known masks") {
  const std::array<char, block_bytes> block{'"', ' ', '\\', '\x1F', '\0', '\x7F', '\x80', '\xFF',
                                            'a', 'b', '/',  '!',    '#',  '[',    ']',    '\n'};
  const BlockMasks expected{.special = 0b1000'0000'0001'1101, .high = 0b0000'0000'1100'0000};
  CHECK(block_masks(block.data()) == expected);
  CHECK(block_masks_by_bytes(block.data()) == expected);
}
