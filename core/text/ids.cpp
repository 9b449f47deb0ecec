#include "core/text/ids.hpp"

#include <algorithm>
#include <cstdint>

#include "core/text/bytes.hpp"
#include "core/text/entropy.hpp"
#include "core/text/number.hpp"

namespace edgebatch::text {
namespace {

constexpr unsigned time_digits = 12;
constexpr unsigned random_digits = 20;
constexpr unsigned id_digits = time_digits + random_digits;
constexpr Ms time_max = (Ms{1} << (4 * time_digits)) - 1;

Bytes random_hex(Entropy& entropy, unsigned digits) {
  return hex(entropy.draw()).substr(0, digits);
}

}  // namespace

Bytes sortable_id(View prefix, Ms now, Entropy& entropy) {
  const auto time = static_cast<std::uint64_t>(std::clamp<Ms>(now, 0, time_max));
  return Bytes(prefix) + hex(time, time_digits) + random_hex(entropy, random_digits);
}

bool is_sortable_id(View prefix, View id) {
  if (id.size() != prefix.size() + id_digits || !id.starts_with(prefix)) return false;
  return id.find_first_not_of("0123456789abcdef", prefix.size()) == View::npos;
}

Bytes random_id(View prefix, Entropy& entropy) {
  return Bytes(prefix) + random_hex(entropy, id_digits);
}

}  // namespace edgebatch::text
