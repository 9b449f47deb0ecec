#include "core/text/siphash.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <set>

#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sha256.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::text {
namespace {

// As the reference prints its output: bytes in memory order.
Bytes printed(const SipHash& hash) {
  Bytes out;
  for (const std::uint64_t word : hash) {
    for (unsigned shift = 0; shift < 64; shift += 8) out += hex(word >> shift, 2);
  }
  return out;
}

constexpr SipKey reference_key{0x0706050403020100, 0x0f0e0d0c0b0a0908};

// The reference's messages: 00, 00 01, 00 01 02, …
Bytes reference_message(std::size_t size) {
  Bytes out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(i));
  return out;
}

Bytes reference_hash(std::size_t size) {
  return printed(siphash128(reference_key, Exact(reference_message(size)).view()));
}

}  // namespace

// github.com/veorq/SipHash, vectors.h, vectors_sip128.
TEST_CASE("siphash128: published messages → published hashes") {
  CHECK(reference_hash(0) == "a3817f04ba25a8e66df67214c7550293");
  CHECK(reference_hash(1) == "da87c1d86b99af44347659119b22fc45");
  CHECK(reference_hash(7) == "a1f1ebbed8dbc153c0b84aa61ff08239");
  CHECK(reference_hash(8) == "3b62a9ba6258f5610f83e264f31497b4");
  CHECK(reference_hash(9) == "264499060ad9baabc47f8b02bb6d71ed");
  CHECK(reference_hash(15) == "5493e99933b0a8117e08ec0f97cfc3d9");
  CHECK(reference_hash(16) == "6ee2a4ca67b054bbfd3315bf85230577");
  CHECK(reference_hash(63) == "5150d1772f50834a503e069a973fbd7c");
}

TEST_CASE("siphash128: all 64 published messages → the digest of all published hashes") {
  Bytes all;
  for (std::size_t size = 0; size < 64; ++size) all += reference_hash(size);
  CHECK(sha256_hex(all) == "827e8ca7940393c905d45246fd3758cc099a15a89177822377882f874e92898d");
}

TEST_CASE("siphash128: another key, or another bit of it → another hash") {
  const View message = "request-1";
  const SipHash hash = siphash128(reference_key, message);
  for (std::size_t word = 0; word < 2; ++word) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      SipKey key = reference_key;
      key[word] ^= std::uint64_t{1} << bit;
      CHECK(siphash128(key, message) != hash);
    }
  }
}

TEST_CASE("siphash128: zeros of many sizes → different hashes") {
  constexpr std::size_t count = 600;  // Beyond what the size's last byte tells apart.
  std::set<SipHash> seen;
  for (std::size_t size = 0; size < count; ++size) {
    seen.insert(siphash128(reference_key, Bytes(size, '\0')));
  }
  CHECK(seen.size() == count);
}

}  // namespace edgebatch::text
