#include "core/validation/index.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using edgebatch::validation::IndexBuilder;
using edgebatch::validation::IndexEntry;

namespace {

using Lines = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

std::vector<IndexEntry> index(const Lines& lines, std::uint32_t items_max,
                              std::uint64_t bytes_max) {
  IndexBuilder builder(items_max, bytes_max);
  for (const auto& [begin, end] : lines) builder.add(begin, end);
  CHECK(builder.items() == lines.size());
  return builder.entries();
}

// Of lines of one size, back to back.
Lines lines(std::size_t count, std::uint64_t size) {
  Lines all;
  for (std::size_t i = 0; i < count; ++i) all.emplace_back(i * size, (i + 1) * size);
  return all;
}

}  // namespace

TEST_CASE("index: no items → no entries") { CHECK(index({}, 3, 100).empty()); }

TEST_CASE("index: items below, at and above the limit of items → one entry, one, two") {
  CHECK(index(lines(2, 10), 3, 100) == std::vector<IndexEntry>{{0, 2, 0, 20}});
  CHECK(index(lines(3, 10), 3, 100) == std::vector<IndexEntry>{{0, 3, 0, 30}});
  CHECK(index(lines(4, 10), 3, 100) == std::vector<IndexEntry>{{0, 3, 0, 30}, {3, 1, 30, 40}});
}

TEST_CASE("index: bytes below, at and above the limit → one entry, one, two") {
  CHECK(index({{0, 50}, {50, 99}}, 9, 100) == std::vector<IndexEntry>{{0, 2, 0, 99}});
  CHECK(index({{0, 50}, {50, 100}}, 9, 100) == std::vector<IndexEntry>{{0, 2, 0, 100}});
  CHECK(index({{0, 50}, {50, 101}}, 9, 100) ==
        std::vector<IndexEntry>{{0, 1, 0, 50}, {1, 1, 50, 101}});
}

TEST_CASE("index: an item above the limit of bytes → an entry of its own") {
  CHECK(index({{0, 10}, {10, 500}, {500, 510}, {510, 520}}, 9, 100) ==
        std::vector<IndexEntry>{{0, 1, 0, 10}, {1, 1, 10, 500}, {2, 2, 500, 520}});
  CHECK(index({{0, 500}, {500, 1000}}, 9, 100) ==
        std::vector<IndexEntry>{{0, 1, 0, 500}, {1, 1, 500, 1000}});
}

TEST_CASE("index: a stream that begins behind a byte order mark → so does its first entry") {
  CHECK(index({{3, 10}, {10, 20}}, 9, 100) == std::vector<IndexEntry>{{0, 2, 3, 20}});
}

TEST_CASE("index: the limits that are used → all items, in order, without gaps") {
  using edgebatch::validation::span_bytes_max;
  using edgebatch::validation::span_items_max;
  for (const std::uint64_t size : std::vector<std::uint64_t>{10, 3'000, 700'000, 2'000'000}) {
    CAPTURE(size);
    IndexBuilder builder;
    for (const auto& [begin, end] : lines(1'201, size)) builder.add(begin, end);
    std::uint32_t first = 0;
    std::uint64_t byte = 0;
    for (const IndexEntry& entry : builder.entries()) {
      CHECK(entry.first == first);
      CHECK(entry.byte_begin == byte);
      CHECK(entry.byte_end == byte + entry.count * size);
      CHECK(entry.count >= 1);
      CHECK(entry.count <= span_items_max);
      CHECK((entry.count == 1 || entry.byte_end - entry.byte_begin <= span_bytes_max));
      first += entry.count;
      byte = entry.byte_end;
    }
    CHECK(first == 1'201);
    CHECK(builder.items() == 1'201);
  }
}
