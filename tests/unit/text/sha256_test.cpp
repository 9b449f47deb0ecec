#include "core/text/sha256.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/number.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::text {
namespace {

Bytes patterned(std::size_t size) {
  Bytes out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(i * 7 + i / 256));
  return out;
}

}  // namespace

// FIPS 180-4's examples, and NIST's byte-oriented short messages.
TEST_CASE("sha256: published messages → published digests") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                   "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(sha256_hex("\xd3") == "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
}

TEST_CASE("sha256: a million times 'a' → FIPS's digest, however it is cut") {
  constexpr std::size_t size = 1'000'000;
  const View expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  CHECK(sha256_hex(Bytes(size, 'a')) == expected);

  Sha256 in_odd_pieces;
  const Bytes piece(997, 'a');
  std::size_t left = size;
  for (; left >= piece.size(); left -= piece.size()) in_odd_pieces.feed(piece);
  in_odd_pieces.feed(View(piece).substr(0, left));
  CHECK(hex(in_odd_pieces.digest()) == expected);
}

// Digests of Python's hashlib over the same pattern: a padding block more is needed from 56 on.
TEST_CASE("sha256: sizes around the block and its padding → another implementation's digests") {
  CHECK(sha256_hex(patterned(55)) ==
        "576a1bf8d4478657e6dc4af9398544765c2a92cde28478b019235cfed315fc09");
  CHECK(sha256_hex(patterned(56)) ==
        "9b20501dfd1d99161c257950f3444f3e49230c351c5c8e0943ef369f85f5205d");
  CHECK(sha256_hex(patterned(63)) ==
        "30b345906b493f06f69444b6521113511c242f30e29840462950035043682f1e");
  CHECK(sha256_hex(patterned(64)) ==
        "d8bc63b4fc1156e5e7d95a418b9bf54cd3174bedbc2db40f74895349b229b3c0");
  CHECK(sha256_hex(patterned(65)) ==
        "1ee23b0fbcaecc1aff4a9e8f1645f35ab2c8e13609cd73b68df8b5e3f63ce073");
  CHECK(sha256_hex(patterned(119)) ==
        "7a6589821178918ca8d9edaba5abfc1e9b2669564f4469b66885379c1530b2c8");
  CHECK(sha256_hex(patterned(120)) ==
        "655250427d56b1b0eeb8497d21428704273458a01772d6881b65c0abac0f8a98");
}

TEST_CASE("sha256: every cut in three around the blocks → the digest of the whole") {
  std::size_t wrong = 0;
  const Bytes text = patterned(200);
  const Bytes expected = sha256_hex(text);
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      Sha256 digest;
      digest.feed(View(text).substr(0, first));
      digest.feed(View(text).substr(first, second - first));
      digest.feed(View(text).substr(second));
      if (hex(digest.digest()) != expected) {
        UNSCOPED_INFO("cut at " << first << " and " << second);
        ++wrong;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("sha256: every size byte by byte, in exact blocks → the digest of the whole") {
  for (std::size_t size = 0; size <= 130; ++size) {
    const Bytes text = patterned(size);
    Sha256 digest;
    for (const char byte : text) digest.feed(Exact(View(&byte, 1)).view());
    CAPTURE(size);
    CHECK(hex(digest.digest()) == sha256_hex(Exact(text).view()));
  }
}

TEST_CASE("sha256: digest → 32 raw bytes") {
  Sha256 digest;
  digest.feed("abc");
  CHECK(digest.digest().size() == 32);
}

}  // namespace edgebatch::text
