// SHA-256 of FIPS 180-4: keys are kept as their digest, identifiers and checksums are cut from
// digests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

/// A digest of bytes that arrive in pieces.
class Sha256 {
 public:
  void feed(View piece);
  /// 32 bytes. Ends the digest: feed nothing afterwards.
  Bytes digest();

 private:
  static constexpr std::size_t block_bytes = 64;

  void compress(View block);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<char, block_bytes> held_{};  // The start of a block, until the rest arrives.
  std::uint64_t fed_ = 0;                 // Bytes.
};

Bytes sha256_hex(View bytes);

}  // namespace edgebatch::text
