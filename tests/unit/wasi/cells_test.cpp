#include "bindings/wasi/cells.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::wasi;

void shows(View text, View shown, std::size_t columns, std::size_t bytes) {
  const edgebatch::support::Exact exact(text);
  const Cell cell = first_cell(exact.view());
  CAPTURE(text);
  CHECK(cell.shown == shown);
  CHECK(cell.columns == columns);
  CHECK(cell.bytes == bytes);
}

}  // namespace

TEST_CASE("cells: a character → itself, with its columns") {
  shows("ab", "a", 1, 1);
  shows("é", "é", 1, 2);
  shows("日本", "日", 2, 3);
  shows("😀", "😀", 2, 4);
  shows("\xCC\x81x", "\xCC\x81", 0, 2);
}

TEST_CASE("cells: a control character → its picture") {
  shows(View("\0", 1), "␀", 1, 1);
  shows("\t", "␉", 1, 1);
  shows("\x1B[2J", "␛", 1, 1);
  shows("\x1F", "␟", 1, 1);
  shows("\x7F", "␡", 1, 1);
}

TEST_CASE("cells: what can't be seen, or moves what follows → its number") {
  shows("\xC2\x9B", "<U+009B>", 8, 2);
  shows("\xE2\x80\xAE", "<U+202E>", 8, 3);
  shows("\xE2\x80\xA8", "<U+2028>", 8, 3);
  shows("\xEF\xBB\xBF", "<U+FEFF>", 8, 3);
  shows("\xF3\xA0\x81\x81", "<U+E0041>", 9, 4);
}

TEST_CASE("cells: bytes that aren't UTF-8 → one by one") {
  shows("\xFF", "<FF>", 4, 1);
  shows("\x80\x80", "<80>", 4, 1);
  shows("\xE6\x97", "<E6>", 4, 1);
  shows("\xED\xA0\x80", "<ED>", 4, 1);
}

TEST_CASE("cells: a text → each of its characters") {
  CHECK(harmless("a\x1B[31mé\xFF") == "a␛[31mé<FF>");
  CHECK(harmless("").empty());
}
