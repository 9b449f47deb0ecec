#include "core/json/writer.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::Writer;
using edgebatch::support::Exact;

namespace {

Bytes quoted(View text) {
  Bytes out = "before";
  edgebatch::json::append_string(out, Exact(text).view());
  CHECK(out.starts_with("before"));
  CHECK(edgebatch::json::valid(View(out).substr(6)));
  return out.substr(6);
}

}  // namespace

TEST_CASE("append_string: a text → a JSON string") {
  CHECK(quoted("") == "\"\"");
  CHECK(quoted("abc / 'x'") == "\"abc / 'x'\"");
  CHECK(quoted("\"\\") == R"("\"\\")");
  CHECK(quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(quoted(View("\0\x01\x0F\x10\x1F\x7F", 6)) == "\"\\u0000\\u0001\\u000f\\u0010\\u001f\x7F\"");
  CHECK(quoted("\xC3\xA9\xF0\x9F\x98\x80") == "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST_CASE("append_string: separators that end lines elsewhere → escaped; their neighbours stay") {
  CHECK(quoted("a\xE2\x80\xA8"
               "b") == R"("a\u2028b")");
  CHECK(quoted("\xE2\x80\xA9\xE2\x80\xA9") == R"("\u2029\u2029")");
  CHECK(quoted("\xC2\x85") == R"("\u0085")");
  CHECK(quoted("\n\xC2\x85\n") == R"("\n\u0085\n")");
  CHECK(quoted("\xE2\x80\xA7\xE2\x80\xAA\xC2\x84\xC2\x86\xE2\x82\xA8") ==
        "\"\xE2\x80\xA7\xE2\x80\xAA\xC2\x84\xC2\x86\xE2\x82\xA8\"");
}

TEST_CASE("append_string: invalid UTF-8 → U+FFFD") {
  CHECK(quoted("a\xFF"
               "b") ==
        "\"a\xEF\xBF\xBD"
        "b\"");
  CHECK(quoted("\xE2\x80") == "\"\xEF\xBF\xBD\"");
  CHECK(quoted("\xC3") == "\"\xEF\xBF\xBD\"");
  CHECK(quoted("\xC3\n") == "\"\xEF\xBF\xBD\\n\"");
}

TEST_CASE("writer: nested containers → commas where they belong") {
  Writer out;
  out.begin_object();
  out.key("a").begin_array();
  out.integer(1).integer(2);
  out.begin_array().end_array();
  out.begin_object().end_object();
  out.begin_object().key("x").null().key("y").boolean(true).end_object();
  out.string("s").end_array();
  out.key("b").begin_object().end_object();
  out.key("c").raw("[ 1 ]").key("d").boolean(false);
  out.end_object();
  const Bytes text = out.take();
  CHECK(text == R"({"a":[1,2,[],{},{"x":null,"y":true},"s"],"b":{},"c":[ 1 ],"d":false})");
  CHECK(edgebatch::json::valid(text));
}

TEST_CASE("writer: members → each kind of value, null where absent") {
  const Bytes owned = "owned";
  Writer out;
  out.begin_object();
  out.member("view", View("v")).member("literal", "l").member("owned", owned);
  out.member("some", std::optional<Bytes>("x")).member("none", std::optional<Bytes>());
  out.integer_member("i", -5).integer_member("j", std::optional<std::int64_t>(7));
  out.integer_member("k", std::optional<std::int64_t>()).null_member("n").member("q\"", "");
  out.end_object();
  CHECK(out.take() == R"({"view":"v","literal":"l","owned":"owned","some":"x","none":null,)"
                      R"("i":-5,"j":7,"k":null,"n":null,"q\"":""})");
}

TEST_CASE("writer: integers → all of 64 bits") {
  Writer out;
  out.begin_array();
  out.integer(std::numeric_limits<std::int64_t>::min()).integer(0);
  out.integer(std::numeric_limits<std::int64_t>::max()).end_array();
  CHECK(out.take() == "[-9223372036854775808,0,9223372036854775807]");
}

TEST_CASE("writer: taken → empty, and the next text starts without a comma") {
  Writer out;
  out.begin_array().integer(1).end_array();
  CHECK(out.take() == "[1]");
  CHECK(out.begin_object().end_object().take() == "{}");
  CHECK(out.take().empty());
}
