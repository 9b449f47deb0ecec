#include "core/text/ids.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <set>

#include "core/text/entropy.hpp"
#include "core/text/time.hpp"

namespace edgebatch::text {
namespace {

constexpr Ms moment = 1'775'822'400'000;  // 2026-04-10T12:00:00Z.

}  // namespace

TEST_CASE("sortable_id: a moment → prefix, 12 digits of time, 20 random ones") {
  Entropy entropy("seed");
  const Bytes id = sortable_id("batch_", moment, entropy);
  CHECK(id.size() == 6 + 32);
  CHECK(id.starts_with("batch_019d77436a00"));
  CHECK(is_sortable_id("batch_", id));
}

TEST_CASE("sortable_id: later moments → greater ids, whatever is random in them") {
  Entropy entropy("seed");
  Bytes last;
  for (const Ms now :
       {Ms{0}, Ms{1}, Ms{15}, Ms{16}, Ms{255}, Ms{256}, Ms{65'535}, Ms{65'536}, moment, moment + 1,
        moment + day_ms, moment + 36'500 * day_ms, (Ms{1} << 48) - 1}) {
    const Bytes id = sortable_id("file-", now, entropy);
    CAPTURE(now);
    CHECK(last < id);
    last = id;
  }
}

TEST_CASE("sortable_id: moments that don't fit 48 bits → the nearest that does") {
  Entropy entropy("seed");
  CHECK(sortable_id("", -1, entropy).starts_with("000000000000"));
  CHECK(sortable_id("", std::numeric_limits<Ms>::min(), entropy).starts_with("000000000000"));
  CHECK(sortable_id("", Ms{1} << 48, entropy).starts_with("ffffffffffff"));
  CHECK(sortable_id("", std::numeric_limits<Ms>::max(), entropy).starts_with("ffffffffffff"));
}

TEST_CASE("sortable_id: the same moment many times → different ids") {
  constexpr std::size_t count = 1'000;
  Entropy entropy("seed");
  std::set<Bytes> seen;
  for (std::size_t i = 0; i < count; ++i) seen.insert(sortable_id("b_", moment, entropy));
  CHECK(seen.size() == count);
}

TEST_CASE("is_sortable_id: prefix and 32 lower-case hexadecimal digits → true") {
  CHECK(is_sortable_id("b_", "b_0123456789abcdef0123456789abcdef"));
  CHECK(is_sortable_id("", "ffffffffffffffffffffffffffffffff"));
}

TEST_CASE("is_sortable_id: anything else → false") {
  const Bytes digits = "0123456789abcdef0123456789abcdef";
  for (const Bytes& id : std::initializer_list<Bytes>{
           "", "b_", digits, "B_" + digits, "c_" + digits, "b_" + digits + "0",
           "b_" + digits.substr(1), " b_" + digits, "b_" + digits.substr(1) + " ",
           "b_" + digits.substr(1) + "A", "b_" + digits.substr(1) + "g",
           "b_" + digits.substr(1) + "/", "b_" + digits.substr(1) + ":",
           "b_" + digits.substr(1) + "`", "b_" + Bytes(1, '\0') + digits.substr(1),
           "b_-" + digits.substr(1)}) {
    CAPTURE(id);
    CHECK_FALSE(is_sortable_id("b_", id));
  }
}

TEST_CASE("random_id: two of them → prefix, 32 hexadecimal digits, different") {
  Entropy entropy("seed");
  const Bytes a = random_id("req_", entropy);
  const Bytes b = random_id("req_", entropy);
  CHECK(is_sortable_id("req_", a));  // The same alphabet and size.
  CHECK(is_sortable_id("req_", b));
  CHECK(a != b);
  CHECK(a.substr(4, 12) != b.substr(4, 12));
}

}  // namespace edgebatch::text
