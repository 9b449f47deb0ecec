#include "core/pattern/quantifier.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/pattern/scanner.hpp"
#include "core/pattern/tree.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::pattern {
namespace {

// Digits without leading zeros; nothing if there are none.
std::optional<View> digits(Scanner& scanner) {
  const std::size_t begin = scanner.offset();
  while (scanner.peek() >= '0' && scanner.peek() <= '9') scanner.take();
  View read = scanner.since(begin);
  if (read.empty()) return std::nullopt;
  while (read.size() > 1 && read.front() == '0') read.remove_prefix(1);
  return read;
}

// A minimum this high is never expanded, so it may as well be lower.
std::uint32_t count(View digits) {
  return static_cast<std::uint32_t>(*text::parse_decimal_up_to(digits, unlimited - 1));
}

// Of digits without leading zeros, however many.
bool less(View a, View b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

std::optional<Quantifier> braced(Scanner& scanner) {
  const std::size_t begin = scanner.offset();
  scanner.eat('{');
  const auto min = digits(scanner);
  const bool comma = min && scanner.eat(',');
  const auto max = comma ? digits(scanner) : min;
  if (!min || !scanner.eat('}')) {
    return scanner.fail(begin,
                        "a \"{\" begins a repetition, {2}, {2,} or {2,5}; the character itself "
                        "is \\{");
  }
  if (max && less(*max, *min))
    return scanner.fail(begin, "the first number of a repetition can't be above the second");
  return Quantifier{count(*min), max ? count(*max) : unlimited};
}

std::optional<Quantifier> strict(Scanner& scanner) {
  if (scanner.eat('*')) return Quantifier{0, unlimited};
  if (scanner.eat('+')) return Quantifier{1, unlimited};
  if (scanner.eat('?')) return Quantifier{0, 1};
  return braced(scanner);
}

}  // namespace

bool quantifier_begins(const Scanner& scanner) {
  return !scanner.done() && View("*+?{").find(scanner.peek()) != View::npos;
}

std::optional<Quantifier> read_quantifier(Scanner& scanner) {
  const auto quantifier = strict(scanner);
  if (quantifier) scanner.eat('?');  // Lazy: finds as much.
  return quantifier;
}

}  // namespace edgebatch::pattern
