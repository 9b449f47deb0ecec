#include "core/validation/unique_ids.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

using edgebatch::Bytes;
using edgebatch::text::SipKey;
using edgebatch::validation::UniqueIds;

namespace {

constexpr SipKey secret{0x0123'4567'89AB'CDEF, 42};

}  // namespace

TEST_CASE("unique_ids: an id seen before → the line that had it first") {
  UniqueIds ids(secret);
  CHECK(ids.insert("a", 1) == std::nullopt);
  CHECK(ids.insert("b", 2) == std::nullopt);
  CHECK(ids.insert("a", 3) == 1);
  CHECK(ids.insert("a", 4) == 1);
  CHECK(ids.insert("", 0) == std::nullopt);
  CHECK(ids.insert("", 6) == 0);
  CHECK(ids.insert(Bytes("a\0", 2), 7) == std::nullopt);
  CHECK(ids.insert("A", 8) == std::nullopt);
  CHECK(ids.size() == 5);
}

TEST_CASE("unique_ids: 200,000 ids → each new once and found again, in 16 to 28 bytes each") {
  constexpr std::uint32_t count = 200'000;
  UniqueIds ids(secret);
  std::uint32_t wrong = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (ids.insert("request-" + std::to_string(i), i + 1)) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(ids.size() == count);
  CHECK(ids.memory_bytes() >= std::size_t{16} * count);
  CHECK(ids.memory_bytes() <= std::size_t{28} * count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (ids.insert("request-" + std::to_string(i), count + i) != i + 1) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(ids.size() == count);
}

TEST_CASE("unique_ids: while the table grows → the first lines stay") {
  UniqueIds ids(secret);
  for (std::uint32_t i = 0; i < 300; ++i) {
    CHECK(ids.insert(std::to_string(i), i) == std::nullopt);
    for (std::uint32_t earlier = 0; earlier <= i; earlier += 13) {
      CHECK(ids.insert(std::to_string(earlier), 1'000) == earlier);
    }
  }
}
