// Random patterns, and what Node says to them: node_answers.mjs.
#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"

#include "tests/support/patterns.hpp"

using edgebatch::View;
using edgebatch::support::flaw_of;
using edgebatch::support::found;

namespace {

struct Row {
  View pattern;
  View answers;  // For each text whether it is found in it; none: the pattern is wrong.
  std::array<View, 3> texts;
};

constexpr Row rows[] = {
#include "tests/unit/pattern/node_answers.inc"
};

}  // namespace

TEST_CASE("pattern: random patterns and texts → what Node says") {
  for (const Row& row : rows) {
    CAPTURE(row.pattern);
    CHECK(flaw_of(row.pattern).has_value() == row.answers.empty());
    for (std::size_t i = 0; i < row.answers.size(); ++i) {
      CAPTURE(row.texts[i]);
      CHECK(found(row.pattern, row.texts[i]) == (row.answers[i] == '1'));
    }
  }
}
