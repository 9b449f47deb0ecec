#include "core/pattern/escape.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "core/pattern/code_points.hpp"
#include "core/pattern/scanner.hpp"
#include "core/pattern/unicode.hpp"
#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {
namespace {

constexpr View syntax_characters = "^$\\.*+?()[]{}|/";

std::optional<char32_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<char32_t>(c - '0');
  const char low = text::lower(c);
  if (low >= 'a' && low <= 'f') return static_cast<char32_t>(low - 'a' + 10);
  return std::nullopt;
}

// Exactly so many digits; otherwise nothing is read.
std::optional<char32_t> hex_digits(Scanner& scanner, unsigned count) {
  const std::size_t begin = scanner.offset();
  char32_t value = 0;
  for (; count > 0; --count) {
    const auto digit = hex_digit(scanner.peek());
    if (!digit) {
      scanner.go_back_to(begin);
      return std::nullopt;
    }
    value = value << 4 | *digit;
    scanner.take();
  }
  return value;
}

// From behind `\u{` to behind the brace.
std::optional<char32_t> braced(Scanner& scanner, std::size_t begin) {
  const std::size_t inside = scanner.offset();
  char32_t value = 0;
  while (const auto digit = hex_digit(scanner.peek())) {
    value = value << 4 | *digit;
    if (value >= code_points_end)
      return scanner.fail(begin, "there is no such character: the last one is \\u{10FFFF}");
    scanner.take();
  }
  if (scanner.offset() == inside || !scanner.eat('}'))
    return scanner.fail(begin, R"(\u{…} takes hexadecimal digits, as in \u{1F600})");
  return value;
}

std::optional<Escaped> one(std::optional<char32_t> point) {
  if (!point) return std::nullopt;
  return Escaped{*point, std::nullopt};
}

Escaped set(CodePoints points, bool complement) {
  return {0, complement ? ~points : std::move(points)};
}

// From behind `\p` or `\P`.
std::optional<Escaped> property_escape(Scanner& scanner, Properties& properties, std::size_t begin,
                                       bool complement) {
  if (!scanner.eat('{'))
    return scanner.fail(begin, "\\p takes a property in braces, as in \\p{L} or \\p{Script=Greek}");
  const std::size_t inside = scanner.offset();
  const std::size_t size = scanner.rest().find('}');
  if (size == View::npos)
    return scanner.fail(begin, "the property is never closed: its \"}\" is missing");
  scanner.go_back_to(inside + size);
  const View name = scanner.since(inside);
  const CodePoints* points = properties.find(name);
  if (points == nullptr) {
    return scanner.fail(inside, (name.size() > 60 ? "this" : "\"" + Bytes(name) + "\"") +
                                    " is no property known here; general categories (L, Lu, Nd), "
                                    "scripts (Script=Greek, scx=Grek) and some binary properties "
                                    "(Alphabetic, Emoji, White_Space) are");
  }
  scanner.eat('}');
  return set(*points, complement);
}

std::optional<Escaped> control_letter(Scanner& scanner, std::size_t begin) {
  const char letter = text::lower(scanner.peek());
  if (letter < 'a' || letter > 'z')
    return scanner.fail(begin, "\\c takes a letter, as in \\cJ for a line feed");
  scanner.take();
  return Escaped{static_cast<char32_t>(letter - 'a' + 1), std::nullopt};
}

std::optional<Escaped> null_character(Scanner& scanner, std::size_t begin) {
  if (scanner.peek() >= '0' && scanner.peek() <= '9')
    return scanner.fail(begin, R"(octal escapes aren't allowed; write \x and two digits)");
  return Escaped{};
}

Bytes advice_against(View escape, bool in_class) {
  const char c = escape[1];
  if (c >= '1' && c <= '9' && in_class)
    return R"(octal escapes aren't allowed; write \x and two digits)";
  if (!in_class && ((c >= '1' && c <= '9') || c == 'k'))
    return "backreferences can't be had in linear time; write out what may stand here";
  const Bytes start = Bytes(escape) + " is no escape; ";
  if (c == 'A') return start + "the start of the text is ^";
  if (c == 'z' || c == 'Z') return start + "the end of the text is $";
  if (c == 'h') return start + R"(spaces and tabs are [ \t])";
  if (c == 'a') return start + "the bell is \\x07";
  if (c == 'e') return start + "the escape character is \\x1B";
  return start + "for the character itself leave out the \"\\\"";
}

std::optional<Escaped> invalid(Scanner& scanner, std::size_t begin, bool in_class) {
  scanner.go_back_to(begin + 1);
  scanner.take();
  return scanner.fail(begin, advice_against(scanner.since(begin), in_class));
}

std::optional<Escaped> hexadecimal(Scanner& scanner, std::size_t begin) {
  const auto value = hex_digits(scanner, 2);
  if (!value) return scanner.fail(begin, "\\x takes two hexadecimal digits, as in \\x41");
  return one(value);
}

}  // namespace

std::optional<char32_t> read_unicode_escape(Scanner& scanner, std::size_t begin) {
  if (scanner.eat('{')) return braced(scanner, begin);
  const auto unit = hex_digits(scanner, 4);
  if (!unit) {
    return scanner.fail(begin,
                        R"(\u takes four hexadecimal digits or some in braces, as in \u{41})");
  }
  if (*unit < 0xD800 || *unit >= 0xDC00) return unit;
  const std::size_t behind = scanner.offset();
  if (scanner.eat("\\u")) {
    const auto low = hex_digits(scanner, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000)
      return 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
  }
  scanner.go_back_to(behind);
  return unit;
}

std::optional<Escaped> read_escape(Scanner& scanner, Properties& properties, bool in_class) {
  const std::size_t begin = scanner.offset();
  scanner.eat('\\');
  if (scanner.done())
    return scanner.fail(begin, R"(a "\" ends the pattern; the character itself is \\)");
  const char32_t character = scanner.take();
  switch (character) {
    case 'd':
    case 'D': return set(digits(), character == 'D');
    case 's':
    case 'S': return set(whitespace(), character == 'S');
    case 'w':
    case 'W': return set(words(), character == 'W');
    case 'p':
    case 'P': return property_escape(scanner, properties, begin, character == 'P');
    case 't': return one('\t');
    case 'n': return one('\n');
    case 'v': return one('\v');
    case 'f': return one('\f');
    case 'r': return one('\r');
    case 'c': return control_letter(scanner, begin);
    case '0': return null_character(scanner, begin);
    case 'x': return hexadecimal(scanner, begin);
    case 'u': return one(read_unicode_escape(scanner, begin));
    default: break;
  }
  if (in_class && character == 'b') return one('\b');
  if (in_class && character == '-') return one('-');
  if (character < 0x80 && syntax_characters.find(static_cast<char>(character)) != View::npos)
    return one(character);
  return invalid(scanner, begin, in_class);
}

}  // namespace edgebatch::pattern
