#include "core/validation/text_capture.hpp"

#include <catch_amalgamated.hpp>

using edgebatch::validation::TextCapture;

TEST_CASE("text_capture: pieces of a literal's inside → its text, once finished") {
  TextCapture capture(8);
  capture.feed("a\\");
  capture.feed("u00");
  capture.feed("e9\\ud83d");
  CHECK(capture.text() == "a\xC3\xA9");
  capture.finish();
  CHECK(capture.text() == "a\xC3\xA9\xEF\xBF\xBD");
  CHECK_FALSE(capture.too_long());
}

TEST_CASE("text_capture: more than fits → whole characters only, and never more again") {
  TextCapture capture(4);
  capture.feed("abc\xF0\x9F\x98");
  CHECK(capture.too_long());
  CHECK(capture.text() == "abc");
  capture.feed("\x80xyz");
  capture.finish();
  CHECK(capture.text() == "abc");
}

TEST_CASE("text_capture: no room at all → nothing is kept") {
  TextCapture capture(0);
  capture.finish();
  CHECK_FALSE(capture.too_long());
  capture.feed("\xC3\xA9");
  CHECK(capture.too_long());
  CHECK(capture.text().empty());
}
