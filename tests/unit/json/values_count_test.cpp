#include "core/json/values_count.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::View;

std::uint64_t count(View text) {
  return edgebatch::json::values_count(edgebatch::support::Exact(text).view());
}

}  // namespace

TEST_CASE("values_count: valid texts → containers and contents count, names don't") {
  CHECK(count("1") == 1);
  CHECK(count(" \"a\" ") == 1);
  CHECK(count("null") == 1);
  CHECK(count("[]") == 1);
  CHECK(count("{}") == 1);
  CHECK(count("[1,2.5,\"x\"]") == 4);
  CHECK(count(R"({"a":1,"b":[true,{"c":"d"}]})") == 6);
  CHECK(count(R"(["[1,2,{","\"[",[]])") == 4);
}

TEST_CASE("values_count: texts that go wrong → what came before") {
  CHECK(count("") == 0);
  CHECK(count("x") == 0);
  CHECK(count("[1,2") == 3);
  CHECK(count("[1,2,]3,4]") == 3);
  CHECK(count("[1]2") == 2);
}
