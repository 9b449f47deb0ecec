#include "core/json/grammar.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::Exact;
namespace json = edgebatch::json;
using json::Grammar;
using json::Token;

namespace {

using namespace std::literals;

constexpr auto accepted = std::to_array<View>({
    // Structures
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    R"({"a":{}})",
    R"({"":0})",
    R"({"a":1,"a":2})",
    "[1,2,3]",
    "[ ]",
    "{ }",
    " [1] ",
    "\t\n\r [ 1 , 2 ]\n",
    R"( { "a" : 1 , "b" : [ ] } )",
    R"([[[],[]],{"a":[{}]}])",
    "[[1],2]",
    R"([{"a":1},{"b":2}])",
    "[null,1,\"1\",{}]",
    // Literals
    "true",
    "false",
    "null",
    "[true]",
    "[false,null]",
    " null\t",
    // Numbers
    "0",
    "-0",
    "1",
    "-1",
    "123",
    "0.5",
    "-0.5",
    "1.25",
    "0e1",
    "0e+1",
    "0E-1",
    "1e1",
    "1E1",
    "1E+2",
    "1e-2",
    "123.456e78",
    "1e999",
    "-1e-999",
    "123123123123123123123123123123",
    "[0]",
    "[-0]",
    "[1e1 ]",
    "[0.1\n]",
    "{\"a\":-3.7e-5}",
    " 7 ",
    // Strings
    "\"\"",
    "\"a\"",
    R"("\"\\\/\b\f\n\r\t")",
    R"("\u0000")",
    R"("\u12aB")",
    R"("\uFFFF")",
    R"("\ud83d\ude00")",
    R"("\ud800")",
    R"("\udc00\ud800")",
    "\"\x7F\"",
    "\"/\"",
    "\"'\"",
    "\"\xC3\xA9\"",
    "\"\xE2\x80\xA8\"",
    "\"\xF4\x8F\xBF\xBF\"",
    "\"\xEF\xBB\xBF\"",
    R"(["a","b\"]"])",
    R"({"\u0061":"}"})",
    R"({"a\"b":1})",
});

constexpr auto rejected = std::to_array<View>({
    // Nothing, or not enough
    "",
    " ",
    "\n",
    "[",
    "{",
    "[1",
    "[1,",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "\"",
    "\"a",
    "\"\\",
    "\"\\u",
    "\"\\u12",
    "\"\\\"",
    "-",
    "1.",
    "1e",
    "1e+",
    "t",
    "tru",
    "nul",
    "[true",
    // Structures
    "]",
    "}",
    "[}",
    "{]",
    "[1}",
    "{\"a\":1]",
    "[1,]",
    "[,1]",
    "[,]",
    "[1,,2]",
    "[1 2]",
    "[1;2]",
    "{,}",
    "{\"a\":1,}",
    "{\"a\"}",
    "{\"a\" 1}",
    "{\"a\"::1}",
    "{\"a\":}",
    "{1:1}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":1 \"b\":2}",
    "{null:1}",
    "{[]:1}",
    "{\"a\",\"b\"}",
    "[\"a\":1]",
    ":",
    ",",
    "{\"a\":1,,\"b\":2}",
    "{\"a\":1:2}",
    // More than one value
    "[][]",
    "{}{}",
    "1 2",
    "[]1",
    "\"\"\"\"",
    "nulltrue",
    "null,",
    "[1]]",
    "{}}",
    "1,",
    "[] x",
    "/**/1",
    "1//",
    "#1",
    "[1/**/]",
    // Literals
    "True",
    "NULL",
    "nan",
    "NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "truee",
    "[tru]",
    "[nulL]",
    "fals e",
    // Numbers
    "+1",
    "01",
    "-01",
    "00",
    "0x1",
    ".5",
    "-.5",
    "1.e1",
    "1..2",
    "1.2.3",
    "1e1.5",
    "1e1e1",
    "--1",
    "1-",
    "1+1",
    "1_000",
    "1e++1",
    "[1.]",
    "[-]",
    "[1e]",
    "[0e]",
    "[0.e1]",
    "[- 1]",
    "1 000",
    "0a",
    "1a",
    "\xEF\xBC\x91",
    // Strings
    "'a'",
    "\"\t\"",
    "\"\n\"",
    "\"\r\"",
    "\"a\x1F\"",
    R"("\a")",
    R"("\x41")",
    R"("\u")",
    R"("\u00g0")",
    R"("\u 123")",
    R"("\U0041")",
    R"("\')",
    R"("\)",
    "\"\\\n\"",
    "a",
    "\\\"a\\\"",
    "\"a\" \"b\"",
    "\"\\ud83d\\u\"",
    // Bytes that aren't JSON's whitespace
    "\xEF\xBB\xBF{}",
    "\xC2\xA0[]",
    "[\xE2\x80\xA8]",
    "\f1",
    "\v1",
    "[1]\b",
    "\x1B[]",
});

// With NUL bytes, which a C string would end at.
constexpr auto rejected_with_nul =
    std::to_array<View>({"\0"sv, "[]\0"sv, "[\0]"sv, "\"\0\""sv, "1\0"sv, "{\"a\0\":1}"sv});

