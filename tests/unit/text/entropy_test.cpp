#include "core/text/entropy.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <set>

#include "core/text/number.hpp"
#include "core/text/sha256.hpp"

namespace edgebatch::text {

TEST_CASE("entropy: the same seed → the same draws") {
  Entropy a("seed");
  Entropy b("seed");
  for (int i = 0; i < 5; ++i) CHECK(a.draw() == b.draw());
}

TEST_CASE("entropy: another seed → other draws") {
  Entropy a("seed");
  Entropy b("Seed");
  CHECK(a.draw() != b.draw());
}

TEST_CASE("entropy: many draws → 32 bytes each, never the same twice") {
  constexpr std::size_t count = 1'000;  // Beyond one byte of counter.
  Entropy entropy("seed");
  std::set<Bytes> seen;
  for (std::size_t i = 0; i < count; ++i) seen.insert(entropy.draw());
  CHECK(seen.size() == count);
  for (const Bytes& draw : seen) CHECK(draw.size() == 32);
}

TEST_CASE("entropy: a draw → the digest of seed and counter, whose low byte comes first") {
  Entropy entropy("s");
  CHECK(hex(entropy.draw()) == sha256_hex(View("s\0\0\0\0\0\0\0\0", 9)));
  CHECK(hex(entropy.draw()) == sha256_hex(View("s\1\0\0\0\0\0\0\0", 9)));
  for (int i = 2; i < 256; ++i) entropy.draw();
  CHECK(hex(entropy.draw()) == sha256_hex(View("s\0\1\0\0\0\0\0\0", 9)));
}

TEST_CASE("entropy: draw_u64 → the first eight bytes of a draw, and one draw further") {
  Entropy a("seed");
  Entropy b("seed");
  const std::uint64_t number = a.draw_u64();
  CHECK(hex(number, 16) == hex(b.draw()).substr(0, 16));
  CHECK(a.draw() == b.draw());
}

TEST_CASE("entropy: an empty seed → still draws") {
  Entropy entropy{View()};
  CHECK(entropy.draw() != entropy.draw());
}

}  // namespace edgebatch::text
