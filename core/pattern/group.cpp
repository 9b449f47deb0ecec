#include "core/pattern/group.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/pattern/escape.hpp"
#include "core/pattern/scanner.hpp"
#include "core/pattern/unicode.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::pattern {
namespace {

bool may_stand(char32_t point, bool at_start, Properties& properties) {
  if (point == '$' || point == '_') return true;
  if (!at_start && (point == 0x200C || point == 0x200D)) return true;
  return properties.find(at_start ? "ID_Start" : "ID_Continue")->contains(point);
}

// From behind `(?<` to behind the bracket.
std::optional<Bytes> read_name(Scanner& scanner, Properties& properties) {
  const std::size_t begin = scanner.offset();
  Bytes name;
  while (!scanner.eat('>')) {
    const std::size_t at = scanner.offset();
    if (scanner.done())
      return scanner.fail(begin, R"(the group's name is never closed: its ">" is missing)");
    std::optional<char32_t> point;
    if (scanner.eat("\\u"))
      point = read_unicode_escape(scanner, at);
    else
      point = scanner.take();
    if (!point) return std::nullopt;
    if (!may_stand(*point, name.empty(), properties)) {
      return scanner.fail(at,
                          "a group's name is made of letters, digits, $ and _, and doesn't begin "
                          "with a digit");
    }
    text::append_utf8(name, *point);
  }
  if (name.empty()) return scanner.fail(begin, "the group's name is empty: (?<name>…) has one");
  return name;
}

bool looks_around(View rest) {
  return rest.starts_with("(?=") || rest.starts_with("(?!") || rest.starts_with("(?<=") ||
         rest.starts_with("(?<!");
}

// Of flags, as in `(?i:…)` or `(?-s)`.
bool modifies(View rest) {
  const char c = rest.size() > 2 ? rest[2] : '\0';
  return c == '-' || (text::lower(c) >= 'a' && text::lower(c) <= 'z');
}

Bytes why_not(View rest) {
  if (looks_around(rest))
    return "lookahead and lookbehind can't be had in linear time: write out what may stand there";
  if (rest.starts_with("(?P<")) return "named groups are written (?<name>…)";
  if (rest.starts_with("(?#")) return "there are no comments in patterns: leave it out";
  if (modifies(rest)) {
    return "flags can't be set in a pattern; both cases of a letter are [aA], any character is "
           "[^]";
  }
  return "groups begin with (, (?: or (?<name>; the character itself is \\(";
}

}  // namespace

bool GroupOpener::read(Scanner& scanner, Properties& properties) {
  const std::size_t begin = scanner.offset();
  const View rest = scanner.rest();
  if (scanner.eat("(?:")) return true;
  if (looks_around(rest) || (rest.starts_with("(?") && !rest.starts_with("(?<"))) {
    scanner.fail(begin, why_not(rest));
    return false;
  }
  if (!scanner.eat("(?<")) return scanner.eat('(');
  auto name = read_name(scanner, properties);
  if (!name) return false;
  if (std::find(names_.begin(), names_.end(), *name) != names_.end()) {
    scanner.fail(begin, "another group has this name; every group needs its own");
    return false;
  }
  names_.push_back(*std::move(name));
  return true;
}

}  // namespace edgebatch::pattern