constexpr auto invalid_utf8 = std::to_array<View>({
    "\"\xFF\"",
    "\"\x80\"",
    "\"\xC3\"",
    "\"\xC0\x80\"",
    "\"\xE0\x80\xAF\"",
    "\"\xED\xA0\x80\"",
    "\"\xF4\x90\x80\x80\"",
    "{\"\xE9\":1}",
    "[\"\xE2\x80\"]",
});

// Cut behind every byte, so that nothing is read further than a byte.
bool accepts_byte_by_byte(View text) {
  Grammar grammar;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Exact piece(text.substr(i, 1));
    for (std::size_t at = 0; at < 1;)
      if (grammar.next(piece.view(), at) == Token::error) return false;
  }
  return grammar.complete();
}

Bytes nested(std::size_t levels, View open, View inner, View close) {
  Bytes text;
  for (std::size_t i = 0; i < levels; ++i) text += open;
  text += inner;
  for (std::size_t i = 0; i < levels; ++i) text += close;
  return text;
}

/// A token, and where it stands: at its byte, or behind the scalar that ends, or at the byte that
/// is wrong.
struct Told {
  Token token;
  std::size_t at;
  unsigned level;
  bool operator==(const Told&) const = default;
};

// In pieces of so many bytes.
std::vector<Told> told(View text, std::size_t piece_bytes,
                       unsigned levels_max = json::nesting_max) {
  std::vector<Told> all;
  Grammar grammar(levels_max);
  for (std::size_t begin = 0; begin < text.size(); begin += piece_bytes) {
    const Exact piece(text.substr(begin, piece_bytes));
    for (std::size_t at = 0;;) {
      const Token token = grammar.next(piece.view(), at);
      if (token == Token::none) break;
      const bool behind = token != Token::scalar_end && token != Token::error;
      all.push_back({token, begin + at - (behind ? 1 : 0), grammar.level()});
      if (token == Token::error) return all;
    }
  }
  return all;
}

struct Wrong {
  std::size_t at;
  json::Flaw flaw;
  bool operator==(const Wrong&) const = default;
};

Wrong wrong(View text) {
  Grammar grammar;
  const Exact exact(text);
  for (std::size_t at = 0;;) {
    const Token token = grammar.next(exact.view(), at);
    if (token == Token::error) return {at, grammar.flaw()};
    if (token == Token::none) return {text.size(), json::Flaw::none};
  }
}

}  // namespace

TEST_CASE("grammar: a text of RFC 8259 → accepted") {
  for (const View text : accepted) {
    CAPTURE(text);
    const Exact exact(text);
    CHECK(json::valid(exact.view()));
    CHECK(accepts_byte_by_byte(exact.view()));
  }
}

TEST_CASE("grammar: anything else → rejected") {
  for (const View text : rejected) {
    CAPTURE(text);
    const Exact exact(text);
    CHECK_FALSE(json::valid(exact.view()));
    CHECK_FALSE(accepts_byte_by_byte(exact.view()));
  }
  for (const View text : rejected_with_nul) {
    CHECK_FALSE(json::valid(Exact(text).view()));
    CHECK_FALSE(accepts_byte_by_byte(text));
  }
}

TEST_CASE("grammar: invalid UTF-8 → rejected, and said to be that") {
  using enum json::Flaw;
  for (const View text : invalid_utf8) {
    CAPTURE(text);
    CHECK_FALSE(accepts_byte_by_byte(text));
    CHECK_FALSE(json::valid(Exact(text).view()));
    CHECK(wrong(text).flaw == not_utf8);
  }
  // At the byte that can't stand there, in long runs and short ones, in front of other errors.
  CHECK(wrong("\"\xFF\"") == Wrong{1, not_utf8});
  CHECK(wrong("\"a\xE2\x82\"") == Wrong{4, not_utf8});
  CHECK(wrong("\"" + Bytes(40, 'a') + "\xE2\x82\xAC" + Bytes(40, 'b') + "\xC3z\x01\"") ==
        Wrong{85, not_utf8});
  CHECK(wrong("\"\xE2\\n\"") == Wrong{2, not_utf8});
  CHECK(wrong("\"\x01\xFF\"") == Wrong{1, not_json});
  // Outside of strings no character above ASCII can stand, and some bytes not even as a part of
  // one.
  CHECK(wrong("[\xC3\xA9]") == Wrong{1, not_json});
  CHECK(wrong("[\xA9]") == Wrong{1, not_utf8});
  CHECK(wrong("[1\xF5]") == Wrong{2, not_utf8});
}

TEST_CASE("grammar: a text that ends inside of a character → seen") {
  for (const View text : {"\"\xC3"sv, "\"a\xF0\x9F\x98"sv}) {
    Grammar grammar;
    std::size_t at = 0;
    while (grammar.next(text, at) != Token::none) continue;
    CHECK(grammar.in_character());
    CHECK_FALSE(grammar.complete());
  }
}

