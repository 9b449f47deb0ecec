#include "handlers/ports/stored_stream.hpp"

#include <catch_amalgamated.hpp>

#include "core/http/range.hpp"

namespace edgebatch::ports {
namespace {

TEST_CASE("stored_stream: every range → just these bytes, part by part") {
  const StoredStream stream{.prefix = "p/", .bytes = 23, .bytes_a_part = 5};
  for (std::uint64_t begin = 0; begin <= 25; ++begin) {
    for (std::uint64_t end = 0; end <= 25; ++end) {
      CAPTURE(begin, end);
      std::uint64_t at = begin;
      for (const http::Section& section : stream.sections(begin, end)) {
        CHECK(section.key == stream.part_key(at / 5));
        CHECK(section.offset == at % 5);
        CHECK(section.length > 0);
        CHECK(section.offset + section.length <= 5);
        at += section.length;
      }
      const std::uint64_t last = std::min<std::uint64_t>(end, 23);
      CHECK(at == (begin < last ? last : begin));
    }
  }
}

TEST_CASE("stored_stream: keys → below the prefix, parts in the order of their numbers") {
  const StoredStream stream{.prefix = "in/t/f/", .bytes = 1};
  CHECK(stream.part_key(0) == "in/t/f/part/000000");
  CHECK(stream.part_key(255) == "in/t/f/part/0000ff");
  CHECK(stream.part_key(9) < stream.part_key(10));
  CHECK(stream.inspection_key() == "in/t/f/inspection");
}

}  // namespace
}  // namespace edgebatch::ports
