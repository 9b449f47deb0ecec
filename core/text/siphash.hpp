// SipHash-2-4 with 128 bits of output: for tables whose keys a stranger chooses. With a secret key
// nobody can aim at collisions, and 128 bits make an accidental one impossible in practice.
#pragma once

#include <array>
#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

using SipKey = std::array<std::uint64_t, 2>;
using SipHash = std::array<std::uint64_t, 2>;

SipHash siphash128(const SipKey& key, View bytes);

}  // namespace edgebatch::text
