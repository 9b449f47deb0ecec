#include "core/text/block.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>

using namespace edgebatch::text;

namespace {

void check_alike(const std::array<char, block_bytes>& bytes) {
  const Block vector(bytes.data());
  const BlockOfBytes plain(bytes.data());
  CHECK(vector.specials() == plain.specials());
  CHECK(vector.highs() == plain.highs());
  CHECK(vector.integers() == plain.integers());
}

}  // namespace

TEST_CASE("block: any byte at any place → vectors and bytes say the same") {
  std::array<char, block_bytes> block{};
  for (std::size_t place = 0; place < block_bytes; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      block.fill('a');
      block[place] = static_cast<char>(byte);
      CAPTURE(place, byte);
      check_alike(block);
    }
  }
}

TEST_CASE("block: known bytes → known masks") {
  const std::array<char, block_bytes> bytes{'"', ' ', '\\', '\x1F', '\0', '\x7F', '\x80', '\xFF',
                                            '0', '9', ',',  '!',    '#',  '/',    ':',    '\n'};
  const IntegerMasks integers{.digits = 0b0000'0011'0000'0000,
                              .zeros = 0b0000'0001'0000'0000,
                              .commas = 0b0000'0100'0000'0000,
                              .spaces = 0b0000'0000'0000'0010};
  const auto check = [&](const auto& block) {
    CHECK(block.specials() == 0b1000'0000'0001'1101);
    CHECK(block.highs() == 0b0000'0000'1100'0000);
    CHECK(block.integers() == integers);
  };
  check(Block(bytes.data()));
  check(BlockOfBytes(bytes.data()));
}

TEST_CASE("block: two compared → the bytes that both have alike") {
  std::array<char, block_bytes> one{};
  std::array<char, block_bytes> other{};
  one[0] = 'x';
  other[7] = '\x80';
  const auto alike = [&]<class Of>(Of) { return Of(one.data()).alike(Of(other.data())); };
  CHECK(alike(Block()) == (all_alike & ~(1U << 0 | 1U << 7)));
  CHECK(alike(BlockOfBytes()) == (all_alike & ~(1U << 0 | 1U << 7)));
  CHECK(Block(one.data()).alike(Block(one.data())) == all_alike);
}

TEST_CASE("block: two added → a byte that is no ASCII in either is none in both") {
  std::array<char, block_bytes> one{};
  std::array<char, block_bytes> other{};
  one[3] = '\x80';
  other[9] = '\xC3';
  const auto highs = [&]<class Of>(Of sum) {
    sum.add(Of(one.data()));
    sum.add(Of(other.data()));
    return sum.highs();
  };
  CHECK(highs(Block()) == (1U << 3 | 1U << 9));
  CHECK(highs(BlockOfBytes()) == (1U << 3 | 1U << 9));
}
