// SHA-256 of FIPS 180-4: keys are kept as their digest, identifiers and checksums are cut from digests.
#pragma once

#include <array>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

/// A digest of bytes that arrive in pieces.
class Sha256 {
 public:
  void feed(View piece);
  /// 32 bytes. Ends the digest: feed nothing afterwards.
  Bytes digest();
};

Bytes sha256_hex(View bytes);

}  // namespace edgebatch::text
