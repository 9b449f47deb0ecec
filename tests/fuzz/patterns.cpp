#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "core/pattern/automaton.hpp"
#include "core/pattern/parser.hpp"
#include "core/pattern/pattern.hpp"
#include "core/pattern/program.hpp"
#include "core/text/bytes.hpp"

#include "tests/fuzz/targets.hpp"
#include "tests/support/exact.hpp"

namespace edgebatch::fuzz {

namespace {

using support::Exact;

std::optional<pattern::Automaton> automaton(View source) {
  const Exact exact(source);
  auto tree = pattern::parse(exact.view());
  if (auto* flaw = std::get_if<pattern::Flaw>(&tree)) {
    expect(flaw->offset <= source.size() && !flaw->message.empty(), "a flaw with its place");
    return std::nullopt;
  }
  auto program = pattern::Program::of(*std::get_if<pattern::Tree>(&tree));
  auto* made = std::get_if<pattern::Program>(&program);
  if (made == nullptr) return std::nullopt;
  return pattern::Automaton(std::move(*made));
}

}  // namespace

// The first line is the pattern; all that follows, and each of its lines, a text.
void patterns(View input) {
  const std::size_t end = input.find('\n');
  const View source = input.substr(0, end);
  const View rest = end == View::npos ? View() : input.substr(end + 1);
  auto learning = automaton(source);
  if (!learning) return;
  auto stepping = automaton(source);
  auto anchored = automaton("^[^]*?(?:" + Bytes(source) + ")");

  const auto compare = [&](View text) {
    const Exact exact(text);
    const bool found = stepping->found_step_by_step(exact.view());
    expect(learning->found_in(exact.view()) == found, "learnt states say what steps say");
    expect(learning->found_in(exact.view()) == found, "and say it again");
    if (anchored)
      expect(anchored->found_in(exact.view()) == found, "found from the start the same");
  };
  compare(rest);
  for (std::size_t begin = 0; begin < rest.size();) {
    const View line = rest.substr(begin, rest.find('\n', begin) - begin);
    compare(line);
    begin += line.size() + 1;
  }
}

}  // namespace edgebatch::fuzz
