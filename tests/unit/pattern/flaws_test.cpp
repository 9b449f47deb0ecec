// What is refused, where, and what is said.
#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"

#include "tests/support/patterns.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::flaw_of;

namespace {

// Whether it is refused there, with these words in the message.
bool refused(View pattern, std::size_t offset, View words) {
  const auto flaw = flaw_of(pattern);
  if (!flaw) return false;
  CAPTURE(pattern, flaw->offset, flaw->message);
  CHECK(flaw->offset == offset);
  CHECK(flaw->message.find(words) != Bytes::npos);
  return true;
}

bool accepted(View pattern) { return !flaw_of(pattern); }

}  // namespace

TEST_CASE("pattern: groups that aren't closed or opened → refused there") {
  CHECK(refused("a(b", 1, "its \")\" is missing"));
  CHECK(refused("a(b(c)", 1, "its \")\" is missing"));
  CHECK(refused("((", 1, "its \")\" is missing"));
  CHECK(refused("ab)", 2, "closes no group; the character itself is \\)"));
  CHECK(refused("(a))", 3, "closes no group"));
  CHECK(refused("\xC3\xA9)", 2, "closes no group"));  // In bytes.
}

TEST_CASE("pattern: brackets and braces by themselves → refused, with how to write them") {
  CHECK(refused("a]", 1, "\\]"));
  CHECK(refused("a}", 1, "\\}"));
  CHECK(refused("a{", 1, "a \"{\" begins a repetition, {2}, {2,} or {2,5}; the character itself"));
  CHECK(refused("{", 0, "\\{"));
  CHECK(refused("a{,5}", 1, "{2,5}"));
  CHECK(refused("a{2", 1, "{2,5}"));
  CHECK(refused("a{2,", 1, "{2,5}"));
  CHECK(refused("a{2,3", 1, "{2,5}"));
  CHECK(refused("a{x}", 1, "{2,5}"));
  CHECK(refused("a{ 2}", 1, "{2,5}"));
  CHECK(refused("[[:alpha:]]", 10, "closes no class"));
}

TEST_CASE("pattern: repetitions of nothing → refused") {
  for (const View nothing : {"*", "+", "?", "{2}", "+?"})
    CHECK(refused(nothing, 0, "nothing stands"));
  CHECK(refused("a|*", 2, "nothing stands before this that could be repeated"));
  CHECK(refused("(*)", 1, "the character itself is \\*"));
  CHECK(refused("a**", 2, "(?:a+)+"));
  CHECK(refused("a+++", 2, "nothing stands"));
  CHECK(refused("a{2}{3}", 4, "the character itself is \\{"));
  CHECK(refused("a???", 3, "nothing stands"));
  CHECK(refused("a{2,1}", 1, "can't be above"));
  CHECK(refused("(?:){99999999999999999999,99999999999999999998}", 4, "can't be above"));
  CHECK(accepted("(?:){99999999999999999998,99999999999999999999}"));
  CHECK(accepted("a{002,2}"));
  CHECK(refused("^*", 1, "can't be repeated"));
  CHECK(refused("a$?", 2, "can't be repeated"));
  CHECK(refused("\\b+", 2, "can't be repeated"));
  CHECK(refused("\\B{2}", 2, "can't be repeated"));
}

TEST_CASE("pattern: classes → what is wrong with them is refused where it begins") {
  CHECK(refused("a[b", 1, "its \"]\" is missing"));
  CHECK(refused("[", 0, "its \"]\" is missing"));
  CHECK(refused("[a-", 0, "its \"]\" is missing"));
  CHECK(refused("[^]x[", 4, "its \"]\" is missing"));
  CHECK(refused("[xb-a]", 2, "behind its last in Unicode"));
  CHECK(refused("[\\d-z]", 1, "a set can't be the end of a range; the hyphen itself is \\-"));
  CHECK(refused("[a-\\w]", 1, "a set can't be"));
  CHECK(refused("[\\p{L}-\\p{N}]", 1, "a set can't be"));
  CHECK(refused("[\\", 1, "ends the pattern"));
  CHECK(refused("[\\B]", 1, "\\B is no escape"));
  CHECK(refused("[\\1]", 1, "octal"));
  CHECK(refused("[\\k]", 1, "\\k is no escape"));
  for (const View good :
       {"[]", "[^]", "[a-]", "[-a]", "[a-a]", "[\\d-]", "[-\\d]", "[\\b\\-\\0]", "[(*]"})
    CHECK(accepted(good));
}

