#include <catch_amalgamated.hpp>

#include "core/text/bytes.hpp"

#include "tests/support/patterns.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::found;

TEST_CASE("pattern: it matches anywhere → found") {
  CHECK(found("", "") == true);
  CHECK(found("", "abc") == true);
  CHECK(found("b", "abc") == true);
  CHECK(found("b", "ac") == false);
  CHECK(found("aab", "aaab") == true);
  CHECK(found("a|b|cd", "xcd") == true);
  CHECK(found("a|b|cd", "xc") == false);
  CHECK(found("|x", "") == true);
  CHECK(found("(?:)", "") == true);
  CHECK(found("[]", "a") == false);
  CHECK(found("[^]", "\n") == true);
  CHECK(found("[^]", "") == false);
}

TEST_CASE("pattern: the start and the end of the text → of the whole text, not of its lines") {
  CHECK(found("^b", "ab") == false);
  CHECK(found("^b", "a\nb") == false);
  CHECK(found("a$", "a\n") == false);
  CHECK(found("^$", "") == true);
  CHECK(found("^$", "a") == false);
  CHECK(found("^a$", "a") == true);
  CHECK(found("^^a$$", "a") == true);
  CHECK(found("a^b", "ab") == false);
  CHECK(found("a$b", "ab") == false);
  CHECK(found("(?:^|,)b(?:,|$)", "a,b") == true);
  CHECK(found("(?:^|,)b(?:,|$)", "ab") == false);
  CHECK(found("(?:a|^)b", "cb") == false);
  CHECK(found("(?:^a|b)*$", "abb") == true);
}

TEST_CASE("pattern: boundaries of words → between ASCII words and all else") {
  CHECK(found("\\bfoo\\b", "a foo b") == true);
  CHECK(found("\\bfoo\\b", "foo") == true);
  CHECK(found("\\bfoo\\b", "food") == false);
  CHECK(found("\\bfoo\\b",
              "\xC3\xA9"
              "foo\xC3\xA9") == true);
  CHECK(found("\\B", "") == true);
  CHECK(found("\\b", "") == false);
  CHECK(found("\\B", "a") == false);
  CHECK(found("\\b", "-") == false);
  CHECK(found("a\\Bb", "ab") == true);
  CHECK(found("a\\bb", "ab") == false);
  CHECK(found("\\b\\B", "a b") == false);
  CHECK(found("a\\b\\b$", "a") == true);
  CHECK(found("\\b^a", "a") == true);
  CHECK(found("(?:\\b|x)+a", "-a") == true);
  CHECK(found("(?:a\\b|b\\B)+$", "ba") == true);
}

TEST_CASE("pattern: repetitions → as often as they say, lazy or not") {
  CHECK(found("^a{3}$", "aa") == false);
  CHECK(found("^a{3}$", "aaa") == true);
  CHECK(found("^a{3}$", "aaaa") == false);
  CHECK(found("^a{2,3}$", "a") == false);
  CHECK(found("^a{2,3}$", "aaa") == true);
  CHECK(found("^a{2,3}$", "aaaa") == false);
  CHECK(found("^a{2,}$", "a") == false);
  CHECK(found("^a{2,}$", "aaaaa") == true);
  CHECK(found("^(ab|c){2,3}?$", "abcab") == true);
  CHECK(found("^a??b$", "b") == true);
  CHECK(found("^a*?b+?$", "aabb") == true);
  CHECK(found("^a{0}b$", "b") == true);
  CHECK(found("^a{0}b$", "ab") == false);
  CHECK(found("^(a{0,2}){2}$", "aaaa") == true);
  CHECK(found("^(a{0,2}){2}$", "aaaaa") == false);
  CHECK(found("^(a?b?){2,}$", "abbba") == true);
  CHECK(found("^(a{2}){2,3}$", "aaaaa") == false);
  CHECK(found("^(a{2}){2,3}$", "aaaaaa") == true);
}

TEST_CASE("pattern: repetitions of what may be empty → end, and match what they should") {
  for (const View pattern :
       {"^(a*)*$", "^(a|b|)*$", "^(?:a?)+$", "^(?:(?:a*)*b*)*$", "^((a+)?)*$"}) {
    CHECK(found(pattern, "") == true);
    CHECK(found(pattern, "aaa") == true);
    CHECK(found(pattern, "aac") == false);
  }
  CHECK(found("(?:^){1000000}a", "a") == true);
  CHECK(found("(?:^){0,1000000}a", "ba") == true);
  CHECK(found("(?:\\b|\\B){3,}a", "a") == true);
  CHECK(found("x(?:\\b){2}y", "xy") == false);
  CHECK(found("(?:){1000000}", "") == true);
  CHECK(found("(?:(?:)*)*", "") == true);
  CHECK(found("^(?:a|(?:^)*){2}$", "a") == true);
}

