#include <catch_amalgamated.hpp>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

using edgebatch::Bytes;
namespace json = edgebatch::json;

TEST_CASE("unescape: escapes → the characters they stand for") {
  CHECK(json::unescape("").empty());
  CHECK(json::unescape("abc \xC3\xA9") == "abc \xC3\xA9");
  CHECK(json::unescape(R"(\"\\\/\b\f\n\r\t)") == "\"\\/\b\f\n\r\t");
  CHECK(json::unescape(R"(\u0041\u00e9\u20AC)") == "A\xC3\xA9\xE2\x82\xAC");
  CHECK(json::unescape(R"(\u0000)") == Bytes(1, '\0'));
  CHECK(json::unescape(R"(\ud83d\ude00)") == "\xF0\x9F\x98\x80");
  CHECK(json::unescape(R"(\uDBFF\uDFFF)") == "\xF4\x8F\xBF\xBF");
  CHECK(json::unescape(R"(\u0062ody)") == "body");
  CHECK(json::unescape(R"(\\u0041)") == R"(\u0041)");
}

TEST_CASE("unescape: lone surrogates → U+FFFD each, and nothing else is lost") {
  const Bytes lone = "\xEF\xBF\xBD";
  CHECK(json::unescape(R"(\ud800)") == lone);
  CHECK(json::unescape(R"(\udc00)") == lone);
  CHECK(json::unescape(R"(a\ud800b)") == "a" + lone + "b");
  CHECK(json::unescape(R"(\ud800\n)") == lone + "\n");
  CHECK(json::unescape(R"(\ud800\u0041)") == lone + "A");
  CHECK(json::unescape(R"(\ud800\ud800)") == lone + lone);
  CHECK(json::unescape(R"(\udc00\ud800)") == lone + lone);
  CHECK(json::unescape(R"(\ud83d\ud83d\ude00)") == lone + "\xF0\x9F\x98\x80");
  CHECK(json::unescape(R"(\ud83d\ude00\ude00)") == "\xF0\x9F\x98\x80" + lone);
}
