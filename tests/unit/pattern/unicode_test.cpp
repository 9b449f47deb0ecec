#include "core/pattern/unicode.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>

#include "core/pattern/code_points.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/patterns.hpp"

using edgebatch::View;
using edgebatch::support::found;
using namespace edgebatch::pattern;

namespace {

struct Fact {
  View property;
  std::size_t count;   // Of code points.
  std::uint32_t hash;  // Of the edges of its ranges.
};

constexpr Fact facts[] = {
#include "tests/unit/pattern/unicode_facts.inc"
};

std::size_t count_of(const CodePoints& points) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < points.edges().size(); i += 2)
    count += points.edges()[i + 1] - points.edges()[i];
  return count;
}

std::uint32_t hash_of(const CodePoints& points) {
  std::uint32_t hash = 0;
  for (const char32_t edge : points.edges()) hash = hash * 31 + static_cast<std::uint32_t>(edge);
  return hash;
}

}  // namespace

TEST_CASE(
    "pattern's unicode: each property by each of its names → the code points that Node says") {
  for (const Fact& fact : facts) {
    CAPTURE(fact.property);
    const auto points = property(fact.property);
    CHECK(points.has_value());
    if (!points) continue;
    CHECK(count_of(*points) == fact.count);
    CHECK(hash_of(*points) == fact.hash);
  }
}

TEST_CASE("pattern's unicode: long and short names of what is asked for → the same") {
  CHECK(property("General_Category=Lu") == property("gc=Lu"));
  CHECK(property("Script=Latin") == property("sc=Latn"));
  CHECK(property("Script_Extensions=Latin") == property("scx=Latn"));
  CHECK(property("Script_Extensions=Latin") != property("Script=Latin"));
}

TEST_CASE("pattern's unicode: the sets that are written out → what the properties say") {
  CodePoints spaces = *property("Zs") | line_breaks() | CodePoints('\t', '\r');
  CHECK(whitespace() == (spaces | CodePoints(0xFEFF, 0xFEFF)));
  CHECK(line_breaks() ==
        ((*property("Zl") | *property("Zp")) | CodePoints('\n', '\n') | CodePoints('\r', '\r')));
  CHECK(digits() == (*property("Nd") & *property("ASCII")));
  CHECK(words() ==
        ((*property("Alphabetic") & *property("ASCII")) | digits() | CodePoints('_', '_')));
}

TEST_CASE("pattern's unicode: sets of code points → unions, intersections, complements") {
  const CodePoints a('a', 'f');
  const CodePoints b('d', 'k');
  CHECK((a | b) == CodePoints('a', 'k'));
  CHECK((a & b) == CodePoints('d', 'f'));
  CHECK((a ^ b) == (CodePoints('a', 'c') | CodePoints('g', 'k')));
  CHECK(~~a == a);
  CHECK((a | ~a) == CodePoints::all());
  CHECK((a & ~a).empty());
  CHECK(a.contains('f'));
  CHECK_FALSE(a.contains('g'));
  CHECK((~a).contains(0x10FFFF));
  Union many;
  for (const char c : View("zxyacb")) many.add(static_cast<char32_t>(c), static_cast<char32_t>(c));
  many.add(*property("Nd") & *property("ASCII"));
  CHECK(many.take() == (CodePoints('0', '9') | CodePoints('a', 'c') | CodePoints('x', 'z')));
}

TEST_CASE("pattern's unicode: texts of many scripts → found by their properties") {
  CHECK(found("^\\p{Lu}\\p{Ll}+$", "\xC3\x89t\xC3\xA9") == true);    // Été
  CHECK(found("^\\p{Script=Greek}+$", "\xCE\xB1\xCE\xB2") == true);  // αβ
  CHECK(found("^\\P{Script=Greek}+$", "ab\xCE\xB1") == false);
  CHECK(found("^\\p{sc=Han}{2}$", "\xE4\xB8\xAD\xE6\x96\x87") == true);  // 中文
  CHECK(found("^[\\p{L}\\p{M}' -]+$", "Ze\xCC\x81 O'Neil") == true);     // e and an accent
  CHECK(found("^\\p{Emoji_Presentation}$", "\xF0\x9F\x98\x80") == true);
  CHECK(found("^\\p{Any}$", "\xF4\x8F\xBF\xBF") == true);
  CHECK(found("^[^\\P{L}\\d]$", "\xD0\x96") == true);       // Ж
  CHECK(found("^\\p{scx=Deva}$", "\xE0\xA5\xA4") == true);  // । of many scripts
  CHECK(found("^\\p{sc=Deva}$", "\xE0\xA5\xA4") == false);
}
