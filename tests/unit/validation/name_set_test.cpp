#include "core/validation/name_set.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <string>

#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

using edgebatch::Bytes;
using namespace edgebatch::validation;

TEST_CASE("name_set: names of every length → each is itself, and no other") {
  NameSet set;
  for (std::size_t size = 0; size < other_members_count_max; ++size) {
    const Bytes name(size, 'n');
    CHECK_FALSE(set.contains(name));
    CHECK(set.insert(name));
    CHECK(set.contains(name));
    CHECK_FALSE(set.contains(name + Bytes(1, '\0')));
  }
  CHECK_FALSE(set.contains("m"));
}

TEST_CASE("name_set: as many names as fit, and one more → full; cleared → empty again") {
  NameSet set;
  for (std::size_t i = 0; i < other_members_count_max; ++i) CHECK(set.insert(std::to_string(i)));
  CHECK_FALSE(set.insert("one more"));
  CHECK(set.contains("0"));
  set.clear();
  CHECK_FALSE(set.contains("0"));
  CHECK(set.insert("one more"));
}
