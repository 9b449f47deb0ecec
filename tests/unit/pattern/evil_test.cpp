// Patterns that keep backtracking matchers busy for ages, and those that have as many states as can
// be. Each answer would not come if it took more than a step a byte.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "core/pattern/automaton.hpp"
#include "core/pattern/parser.hpp"
#include "core/pattern/pattern.hpp"
#include "core/pattern/program.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/patterns.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::found;
using namespace edgebatch::pattern;

namespace {

constexpr std::size_t long_bytes = 100'000;

// Some text of a and b that doesn't repeat.
Bytes mixed(std::size_t size) {
  Bytes out;
  std::uint32_t state = 1;
  while (out.size() < size) {
    state = state * 1664525 + 1013904223;
    out.push_back((state >> 16 & 1) != 0 ? 'a' : 'b');
  }
  return out;
}

Automaton automaton(View source) {
  auto tree = parse(source);
  auto program = Program::of(std::get<Tree>(tree));
  return Automaton(std::get<Program>(std::move(program)));
}

}  // namespace

TEST_CASE("pattern: nested repetitions, long texts → answered in one pass") {
  const Bytes as(long_bytes, 'a');
  for (const View evil :
       {"(a+)+$", "(a|aa)+$", "^(a|a?)+$", "^(a*)*$", "(.*)*x$", "(.*.*.*)*=$",
        "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "(?:a?){50}a{50}b", "^(?:(?:a+)+)+$"}) {
    CAPTURE(evil);
    CHECK(found(evil, as + "!") == false);
  }
  CHECK(found("(a+)+$", "!" + as) == true);
  CHECK(found("(.*)*x", as + "x") == true);
  CHECK(found("^(?:a?){50}a{50}$", Bytes(75, 'a')) == true);
  CHECK(found("^(?:a?){50}a{50}$", Bytes(101, 'a')) == false);
}

TEST_CASE("pattern: more states than are kept → answered all the same, and the same each time") {
  struct Evil {
    View pattern;
    std::size_t between;  // Its last a and its c.
  };
  const Bytes text = mixed(long_bytes);
  for (const Evil& evil : {Evil{"(a|b)*a(a|b){12}c", 12}, Evil{"(a|b)*a(a|b){100}c", 100},
                           Evil{"(?:ab|ba|aa|bb){300}c", 0}, Evil{"[ab]*a[ab]{3000}c", 3000}}) {
    CAPTURE(evil.pattern);
    CHECK(found(evil.pattern, text) == false);
    CHECK(found(evil.pattern, text + "a" + mixed(evil.between) + "c") == true);
  }
}

TEST_CASE("pattern: learnt states and plain steps → the same answers") {
  const Bytes text = mixed(3'000);
  for (const View source : {"(a|b)*a(a|b){9}$", "(a|b)*a(a|b){14}a$", "aab(?:ab)*bba$",
                            "\\bab|a\\b.", "^(?:aa|ab|ba){5,}b$"}) {
    CAPTURE(source);
    Automaton learning = automaton(source);
    Automaton stepping = automaton(source);
    bool same = true;
    for (std::size_t i = 0; i < 2'000; ++i) {
      const View part = View(text).substr(i, i % 100);
      same = same && learning.found_in(part) == stepping.found_step_by_step(part);
    }
    CHECK(same);
  }
}

TEST_CASE("pattern: states that don't pay, then an ordinary text → learnt again") {
  Automaton automaton_of_many = automaton("(a|b)*a(a|b){14}c");
  CHECK_FALSE(automaton_of_many.found_in(mixed(long_bytes)));
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(automaton_of_many.found_in(Bytes(10'000, 'b')));
    CHECK(automaton_of_many.found_in("a" + mixed(14) + "c"));
  }
}

TEST_CASE("pattern: a thousand alternatives → each is found") {
  Bytes list;
  for (std::size_t i = 0; i < 1'000; ++i) {
    if (i > 0) list += '|';
    for (std::size_t rest = i, digit = 0; digit < 4; ++digit, rest /= 6)
      list.push_back(static_cast<char>('a' + rest % 6));
  }
  CHECK(found("^(?:" + list + ")$", "aaaa") == true);
  CHECK(found("^(?:" + list + ")$", "dded") == true);
  CHECK(found("^(?:" + list + ")$", "ffff") == false);
  CHECK(found("^(?:" + list + ")$", "aaa") == false);
  CHECK(found(list, Bytes(long_bytes, 'f')) == false);
  CHECK(found("^(" + list + ")+$", "aaaabaaadded") == true);
}
