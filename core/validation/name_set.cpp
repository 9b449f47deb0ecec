#include "core/validation/name_set.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "core/text/bytes.hpp"

namespace edgebatch::validation {

namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio.
  hash = (hash ^ word) * odd;
  return hash ^ (hash >> 32);
}

// Eight bytes at a time.
std::uint64_t hash(View name) {
  std::uint64_t result = name.size();
  for (std::uint64_t word = 0; !name.empty(); word = 0) {
    const std::size_t size = std::min(name.size(), sizeof word);
    std::memcpy(&word, name.data(), size);
    result = mixed(result, word);
    name.remove_prefix(size);
  }
  return mixed(result, 0);
}

}  // namespace

bool NameSet::contains(View name) const {
  const std::span kept(hashes_.data(), count_);
  return std::ranges::find(kept, hash(name)) != kept.end();
}

bool NameSet::insert(View name) {
  if (count_ == hashes_.size()) return false;
  hashes_[count_++] = hash(name);
  return true;
}

}  // namespace edgebatch::validation