TEST_CASE("grammar: nesting at the limit → accepted; above → too deep") {
  for (const bool object : {false, true}) {
    const View open = object ? R"({"a":)" : "[";
    const View close = object ? "}" : "]";
    CAPTURE(object);
    CHECK(json::valid(nested(json::nesting_max - 1, open, "1", close)));
    CHECK(json::valid(nested(json::nesting_max, open, "1", close)));
    CHECK_FALSE(json::valid(nested(json::nesting_max + 1, open, "1", close)));

    const Bytes too_deep = nested(json::nesting_max + 1, open, "", "");
    CHECK(wrong(too_deep) == Wrong{too_deep.size() - open.size(), json::Flaw::too_deep});
  }
}

TEST_CASE("grammar: arrays and objects mixed at every level → each is closed by its own bracket") {
  Bytes open;
  Bytes close;
  for (unsigned level = 0; level < json::nesting_max; ++level) {
    const bool object = level % 3 == 1;
    open += object ? R"({"a":)" : "[";
    close.insert(close.begin(), object ? '}' : ']');
  }
  CHECK(json::valid(open + "0" + close));
  for (std::size_t i = 0; i < close.size(); ++i) {
    Bytes other = close;
    other[i] = other[i] == '}' ? ']' : '}';
    CHECK_FALSE(json::valid(open + "0" + other));
  }
}

TEST_CASE("grammar: a limit of its own → counts levels") {
  CHECK(json::valid("1", 0));
  CHECK_FALSE(json::valid("[]", 0));
  CHECK(json::valid("[{}]", 2));
  CHECK_FALSE(json::valid("[{\"a\":[]}]", 2));
  CHECK(json::valid("[[],[[]],{}]", 3));
}

TEST_CASE("grammar: tokens → at the bytes that make them, with their levels, however it is cut") {
  using enum Token;
  for (const std::size_t piece_bytes : {1U, 2U, 3U, 7U, 100U}) {
    CAPTURE(piece_bytes);
    CHECK(told(R"({"a":1})", piece_bytes) == std::vector<Told>{{object_begin, 0, 0},
                                                               {key_begin, 1, 1},
                                                               {key_end, 3, 1},
                                                               {scalar_begin, 5, 1},
                                                               {scalar_end, 6, 1},
                                                               {object_end, 6, 0}});
    CHECK(told(R"(["\n",])", piece_bytes) ==
          std::vector<Told>{
              {array_begin, 0, 0}, {string_begin, 1, 1}, {string_end, 4, 1}, {error, 6, 1}});
    CHECK(told("[12 , -0.5e+1]", piece_bytes) == std::vector<Told>{{array_begin, 0, 0},
                                                                   {scalar_begin, 1, 1},
                                                                   {scalar_end, 3, 1},
                                                                   {scalar_begin, 6, 1},
                                                                   {scalar_end, 13, 1},
                                                                   {array_end, 13, 0}});
    CHECK(told("null x1", piece_bytes) ==
          std::vector<Told>{{scalar_begin, 0, 0}, {scalar_end, 4, 0}, {error, 5, 0}});
    CHECK(told("7", piece_bytes) == std::vector<Told>{{scalar_begin, 0, 0}});
  }
}

TEST_CASE("grammar: levels above those wanted → followed, but not told") {
  using enum Token;
  const View text = R"({"a":[1,{"b":"c"}],"d":[[2],"\u0041"]})";
  for (const std::size_t piece_bytes : {1U, 5U, 100U}) {
    CAPTURE(piece_bytes);
    CHECK(told(text, piece_bytes, 0) ==
          std::vector<Told>{{object_begin, 0, 0}, {object_end, 37, 0}});
    CHECK(told(text, piece_bytes, 1) == std::vector<Told>{{object_begin, 0, 0},
                                                          {key_begin, 1, 1},
                                                          {key_end, 3, 1},
                                                          {array_begin, 5, 1},
                                                          {array_end, 17, 1},
                                                          {key_begin, 19, 1},
                                                          {key_end, 21, 1},
                                                          {array_begin, 23, 1},
                                                          {array_end, 36, 1},
                                                          {object_end, 37, 0}});
  }
  CHECK(told("[[[1}]]", 100, 0).back() == Told{error, 4, 3});
}

TEST_CASE("plain_prefix: up to a quote, a backslash or a control character, wherever it stands") {
  const auto size = [](View text, bool ascii_expected = true) {
    bool ascii = true;
    const std::size_t found = json::plain_prefix(Exact(text).view(), ascii);
    CHECK(ascii == ascii_expected);
    return found;
  };
  CHECK(size("") == 0);
  CHECK(size("abc") == 3);
  CHECK(size("ab\xC3\xA9 \x7F\"c", false) == 6);
  for (std::size_t length = 0; length < 70; ++length) {
    for (const char special : {'"', '\\', '\n', '\0', '\x1F'}) {
      CHECK(size(Bytes(length, 'a') + special + Bytes(20, '"')) == length);
      CHECK(size(Bytes(length, '~') + special + "\xC3\xA9") ==
            length);  // What stands behind isn't looked at.
    }
    CHECK(size(Bytes(length, ' ') + "\xC3\xA9" + Bytes(length, 'b'), false) == 2 * length + 2);
  }
}
