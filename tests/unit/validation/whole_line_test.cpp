#include "core/validation/whole_line.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>

#include "core/json/whole_tokens.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/line_facts.hpp"
#include "tests/unit/validation/scanning.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::validation;

namespace {

const Bytes behind(64, ' ');  // So that nothing is too close to the end.

bool is_whole(View line, View rest = behind) {
  WholeLine whole;
  Line found;
  const auto size = whole.read(Exact(Bytes(line) + "\n" + Bytes(rest)).view(), found);
  if (!size) return false;
  CHECK(*size == line.size());
  // What the reader says of it, which takes any line.
  found.length = *size;
  found.number = 1;
  Scan by_bytes;
  for (const char& byte : line) by_bytes.feed(View(&byte, 1));
  CHECK(facts(by_bytes.finish()) == facts(found));
  return true;
}

}  // namespace

TEST_CASE("whole_line: usual lines → read, as the line reader does") {
  CHECK(is_whole("{}"));
  CHECK(is_whole(" { } \r"));
  CHECK(is_whole(request));
  CHECK(is_whole(
      R"({"custom_id":"é€😀","body":{"x":["é"],"model":"\u00e9\\"},"url":"\/v1","a":-0.5e+1})"));
  CHECK(is_whole(R"({"body":[1,22,[],{"a":[{}]},333,"x"],"method":null,"b":true,"c":false})"));
  CHECK(is_whole(R"({"body":"no object","custom_id":0})"));
}

TEST_CASE("whole_line: whatever is unusual → left to the line reader") {
  for (const View line : {"",
                          " ",
                          "[]",
                          "1",
                          "{",
                          "}",
                          "{}}",
                          R"({"a":1,})",
                          R"({"a":1 "b":2})",
                          R"({"a" 1})",
                          R"({"a":01})",
                          R"({"a":-})",
                          R"({"a":1.})",
                          R"({"a":1e})",
                          R"({"a":tru})",
                          R"({"a":[1}})",
                          R"({"a":[{"b":1]})",
                          R"({"a":{"b":[}]})",
                          R"({"a":[1,,2]})",
                          R"({"a":[1,02,3]})",
                          R"({"a":"\x"})",
                          R"({"a":"\u12g4"})",
                          "{\"a\":\"\x01\"}",
                          "{\"a\":\"\xC3\"}",
                          "{\"a\":\"\xED\xA0\x80\"}",
                          R"({"a":1,"a":2})",
                          R"({"url":1,"url":2})",
                          R"({"body":{"x":1,"x":2}})",
                          R"({"\u0061":1})"}) {
    CAPTURE(line);
    CHECK_FALSE(is_whole(line));
  }
  CHECK_FALSE(is_whole(R"({"custom_id":")" + Bytes(captured_bytes_max + 1, 'x') + "\"}"));
  CHECK_FALSE(is_whole("{\"" + Bytes(name_bytes_max + 1, 'n') + "\":1}"));
}

TEST_CASE("whole_line: too close to the piece's end to tell → left to the line reader") {
  CHECK_FALSE(is_whole("{}", ""));
  CHECK_FALSE(is_whole("{}", Bytes(edgebatch::json::lookahead - 2, ' ')));
  CHECK(is_whole("{}", Bytes(edgebatch::json::lookahead - 1, ' ')));
  WholeLine whole;
  Line found;
  CHECK_FALSE(whole.read(Exact("{\"a\":\"" + Bytes(100, 'x')).view(), found));
  CHECK_FALSE(whole.read("", found));
}
