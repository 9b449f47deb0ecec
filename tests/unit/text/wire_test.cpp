#include "core/text/wire.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::wire {
namespace {

enum class Color : std::uint8_t { red, green = 200 };
enum class Signed : std::int8_t { minus = -1, plus = 1 };

struct Point {
  std::uint32_t x = 0;
  std::int32_t y = 0;

  bool operator==(const Point&) const = default;
  static constexpr auto fields = std::tuple(&Point::x, &Point::y);
};

struct Empty {
  bool operator==(const Empty&) const = default;
  static constexpr std::tuple<> fields{};
};

// Every kind of member, with nothing optional at its end.
struct Everything {
  bool flag = false;
  Color color = Color::red;
  std::uint8_t small = 0;
  std::uint64_t large = 0;
  Ms moment = 0;
  Bytes text;
  Point point;
  std::optional<Bytes> maybe;
  std::vector<Point> points;
  std::array<std::uint16_t, 3> three{};
  std::pair<Bytes, std::uint32_t> pair;
  std::variant<Empty, Point, Bytes> either;
  std::vector<std::vector<Bytes>> nested;
  std::optional<std::variant<std::monostate, std::optional<Point>>> deep;
  Point last;

  bool operator==(const Everything&) const = default;
  static constexpr auto fields =
      std::tuple(&Everything::flag, &Everything::color, &Everything::small, &Everything::large,
                 &Everything::moment, &Everything::text, &Everything::point, &Everything::maybe,
                 &Everything::points, &Everything::three, &Everything::pair, &Everything::either,
                 &Everything::nested, &Everything::deep, &Everything::last);
};

// Point, some versions later.
struct Newer {
  std::uint32_t x = 0;
  std::int32_t y = 0;
  Bytes added = "default";
  std::optional<Point> also = Point{1, 2};
  static constexpr auto fields = std::tuple(&Newer::x, &Newer::y, &Newer::added, &Newer::also);
};

struct Outer {
  Point point;
  static constexpr auto fields = std::tuple(&Outer::point);
};

Everything example() {
  return {.flag = true,
          .color = Color::green,
          .small = 255,
          .large = std::numeric_limits<std::uint64_t>::max(),
          .moment = -1'775'822'400'000,
          .text = Bytes("a\0\xFF", 3),
          .point = {7, -7},
          .maybe = "maybe",
          .points = {{1, -1}, {300, -300}},
          .three = {0, 1, 65'535},
          .pair = {"second", 9},
          .either = Point{5, 6},
          .nested = {{}, {"x"}, {"", "yz"}},
          .deep = std::optional<Point>({3, 4}),
          .last = {128, -128}};
}

template <class T>
std::optional<T> decoded(View bytes) {
  return decode<T>(Exact(bytes).view());
}

template <class T>
void check_round_trip(const T& value, View bytes) {
  CHECK(encode(value) == bytes);
  const auto back = decoded<T>(bytes);
  CHECK((back && *back == value));
}

template <class T>
void check_round_trip(const T& value) {
  const auto back = decoded<T>(encode(value));
  CHECK((back && *back == value));
}

View view(const char* bytes, std::size_t size) { return {bytes, size}; }

}  // namespace

TEST_CASE("wire: unsigned integers around each size of a varint → shortest form, and back") {
  check_round_trip(std::uint64_t{0}, view("\x00", 1));
  check_round_trip(std::uint64_t{127}, "\x7F");
  check_round_trip(std::uint64_t{128}, "\x80\x01");
  check_round_trip(std::uint64_t{300}, "\xAC\x02");
  check_round_trip(std::numeric_limits<std::uint64_t>::max(),
                   "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    check_round_trip(power - 1);
    check_round_trip(power);
    check_round_trip(power + 1);
  }
}

TEST_CASE("wire: signed integers → zigzag, and back") {
  check_round_trip(std::int64_t{0}, view("\x00", 1));
  check_round_trip(std::int64_t{-1}, "\x01");
  check_round_trip(std::int64_t{1}, "\x02");
  check_round_trip(std::int64_t{-64}, "\x7F");
  check_round_trip(std::int64_t{64}, "\x80\x01");
  check_round_trip(std::numeric_limits<std::int64_t>::max());
  check_round_trip(std::numeric_limits<std::int64_t>::min());
  check_round_trip(std::numeric_limits<std::int8_t>::min());
  check_round_trip(std::numeric_limits<std::int8_t>::max());
}

TEST_CASE("wire: numbers around the limit of a smaller type → read up to it, else nothing") {
  CHECK(decoded<std::uint8_t>(encode(std::uint64_t{254})) == 254);
  CHECK(decoded<std::uint8_t>(encode(std::uint64_t{255})) == 255);
  CHECK(decoded<std::uint8_t>(encode(std::uint64_t{256})) == std::nullopt);
  CHECK(decoded<std::uint32_t>(encode(std::uint64_t{0xFFFF'FFFF})) == 0xFFFF'FFFF);
  CHECK(decoded<std::uint32_t>(encode(std::uint64_t{0x1'0000'0000})) == std::nullopt);
  CHECK(decoded<std::int8_t>(encode(std::int64_t{127})) == 127);
  CHECK(decoded<std::int8_t>(encode(std::int64_t{128})) == std::nullopt);
  CHECK(decoded<std::int8_t>(encode(std::int64_t{-128})) == -128);
  CHECK(decoded<std::int8_t>(encode(std::int64_t{-129})) == std::nullopt);
}

TEST_CASE("wire: a varint of more than 64 bits or without an end → nothing") {
  const Bytes nine(9, '\xFF');
  CHECK(decoded<std::uint64_t>(nine + "\x01") == std::numeric_limits<std::uint64_t>::max());
  CHECK(decoded<std::uint64_t>(nine + "\x02") == std::nullopt);
  CHECK(decoded<std::uint64_t>(nine + "\x7F") == std::nullopt);
  CHECK(decoded<std::uint64_t>(nine + "\x81") == std::nullopt);
  CHECK(decoded<std::uint64_t>(nine + "\x81\x01") == std::nullopt);
  CHECK(decoded<std::uint64_t>(Bytes(100, '\x80')) == std::nullopt);
  CHECK(decoded<std::uint64_t>("\x80") == std::nullopt);
  CHECK(decoded<std::uint64_t>("") == std::nullopt);
}

TEST_CASE("wire: bools → 0 and 1, nothing else") {
  check_round_trip(false, view("\x00", 1));
  check_round_trip(true, "\x01");
  CHECK(decoded<bool>("\x02") == std::nullopt);
  CHECK(decoded<bool>("\x80\x02") == std::nullopt);
}

TEST_CASE("wire: enums → their numbers; a number that their type can't hold → nothing") {
  check_round_trip(Color::red, view("\x00", 1));
  check_round_trip(Color::green, "\xC8\x01");
  check_round_trip(Signed::minus);
  check_round_trip(Signed::plus);
  CHECK(decoded<Color>(encode(std::uint64_t{255})).has_value());
  CHECK(decoded<Color>(encode(std::uint64_t{256})) == std::nullopt);
}

TEST_CASE("wire: texts → size and bytes, and back") {
  check_round_trip(Bytes(), view("\x00", 1));
  check_round_trip(Bytes("abc"),
                   "\x03"
                   "abc");
  check_round_trip(Bytes("\0\xFF\r\n", 4));
  check_round_trip(Bytes(127, 'x'));
  check_round_trip(Bytes(128, 'x'));
  CHECK(encode(View("abc")) == encode(Bytes("abc")));
}

TEST_CASE("wire: a text whose size is a lie → nothing") {
  CHECK(decoded<Bytes>("\x03"
                       "ab") == std::nullopt);
  CHECK(decoded<Bytes>("\x02"
                       "abc") == std::nullopt);
  CHECK(decoded<Bytes>("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"
                       "abc") == std::nullopt);
}

TEST_CASE("wire: optionals, vectors, arrays, pairs → as documented, and back") {
  check_round_trip(std::optional<std::uint32_t>(), view("\x00", 1));
  check_round_trip(std::optional<std::uint32_t>(5), "\x01\x05");
  check_round_trip(std::vector<Bytes>{}, view("\x00", 1));
  check_round_trip(std::vector<Bytes>{"a", ""}, view("\x02\x01"
                                                     "a\x00",
                                                     4));
  check_round_trip(std::array<std::uint8_t, 2>{1, 2}, "\x01\x02");
  check_round_trip(std::pair<Bytes, bool>("k", true), "\x01k\x01");
  CHECK(decoded<std::optional<std::uint32_t>>("\x02\x05") == std::nullopt);
  CHECK(decoded<std::optional<std::uint32_t>>("\x01") == std::nullopt);
  CHECK(decoded<std::array<std::uint8_t, 2>>("\x01") == std::nullopt);
}

TEST_CASE("wire: variants → index and alternative, and back") {
  using Either = std::variant<std::monostate, Bytes, Point, Empty, std::uint32_t, std::uint32_t>;
  check_round_trip(Either(std::in_place_index<0>), view("\x00", 1));
  check_round_trip(Either("x"), "\x01\x01x");
  check_round_trip(Either(Point{1, 1}), "\x02\x01\x02");
  check_round_trip(Either(Empty()), "\x03");
  check_round_trip(Either(std::in_place_index<4>, 9U), "\x04\x09");
  check_round_trip(Either(std::in_place_index<5>, 9U), "\x05\x09");
  CHECK(decoded<Either>("\x06\x09") == std::nullopt);
  CHECK(decoded<Either>("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01") == std::nullopt);
  CHECK(decoded<Either>("") == std::nullopt);
}

TEST_CASE("wire: a struct of every kind of member → the same again") {
  check_round_trip(example());
  check_round_trip(Everything());
  check_round_trip(Empty(), "");
  check_round_trip(std::vector<Everything>{example(), {}, example()});
}

TEST_CASE("wire: a struct cut off at any byte → nothing, or defaults for its absent last members") {
  const Everything whole = example();
  const Bytes bytes = encode(whole);
  std::vector<std::size_t> accepted;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto shorter = decoded<Everything>(View(bytes).substr(0, size));
    if (!shorter) continue;
    accepted.push_back(size);
    CAPTURE(size);
    CHECK(bytes.starts_with(View(encode(*shorter)).substr(0, size)));
    CHECK(shorter->last == Point());
  }
  // One cut before each of its members, and none anywhere else.
  CHECK(accepted.size() == std::tuple_size_v<decltype(Everything::fields)>);
}

TEST_CASE("wire: a row of an older version → its members, and defaults for newer ones") {
  const auto newer = decoded<Newer>(encode(Point{8, 9}));
  REQUIRE(newer);
  CHECK(newer->x == 8);
  CHECK(newer->y == 9);
  CHECK(newer->added == "default");
  CHECK(newer->also == Point{1, 2});
}

TEST_CASE("wire: the outermost struct inside a variant or an optional → still may end early") {
  CHECK(decoded<std::variant<Bytes, Point>>("\x01\x07") == std::variant<Bytes, Point>(Point{7, 0}));
  CHECK(decoded<std::optional<Point>>("\x01\x07") == Point{7, 0});
}

TEST_CASE("wire: structs inside of structs and collections, cut off → nothing") {
  CHECK(decoded<Outer>("\x01\x02"));
  CHECK_FALSE(decoded<Outer>("\x01"));
  CHECK(decoded<std::vector<Point>>("\x02\x01\x02\x01\x02"));
  CHECK_FALSE(decoded<std::vector<Point>>("\x02\x01\x02\x01"));
  CHECK_FALSE(decoded<std::vector<Point>>("\x02\x01\x02"));
  CHECK(decoded<std::array<Point, 1>>("\x01\x02"));
  CHECK_FALSE(decoded<std::array<Point, 1>>("\x01"));
  CHECK(decoded<std::pair<bool, Point>>("\x01\x01\x02"));
  CHECK_FALSE(decoded<std::pair<bool, Point>>("\x01\x01"));
}

TEST_CASE("wire: bytes left over → nothing") {
  CHECK(decoded<Point>("\x01\x02"));
  CHECK_FALSE(decoded<Point>("\x01\x02\x03"));
  CHECK_FALSE(decoded<Empty>("\x01"));
  CHECK_FALSE(decoded<Everything>(encode(example()) + "x"));
}

// 2^62 elements: an allocation by count would end the process.
TEST_CASE("wire: a vector whose count is a lie → nothing, and no memory for it") {
  const Bytes huge = "\x80\x80\x80\x80\x80\x80\x80\x80\x40";
  CHECK(decode<std::uint64_t>(huge) == std::uint64_t{1} << 62);
  CHECK_FALSE(decoded<std::vector<Point>>(huge));
  CHECK_FALSE(decoded<std::vector<Point>>(huge + "\x01\x02"));
  CHECK_FALSE(decoded<std::vector<Bytes>>(huge + Bytes(100, '\0')));
  CHECK_FALSE(decoded<std::vector<std::vector<Bytes>>>("\x01" + huge + "\x01"));
  CHECK_FALSE(decoded<std::vector<Point>>("\x03\x01\x02\x01\x02"));
}

TEST_CASE("wire: every byte of a struct changed in every bit → nothing or some value, no crash") {
  const Bytes bytes = encode(example());
  std::size_t changed = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes mutant = bytes;
      mutant[at] = static_cast<char>(static_cast<unsigned char>(mutant[at]) ^ (1U << bit));
      const auto value = decoded<Everything>(mutant);
      if (!value || *value != example()) ++changed;
    }
  }
  CHECK(changed == bytes.size() * 8);  // No two forms of the same value here.
}

TEST_CASE("Reader: raw beyond the end → fails, and takes nothing") {
  Reader in("abc");
  CHECK(in.raw(2) == "ab");
  CHECK(in.ok());
  CHECK(in.raw(2).empty());
  CHECK_FALSE(in.ok());
  CHECK_FALSE(in.empty());
}

TEST_CASE("Reader: after a failure → later values are left as they were") {
  Reader in("\x05");
  in.fail();
  std::uint32_t value = 42;
  in.value(value);
  CHECK(value == 42);
}

TEST_CASE("takes_bytes: types → whether each value of them is at least one byte") {
  STATIC_CHECK(detail::takes_bytes<bool>());
  STATIC_CHECK(detail::takes_bytes<Point>());
  STATIC_CHECK(detail::takes_bytes<std::variant<std::monostate>>());
  STATIC_CHECK(detail::takes_bytes<std::pair<Empty, bool>>());
  STATIC_CHECK_FALSE(detail::takes_bytes<std::monostate>());
  STATIC_CHECK_FALSE(detail::takes_bytes<Empty>());
  STATIC_CHECK_FALSE(detail::takes_bytes<std::pair<Empty, Empty>>());
  STATIC_CHECK_FALSE(detail::takes_bytes<std::array<Empty, 4>>());
  STATIC_CHECK_FALSE(detail::takes_bytes<std::array<Point, 0>>());
}

}  // namespace edgebatch::wire
