#include "core/ndjson/compact.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/json_maker.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::Value;
using edgebatch::ndjson::append_compact;
using edgebatch::support::Exact;
using edgebatch::support::JsonMaker;

namespace {

using namespace std::literals;

std::optional<Bytes> compact(View text) {
  Bytes out = "before";
  const bool done = append_compact(out, Exact(text).view());
  CHECK(out.starts_with("before"));
  if (!done) {
    CHECK(out == "before");
    return std::nullopt;
  }
  return out.substr(6);
}

// The text with the escapes of lone surrogates replaced: written anew, in the simplest way.
Bytes without_lone_surrogates(View text) {
  const auto unit = [&](std::size_t at) -> unsigned {
    if (at + 6 > text.size() || !text.substr(at).starts_with("\\u")) return 0;
    return static_cast<unsigned>(std::stoul(Bytes(text.substr(at + 2, 4)), nullptr, 16));
  };
  const auto high = [&](std::size_t at) { return unit(at) >= 0xD800 && unit(at) < 0xDC00; };
  const auto low = [&](std::size_t at) { return unit(at) >= 0xDC00 && unit(at) < 0xE000; };
  Bytes out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = text[at] == '\\' ? 2 : 1;
    if (high(at) && low(at + 6)) {
      size = 12;
    } else if (high(at) || low(at)) {
      out += "\xEF\xBF\xBD";
      at += 6;
      continue;
    }
    out += text.substr(at, size);
    at += size;
  }
  return out;
}

}  // namespace

TEST_CASE("compact: whitespace between tokens → gone; inside strings it stays") {
  CHECK(compact(" { \"a b\" :\t[ 1 ,\r\n 2 ] , \"c\" : \" x \" }\n") ==
        R"({"a b":[1,2],"c":" x "})");
  CHECK(compact("\n1 ") == "1");
  CHECK(compact(" null\r\n") == "null");
  CHECK(compact("[]") == "[]");
}

TEST_CASE("compact: numbers → byte for byte") {
  const View numbers =
      "[0,-0,-0.0,1.0,1.50,1E+02,1e-9,0.1e-7,9007199254740993,18446744073709551616,1e999]";
  CHECK(compact(numbers) == numbers);
}

// Which of them a reader takes is its own affair: both are what the provider said.
TEST_CASE("compact: a name twice → both stay, in their order") {
  CHECK(compact(R"({ "a": 1, "a": [2], "b": {"c": 3, "c": 4} })") ==
        R"({"a":1,"a":[2],"b":{"c":3,"c":4}})");
}

TEST_CASE("compact: escapes → as they are, names too") {
  const View text = R"({"\u0041\"\\\/\b\f\n\r\t":"\u2028\u2029\u0085\u000a\u000D\u0000\u00e9"})";
  CHECK(compact(text) == text);
}

TEST_CASE("compact: separators of Unicode in strings → escaped, their neighbours stay") {
  CHECK(compact("\"a\xE2\x80\xA8"
                "b\xE2\x80\xA9"
                "c\xC2\x85"
                "d\"") == R"("a\u2028b\u2029c\u0085d")");
  CHECK(compact("{\"\xC2\x85\":\"\\\\\xE2\x80\xA8\"}") == R"({"\u0085":"\\\u2028"})");
  const View neighbours = "\"\xE2\x80\xA7\xE2\x80\xAA\xC2\x84\xC2\x86\xE1\x80\xA8\xE2\x81\xA8\"";
  CHECK(compact(neighbours) == neighbours);
}