TEST_CASE("pattern: sets → what ECMA-262 says") {
  CHECK(found("^[a-c_]+$", "ab_c") == true);
  CHECK(found("^[^a-c]$", "d") == true);
  CHECK(found("^[^a-c]$", "b") == false);
  CHECK(found("^[a-]+$", "a-") == true);
  CHECK(found("^[\\d-x]+$", "0") == std::nullopt);
  CHECK(found("^[\\b]$", "\b") == true);
  CHECK(found("^[^\\d\\s]$", "5") == false);
  CHECK(found("^[^\\D]$", "5") == true);
  CHECK(found("^\\d$", "\xD9\xA3") == false);  // ٣ is a digit, but not an ASCII one.
  CHECK(found("^\\w$", "\xC3\xA9") == false);
  CHECK(found("^\\W$", "\xC3\xA9") == true);
  for (const View space : {" ", "\t", "\n", "\v", "\f", "\r", "\xC2\xA0", "\xE1\x9A\x80",
                           "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
                           "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"}) {
    CHECK(found("^\\s$", space) == true);
    CHECK(found("^\\S$", space) == false);
  }
  CHECK(found("^\\s$", "\xC2\x85") == false);
  CHECK(found("^\\s$", "\xE2\x80\x8B") == false);
}

TEST_CASE("pattern: a dot → any one character but line breaks") {
  CHECK(found("^.$", "a") == true);
  CHECK(found("^.$", "\xF0\x9F\x98\x80") == true);
  CHECK(found("^.$", Bytes(1, '\0')) == true);
  CHECK(found("^.$", "\xC2\x85") == true);
  for (const View line_break : {"\n", "\r", "\xE2\x80\xA8", "\xE2\x80\xA9"})
    CHECK(found("^.$", line_break) == false);
}

TEST_CASE("pattern: escapes → the characters they stand for") {
  CHECK(found("^\\t\\n\\v\\f\\r\\0$", View("\t\n\v\f\r\0", 6)) == true);
  CHECK(found("^\\cA\\cz\\x41\\u0042\\u{43}$",
              "\x01\x1A"
              "ABC") == true);
  CHECK(found("^\\uD83D\\uDE00$", "\xF0\x9F\x98\x80") == true);
  CHECK(found("^[\\uD83D\\uDE00-\\uD83D\\uDE02]$", "\xF0\x9F\x98\x81") == true);
  CHECK(found("^\\u{1F600}$", "\xF0\x9F\x98\x80") == true);
  CHECK(found("\\uD83D", "\xF0\x9F\x98\x80") == false);             // Half of it isn't there.
  CHECK(found("\\u{D83D}\\u{DE00}", "\xF0\x9F\x98\x80") == false);  // These are two.
  CHECK(found("^\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/$", "^$\\.*+?()[]{}|/") == true);
  CHECK(found("^\xF0\x9F\x98\x80?$", "") == true);
}

TEST_CASE("pattern: groups → named or not, the same") {
  CHECK(found("^(?<year>\\d{4})-(?<month>\\d\\d)$", "2024-02") == true);
  CHECK(found("^(?:a(b(?<c>c)))$", "abc") == true);
  CHECK(found("^((((a))))$", "a") == true);
}

TEST_CASE("pattern: compiled once → asked of many texts, moved, it answers each by itself") {
  auto compiled = edgebatch::pattern::Pattern::compile("^\\d+$");
  auto* first = std::get_if<edgebatch::pattern::Pattern>(&compiled);
  CHECK(first != nullptr);
  if (first == nullptr) return;
  CHECK(first->found_in("12"));
  CHECK_FALSE(first->found_in("1x"));
  edgebatch::pattern::Pattern moved = std::move(*first);
  for (int i = 0; i < 3; ++i) {
    CHECK(moved.found_in("7"));
    CHECK_FALSE(moved.found_in(""));
    CHECK_FALSE(moved.found_in("x7"));
  }
}

TEST_CASE("pattern: a text that isn't UTF-8 → answered, and nothing is read behind its end") {
  for (const View text : {"\xF0", "a\xE2\x82", "\x80\x80", "\xFF\xFF", "\xF7\xBF\xBF\xBF"})
    CHECK(found("^[^\xC3\xA9]*$", text).has_value());
}
