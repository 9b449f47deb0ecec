#include "bindings/wasi/excerpt.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>

#include "bindings/wasi/cells.hpp"
#include "bindings/wasi/recent.hpp"
#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::wasi;

Excerpt around(View stream, std::uint64_t place, std::uint64_t line_begin = 0) {
  Recent recent;
  recent.append(stream);
  return excerpt(recent, line_begin, place);
}

std::size_t columns(View text) {
  std::size_t all = 0;
  while (!text.empty()) {
    const Cell cell = first_cell(text);
    all += cell.columns;
    text.remove_prefix(cell.bytes);
  }
  return all;
}

void shows(const Excerpt& excerpt, View text, View mark) {
  CHECK(excerpt.text == text);
  CHECK(excerpt.mark == mark);
}

}  // namespace

TEST_CASE("excerpt: a short line → all of it, without its end") {
  shows(around("xx\n{\"a\": 12}\nyy", 9, 3), "{\"a\": 12}", "      ^~");
  shows(around("{\"a\": 12}\r\n", 6), "{\"a\": 12}", "      ^~");
  shows(around("{\"a\": 12}", 0), "{\"a\": 12}", "^");
}

TEST_CASE("excerpt: a string, number or word → marked whole; anything else → its first character") {
  shows(around(R"(["a\"b",c])", 1), R"(["a\"b",c])", " ^~~~~~");
  shows(around(R"(["a\")", 1), R"(["a\")", " ^~~~");
  shows(around("[-1.5e+3]", 1), "[-1.5e+3]", " ^~~~~~~");
  shows(around("[NaN,1]", 1), "[NaN,1]", " ^~~");
  shows(around("[,1]", 1), "[,1]", " ^");
}

TEST_CASE("excerpt: a place at the line's end → the mark stands behind it") {
  shows(around("{\"a\"", 4), "{\"a\"", "    ^");
  shows(around("{\"a\"\n", 4), "{\"a\"", "    ^");
  shows(around("{\"a\"\r\n", 5), "{\"a\"", "    ^");
  shows(around("", 0), "", "^");
}

TEST_CASE("excerpt: wide, combining and unreadable characters → the mark is below the place") {
  shows(around("日本 \"語\"", 7), "日本 \"語\"", "     ^~~~");
  shows(around("e\xCC\x81=", 3), "e\xCC\x81=", " ^");
  shows(around("a\tb\x1B!", 4), "a␉b␛!", "    ^");
  shows(around("\"a\xFF\"", 2), "\"a<FF>\"", "  ^~~~");
  shows(around("\"a\r", 2), "\"a␍", "  ^");
}

TEST_CASE("excerpt: a wide line → a hundred columns of it, with … where it goes on") {
  const Bytes line = Bytes(500, 'a') + "[" + Bytes(500, 'b');
  const Excerpt middle = around(line, 500);
  CHECK(middle.text == "…" + Bytes(39, 'a') + "[" + Bytes(58, 'b') + "…");
  CHECK(middle.mark == Bytes(40, ' ') + "^");

  const Excerpt end = around(line + "]", 1001);
  CHECK(end.text == "…" + Bytes(98, 'b') + "]");
  CHECK(end.mark == Bytes(99, ' ') + "^");

  const Excerpt begin = around("[" + line, 0);
  CHECK(begin.text == "[" + Bytes(98, 'a') + "…");
  CHECK(begin.mark == "^");
}

TEST_CASE("excerpt: any line and place → no more than a hundred columns, and the mark is in them") {
  for (const View unit : {"a", "é", "日", "\x1B", "\xFF", "e\xCC\x81", "\xE2\x80\xAE"}) {
    for (const std::size_t count : {1U, 30U, 99U, 100U, 101U, 3000U}) {
      Bytes line;
      for (std::size_t i = 0; i < count; ++i) line += unit;
      const std::size_t size = line.size();
      for (const std::size_t place : {std::size_t{0}, size / 2, size - 1, size}) {
        const Excerpt shown = around(line, place);
        CAPTURE(unit, count, place);
        CHECK(columns(shown.text) <= excerpt_columns_max);
        CHECK(shown.mark.size() <= columns(shown.text) + 1);
      }
    }
  }
}

TEST_CASE("excerpt: a line that began before what is kept → what is left of it") {
  Recent recent(8);
  recent.append("0123456789012345678901234567890123456789");
  recent.append("[,]\n");
  REQUIRE(recent.begin() > 0);
  shows(excerpt(recent, 0, 41), "…23456789[,]", "          ^");
  shows(excerpt(recent, 0, 2), "", "");
}
