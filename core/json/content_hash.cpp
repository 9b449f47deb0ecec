#include "core/json/content_hash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/json/decimal.hpp"
#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::json {

namespace {

using text::SipHash;

constexpr std::size_t hash_bytes = sizeof(SipHash);

SipHash hash_of_two(const text::SipKey& key, const SipHash& first, const SipHash& second) {
  std::array<char, 2 * hash_bytes> bytes;
  std::memcpy(bytes.data(), first.data(), hash_bytes);
  std::memcpy(bytes.data() + hash_bytes, second.data(), hash_bytes);
  return text::siphash128(key, {bytes.data(), bytes.size()});
}

}  // namespace

// Values of different kinds are hashed by different keys.
text::SipKey ContentHash::key(char kind) const {
  return {secret_[0] ^ static_cast<std::uint8_t>(kind), secret_[1]};
}

SipHash ContentHash::of(const Tape& tape, Tape::Index index) {
  const Tape::Node& node = tape[index];
  const auto is_scalar = [](const Tape::Node& of) {
    return of.kind != Kind::array && of.kind != Kind::object;
  };
  if (!hashes_.empty()) return hashes_[index];
  if (is_scalar(node)) return scalar(tape, node);
  // From the back: what lies inside of a value stands behind it.
  hashes_.resize(tape.size());
  for (Tape::Index at = tape.size(); at-- > 0;) {
    const Tape::Node& other = tape[at];
    hashes_[at] = is_scalar(other)            ? scalar(tape, other)
                  : other.kind == Kind::array ? array(tape, at)
                                              : object(tape, at);
  }
  return hashes_[index];
}

SipHash ContentHash::scalar(const Tape& tape, const Tape::Node& node) {
  switch (node.kind) {
    case Kind::number: return number(tape.inside(node));
    case Kind::string: return text::siphash128(key('s'), tape.string(node, scratch_));
    default: return text::siphash128(key('l'), tape.inside(node));
  }
}

SipHash ContentHash::number(View text) {
  const Decimal value(text);
  const std::int64_t magnitude = value.magnitude();
  scratch_.assign(1, value.negative() ? '-' : '+');
  std::array<char, sizeof magnitude> bytes;
  std::memcpy(bytes.data(), &magnitude, sizeof magnitude);
  scratch_.append(bytes.data(), bytes.size()).append(value.front()).append(value.back());
  return text::siphash128(key('n'), scratch_);
}

SipHash ContentHash::array(const Tape& tape, Tape::Index index) const {
  SipHash hash = text::siphash128(key('a'), {});
  tape.each_element(
      index, [&](Tape::Index element) { hash = hash_of_two(key('a'), hash, hashes_[element]); });
  return hash;
}

// A sum, so that the order doesn't count.
SipHash ContentHash::object(const Tape& tape, Tape::Index index) const {
  SipHash sum = {0, 0};
  tape.each_member(index, [&](Tape::Index name, Tape::Index value) {
    const SipHash hash = hash_of_two(key('m'), hashes_[name], hashes_[value]);
    sum[0] += hash[0];
    sum[1] += hash[1];
  });
  return hash_of_two(key('o'), sum, sum);
}

}  // namespace edgebatch::json
