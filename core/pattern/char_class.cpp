#include "core/pattern/char_class.hpp"

#include <cstddef>
#include <optional>

#include "core/pattern/code_points.hpp"
#include "core/pattern/escape.hpp"
#include "core/pattern/scanner.hpp"
#include "core/pattern/unicode.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {
namespace {

class ClassReader {
 public:
  ClassReader(Scanner& scanner, Properties& properties)
      : scanner_(scanner), properties_(properties) {}

  std::optional<CodePoints> read() {
    const std::size_t begin = scanner_.offset();
    scanner_.eat('[');
    const bool complement = scanner_.eat('^');
    while (!scanner_.eat(']')) {
      if (scanner_.done())
        return scanner_.fail(begin, R"(the class is never closed: its "]" is missing)");
      if (!item()) return std::nullopt;
    }
    const CodePoints points = union_.take();
    return complement ? ~points : points;
  }

 private:
  // One character, one set or one range; false if it is wrong.
  bool item() {
    const std::size_t begin = scanner_.offset();
    const auto first = atom();
    if (!first) return false;
    if (!range_follows()) {
      add(*first);
      return true;
    }
    scanner_.eat('-');
    const auto last = atom();
    return last && range(begin, *first, *last);
  }

  // A hyphen that isn't the last in its class.
  bool range_follows() const {
    const View rest = scanner_.rest();
    return rest.size() > 1 && rest[0] == '-' && rest[1] != ']';
  }

  std::optional<Escaped> atom() {
    if (scanner_.peek() == '\\') return read_escape(scanner_, properties_, true);
    return Escaped{scanner_.take(), std::nullopt};
  }

  void add(const Escaped& escaped) {
    if (escaped.set)
      union_.add(*escaped.set);
    else
      union_.add(escaped.point, escaped.point);
  }

  bool range(std::size_t begin, const Escaped& first, const Escaped& last) {
    if (first.set || last.set) {
      scanner_.fail(begin, "a set can't be the end of a range; the hyphen itself is \\-");
    } else if (first.point > last.point) {
      scanner_.fail(begin,
                    "this range's first character stands behind its last in Unicode; the hyphen "
                    "itself is \\-");
    } else {
      union_.add(first.point, last.point);
    }
    return !scanner_.failed();
  }

  Scanner& scanner_;
  Properties& properties_;
  Union union_;
};

}  // namespace

std::optional<CodePoints> read_class(Scanner& scanner, Properties& properties) {
  return ClassReader(scanner, properties).read();
}

}  // namespace edgebatch::pattern
