#include <cstddef>

#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/verdict_json.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"

#include "tests/fuzz/cuts.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/exact.hpp"
#include "tests/support/line_facts.hpp"

namespace edgebatch::fuzz {

namespace {

using support::Exact;

constexpr std::uint64_t line_bytes_max = 2'000;  // So that there are lines beyond it.

struct Found {
  Bytes facts;
  Bytes verdict;
  bool operator==(const Found&) const = default;
};

class Reader {
 public:
  void feed(View piece) {
    const Exact exact(piece);
    scanner_.feed(exact.view(), [this](const validation::Line& line) { see(line); });
    inspector_.feed(exact.view());
  }
  Found finish() {
    scanner_.finish([this](const validation::Line& line) { see(line); });
    found_.verdict = dialects::openai::verdict_json(inspector_.finish().verdict);
    return found_;
  }

 private:
  void see(const validation::Line& line) { found_.facts += support::facts(line); }

  validation::LineScanner scanner_{0, 1, line_bytes_max};
  dialects::openai::Inspector inspector_{{1, 2}};
  Found found_;
};

}  // namespace

void pieces(View input) {
  const Cut cut(input);
  Reader whole;
  whole.feed(cut.text);
  const Found expected = whole.finish();

  Reader cut_anywhere;
  in_pieces(cut.text, cut.choices, [&](View piece) { cut_anywhere.feed(piece); });
  expect(cut_anywhere.finish() == expected, "cut anywhere the same");

  Reader by_bytes;
  for (std::size_t i = 0; i < cut.text.size(); ++i) by_bytes.feed(cut.text.substr(i, 1));
  expect(by_bytes.finish() == expected, "byte by byte the same");
}

}  // namespace edgebatch::fuzz
