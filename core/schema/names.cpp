#include "core/schema/names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::schema {

namespace {
constexpr std::size_t places_count_min = 8;
}

NameTable::Index NameTable::add(std::vector<Bytes>& names, View name, const text::SipKey& secret) {
  if (places_.size() <= names.size() * 2) grow(names, secret);
  Index& place = places_[place_of(names, name, secret)];
  if (place != 0) return place - 1;
  names.emplace_back(name);
  place = static_cast<Index>(names.size());
  return place - 1;
}

NameTable::Index NameTable::find(std::span<const Bytes> names, View name,
                                 const text::SipKey& secret, Index absent) const {
  if (places_.empty()) return absent;
  const Index place = places_[place_of(names, name, secret)];
  return place != 0 ? place - 1 : absent;
}

void NameTable::grow(const std::vector<Bytes>& names, const text::SipKey& secret) {
  places_.assign(std::max(places_.size() * 2, places_count_min), 0);
  for (std::size_t i = 0; i < names.size(); ++i)
    places_[place_of(names, names[i], secret)] = static_cast<Index>(i + 1);
}

std::size_t NameTable::place_of(std::span<const Bytes> names, View name,
                                const text::SipKey& secret) const {
  const std::uint64_t mask = places_.size() - 1;
  for (std::uint64_t place = text::siphash128(secret, name)[0];; ++place) {
    const auto at = static_cast<std::size_t>(place & mask);
    if (places_[at] == 0 || names[places_[at] - 1] == name) return at;
  }
}

}  // namespace edgebatch::schema
