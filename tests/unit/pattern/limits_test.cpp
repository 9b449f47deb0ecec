#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/pattern/parser.hpp"
#include "core/pattern/program.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/utf8.hpp"

#include "tests/support/patterns.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::flaw_of;
using edgebatch::support::found;
using namespace edgebatch::pattern;

namespace {

Bytes times(View text, std::size_t count) {
  Bytes out;
  for (; count > 0; --count) out += text;
  return out;
}

Bytes repeated(View body, std::size_t count) {
  return Bytes(body).append("{").append(edgebatch::text::decimal(count)).append("}");
}

Bytes words_of(View pattern) {
  const auto flaw = flaw_of(pattern);
  return flaw ? flaw->message : "";
}

bool says(View pattern, View words) { return words_of(pattern).find(words) != Bytes::npos; }

// A different character for each index.
Bytes character(std::size_t index) {
  Bytes out;
  edgebatch::text::append_utf8(out, static_cast<char32_t>(0x4E00 + index));
  return out;
}

}  // namespace

TEST_CASE("pattern: as long as may be, and a byte longer → accepted, refused") {
  CHECK(flaw_of("(?:" + Bytes(source_bytes_max - 4, 'a') + ")") == std::nullopt);
  const Bytes longer = "(?:" + Bytes(source_bytes_max - 3, 'a') + ")";
  CHECK(says(longer, "too long; at most 8192 bytes"));
  CHECK(flaw_of(longer)->offset == source_bytes_max);
}

TEST_CASE("pattern: groups as deep as may be, and deeper → accepted, refused") {
  const auto nested = [](std::size_t depth) {
    return times("(", depth) + "a" + times(")+", depth);
  };
  CHECK(found(nested(nested_groups_count_max), "a") == true);
  CHECK(says(nested(nested_groups_count_max + 1), "nested too deep; at most 64"));
  CHECK(flaw_of(nested(nested_groups_count_max + 1))->offset == nested_groups_count_max);
  CHECK(flaw_of(times("(a)", 500)) == std::nullopt);
}

TEST_CASE("pattern: repetitions that written out are as large as may be, and larger") {
  // One position more says that it was found.
  CHECK(flaw_of(repeated("a", positions_count_max - 1)) == std::nullopt);
  CHECK(says(repeated("a", positions_count_max), "more than 8192 characters and sets"));
  CHECK(says(repeated("a", positions_count_max), "maxLength"));
  CHECK(flaw_of(repeated("a", positions_count_max))->offset == 0);
  for (const View huge :
       {"a{1,100000}", "(?:a{0,1000}){0,1000}", "((a{9}){9}){9}{9}", "a{99999999999999999999}",
        "((((((((a{99}){99}){99}){99}){99}){99}){99}){99}", "(?:a?){100000}",
        "(?:a|^){4294967295}"})
    CHECK(flaw_of(huge).has_value());
  CHECK(found("^.{1,5000}$", Bytes(5000, 'a')) == true);
  CHECK(found("^.{1,5000}$", Bytes(5001, 'a')) == false);
  CHECK(found("^(?:[a-z]{1,63}\\.){1,8}[a-z]{2,63}$", "www.example.org") == true);
}

TEST_CASE("pattern: as many assertions as may be, and more") {
  CHECK(flaw_of(repeated("(?:\\ba)", assertions_count_max)) == std::nullopt);
  CHECK(says(repeated("(?:\\ba)", assertions_count_max + 1), "more than 128 of ^, $, \\b and \\B"));
}

TEST_CASE("pattern: as many jumps as may be, and more") {
  // From either of two ends to either of two beginnings: two parts for each copy but the first, and
  // those that lead to the end.
  CHECK(flaw_of(repeated("(?:ab|cd)", jump_parts_count_max / 2)) == std::nullopt);
  CHECK(says(repeated("(?:ab|cd)", jump_parts_count_max / 2 + 50), "too many ways to go on"));
}

TEST_CASE("pattern: too many different sets → refused") {
  const auto all_but = [](std::size_t count) {
    Bytes out;
    for (std::size_t i = 0; i < count; ++i) out += "[^" + character(i) + "]";
    return out;
  };
  CHECK(flaw_of(all_but(1000)) == std::nullopt);
  CHECK(says(all_but(1360) + "{600}", "too many different sets"));
}

TEST_CASE("pattern: a thousand different characters → each is told from the others") {
  Bytes list;
  for (std::size_t i = 0; i < 1000; ++i) list += (i == 0 ? "" : "|") + character(2 * i) + "x";
  const Bytes pattern = "^(?:" + list + ")$";
  CHECK(found(pattern, character(1998) + "x") == true);
  CHECK(found(pattern, character(1997) + "x") == false);
  CHECK(found(pattern, character(0) + "x") == true);
  CHECK(found(pattern, character(2000) + "x") == false);
}