TEST_CASE("compact: surrogate escapes → pairs stay, lone ones become U+FFFD") {
  constexpr auto stay = std::to_array<View>({R"("\ud83d\ude00")", R"("\uD83D\uDE00")",
                                             R"("\udbff\udfff\ud800\udc00")", R"("\\ud800")",
                                             R"("\ud7ff\ue000")", R"("\u0d80")"});
  for (const View text : stay) {
    CAPTURE(text);
    CHECK(compact(text) == text);
  }
  CHECK(compact(R"("\ud800")") == "\"\xEF\xBF\xBD\"");
  CHECK(compact(R"("\uDFFF")") == "\"\xEF\xBF\xBD\"");
  CHECK(compact(R"("\uDBFF")") == "\"\xEF\xBF\xBD\"");
  CHECK(compact(R"("\uDabc\uDC00")") == R"("\uDabc\uDC00")");
  CHECK(compact(R"({"\ud800x":1})") == "{\"\xEF\xBF\xBDx\":1}");
  CHECK(compact(R"("\ud83d\ud83d\ude00")") == "\"\xEF\xBF\xBD\\ud83d\\ude00\"");
  CHECK(compact(R"("\ude00\ud83d")") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  CHECK(compact(R"("\ud83d\ude00\ude00")") == "\"\\ud83d\\ude00\xEF\xBF\xBD\"");
  CHECK(compact(R"("\ud83d\n\ude00")") == "\"\xEF\xBF\xBD\\n\xEF\xBF\xBD\"");
  CHECK(compact(R"("\ud83d ude00")") == "\"\xEF\xBF\xBD ude00\"");
  CHECK(compact(R"("\\\ud83d")") == "\"\\\\\xEF\xBF\xBD\"");
}

TEST_CASE("compact: what isn't one valid JSON value → false, and nothing appended") {
  for (const View text : {""sv,
                          " "sv,
                          "{"sv,
                          "[1,]"sv,
                          "{\"a\":1}}"sv,
                          "1 2"sv,
                          "\"a"sv,
                          "\"\\"sv,
                          "\"\\u12"sv,
                          "\"\\ud83d"sv,
                          "\"\\ud83d\\"sv,
                          "\"\\ud83d\\u"sv,
                          "\"\\ud83d\\ude0"sv,
                          "\"\\ud83d\\ude0g\""sv,
                          "\"\\ud8\""sv,
                          "\"\\x\""sv,
                          "\"\n\""sv,
                          "[\xE2\x80\xA8]"sv,
                          "\xEF\xBB\xBF{}"sv,
                          "\"\xFF\""sv,
                          "\"\xC3\""sv,
                          "\"\xED\xA0\x80\""sv,
                          "[1]\0"sv,
                          "{\"a\":1 \"b\":2}"sv,
                          "nulll"sv}) {
    CAPTURE(text);
    CHECK_FALSE(compact(text));
  }
}

TEST_CASE("compact: nesting at the limit → fine; above → false") {
  using edgebatch::json::nesting_max;
  const auto nested = [](std::size_t levels) { return Bytes(levels, '[') + Bytes(levels, ']'); };
  CHECK(compact(nested(nesting_max)) == nested(nesting_max));
  CHECK_FALSE(compact(nested(nesting_max + 1)));
}

TEST_CASE("compact: any text → the same value on one line, and compact already") {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    const Bytes text = JsonMaker(seed).text();
    CAPTURE(seed, text);
    const auto once = compact(text);
    REQUIRE(once);
    CHECK(compact(*once) == once);

    const auto before = Value::parse(without_lone_surrogates(text));
    const auto after = Value::parse(*once);
    REQUIRE(before);
    REQUIRE(after);
    CHECK(after->canonical() == before->canonical());

    for (const View separator : {"\n", "\r", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xC2\x85"}) {
      CHECK(once->find(separator) == Bytes::npos);
    }
  }
}

TEST_CASE("compact: any text with a byte changed → false, or still compact") {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    JsonMaker random(seed);
    Bytes text = random.text();
    text[static_cast<std::size_t>(random.below(text.size()))] =
        static_cast<char>(random.below(256));
    CAPTURE(seed, text);
    const auto once = compact(text);
    CHECK(once.has_value() == edgebatch::json::valid(text));
    if (once) CHECK(compact(*once) == once);
  }
}
