#include "core/json/content_hash.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/json/tape.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

using edgebatch::View;
using edgebatch::json::ContentHash;
using edgebatch::json::Tape;

namespace {

edgebatch::text::SipHash hash_of(View text) {
  Tape tape({1, 2});
  CHECK(tape.read(text) == Tape::Reading::whole);
  return ContentHash({3, 4}).of(tape, 0);
}

}  // namespace

TEST_CASE("content hash: values written in several ways → the same") {
  CHECK(hash_of("1") == hash_of("1.0"));
  CHECK(hash_of("100") == hash_of("1e2"));
  CHECK(hash_of("0") == hash_of("-0.0"));
  CHECK(hash_of(R"("a\u0041/")") == hash_of(R"("aA\/")"));
  CHECK(hash_of("[1, 2]") == hash_of("[1.0,2e0]"));
  CHECK(hash_of(R"({"a":1,"b":[{"c":2,"d":3}]})") ==
        hash_of(R"({"b":[{"d":3,"c":2}],"\u0061":1})"));
  CHECK(hash_of(R"({"a":1,"a":2})") == hash_of(R"({"a":2})"));
}

TEST_CASE("content hash: different values → different") {
  constexpr auto values = std::to_array<View>({"null",
                                               "true",
                                               "false",
                                               "0",
                                               "1",
                                               "-1",
                                               "10",
                                               "0.1",
                                               "1e400",
                                               "1e401",
                                               R"("")",
                                               R"("0")",
                                               R"("1")",
                                               R"("null")",
                                               "[]",
                                               "[0]",
                                               "[[0]]",
                                               "[0,0]",
                                               "[0,1]",
                                               "[1,0]",
                                               "[[],0]",
                                               "{}",
                                               R"({"a":0})",
                                               R"({"a":1})",
                                               R"({"b":0})",
                                               R"({"a":0,"b":1})",
                                               R"({"a":1,"b":0})",
                                               R"({"a":{"b":0}})",
                                               R"({"a":["b",0]})",
                                               R"(["a",0])"});
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < values.size(); ++j) {
      CAPTURE(values[i], values[j]);
      CHECK((hash_of(values[i]) == hash_of(values[j])) == (i == j));
    }
}
