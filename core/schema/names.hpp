// Names that a schema has for an object's members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::schema {

/// Finds them by keyed hashes: nobody can write names that are slow to find.
class NameTable {
 public:
  using Index = std::uint32_t;

  /// Where the name stands in `names`, which is appended there if it is new. All names were added
  /// like this.
  Index add(std::vector<Bytes>& names, View name, const text::SipKey& secret);

  /// Where the name stands in the same names; `absent` if it doesn't.
  Index find(std::span<const Bytes> names, View name, const text::SipKey& secret,
             Index absent) const;

 private:
  void grow(const std::vector<Bytes>& names, const text::SipKey& secret);
  /// Of the name, or where it would stand.
  std::size_t place_of(std::span<const Bytes> names, View name, const text::SipKey& secret) const;

  std::vector<Index> places_;  // Indices plus one, 0 for none; a power of two of them.
};

}  // namespace edgebatch::schema