TEST_CASE("pattern: escapes that ECMA-262 doesn't have with u → refused, with what to write") {
  CHECK(refused("a\\", 1, "the character itself is \\\\"));
  CHECK(refused("\\-", 0, "for the character itself leave out the \"\\\""));
  CHECK(refused("\\\"", 0, "leave out"));
  CHECK(refused("\\ ", 0, "leave out"));
  CHECK(refused("a\\\xC3\xA9", 1, "\\\xC3\xA9 is no escape"));
  CHECK(refused("\\A", 0, "the start of the text is ^"));
  CHECK(refused("a\\z", 1, "the end of the text is $"));
  CHECK(refused("a\\Z", 1, "the end of the text is $"));
  CHECK(refused("\\h", 0, "[ \\t]"));
  CHECK(refused("\\a", 0, "\\x07"));
  CHECK(refused("\\e", 0, "\\x1B"));
  CHECK(refused("\\01", 0, "octal escapes aren't allowed; write \\x and two digits"));
  CHECK(refused("\\c", 0, "\\c takes a letter"));
  CHECK(refused("\\c1", 0, "\\c takes a letter"));
  CHECK(refused("\\x", 0, "two hexadecimal digits"));
  CHECK(refused("\\x4", 0, "two hexadecimal digits"));
  CHECK(refused("\\x4g", 0, "two hexadecimal digits"));
  CHECK(refused("\\u", 0, "four hexadecimal digits"));
  CHECK(refused("\\u004", 0, "four hexadecimal digits"));
  CHECK(refused("\\u{}", 0, "\\u{1F600}"));
  CHECK(refused("\\u{41", 0, "\\u{1F600}"));
  CHECK(refused("\\u{4g}", 0, "\\u{1F600}"));
  CHECK(refused("\\u{110000}", 0, "the last one is \\u{10FFFF}"));
  CHECK(refused("\\u{1000000000000000041}", 0, "the last one is"));
  for (const char c : View("^$\\.*+?()[]{}|/")) CHECK(accepted(Bytes("\\").append(1, c)));
  for (const View good :
       {"\\u{10FFFF}", "\\u{00000000041}", "\\cj", "\\0", "\\uD83D", "\\uDE00\\uD83D"})
    CHECK(accepted(good));
}

TEST_CASE("pattern: properties → unknown ones and other spellings are refused") {
  CHECK(refused("\\p", 0, "in braces"));
  CHECK(refused("\\pL", 0, "in braces"));
  CHECK(refused("\\p{L", 0, "its \"}\" is missing"));
  CHECK(refused("\\p{}", 3, "no property known here"));
  CHECK(refused("\\p{^L}", 3, "\"^L\" is no property"));
  CHECK(refused("x\\P{Greek}", 4, "Script=Greek"));
  for (const View bad :
       {"l", "LU", "lu", " L", "L ", "L|", "gc=", "gc=Any", "Script", "sc=Foo", "Lu=Lu",
        "Block=Basic_Latin", "InGreek", "Bidi_Mirrored", "RGI_Emoji", "=L", "L=", "sc=Hrkt"})
    CHECK(refused("\\p{" + Bytes(bad) + "}", 3, "is no property known here"));
  CHECK(refused("\\p{" + Bytes(100, 'L') + "}", 3, "this is no property"));
}

TEST_CASE("pattern: names of groups → wrong and doubled ones are refused") {
  CHECK(refused("(?<a", 3, "its \">\" is missing"));
  CHECK(refused("(?<>a)", 3, "is empty"));
  CHECK(refused("(?<1a>a)", 3, "doesn't begin with a digit"));
  CHECK(refused("(?<a-b>a)", 4, "letters, digits, $ and _"));
  CHECK(refused("(?<a\\x41>a)", 4, "letters, digits, $ and _"));
  CHECK(refused("(?<a\\u12>a)", 4, "four hexadecimal digits"));
  CHECK(refused("(?<a>b)(?<a>c)", 7, "another group has this name"));
  CHECK(refused("(?<a>b)|(?<\\u0061>c)", 8, "another group has this name"));
  for (const View good : {"(?<$_a1>b)", "(?<\xC3\xA9>a)", "(?<\\u{1d49c}>a)",
                          "(?<\\ud835\\udc9c>a)", "(?<a\xE2\x80\x8D>b)", "(?<a>b)(?<b>c)"})
    CHECK(accepted(good));
}

TEST_CASE("pattern: what can't be had in linear time → refused, and it is said so") {
  for (const View around : {"(?=a)", "(?!a)", "(?<=a)", "(?<!a)"})
    CHECK(refused("x" + Bytes(around), 1, "can't be had in linear time"));
  CHECK(refused("(?!a)", 0, "write out what may stand there"));
  for (const View back : {"(a)\\1", "(b)\\9", "(c)\\k<n>"})
    CHECK(refused(back, 3, "backreferences can't be had in linear time"));
}

TEST_CASE("pattern: groups as other languages have them → refused, with what to write") {
  CHECK(refused("(?i)a", 0, "[aA]"));
  CHECK(refused("(?i:a)", 0, "flags"));
  CHECK(refused("(?-s:a)", 0, "flags"));
  CHECK(refused("(?P<n>a)", 0, "(?<name>"));
  CHECK(refused("(?#x)", 0, "comments"));
  CHECK(refused("(?>a)", 0, "(?:"));
  CHECK(refused("(?", 0, "(?:"));
  CHECK(refused("(?a)", 0, "flags"));
}

TEST_CASE("pattern: bytes that aren't UTF-8 → refused at the first of them") {
  CHECK(refused("ab\xFF", 2, "isn't valid UTF-8"));
  CHECK(refused("a\xC3\xA9\xC3", 4, "isn't valid UTF-8"));
}
