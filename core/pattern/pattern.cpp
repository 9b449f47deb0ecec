#include "core/pattern/pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>

#include "core/pattern/automaton.hpp"
#include "core/pattern/parser.hpp"
#include "core/pattern/program.hpp"
#include "core/pattern/tree.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

std::variant<Pattern, Flaw> Pattern::compile(View source) {
  auto tree = parse(source);
  if (auto* flaw = std::get_if<Flaw>(&tree)) return std::move(*flaw);
  auto program = Program::of(*std::get_if<Tree>(&tree));
  if (auto* flaw = std::get_if<Flaw>(&program)) return std::move(*flaw);
  return Pattern(std::make_unique<Automaton>(std::move(*std::get_if<Program>(&program))));
}

Pattern::Pattern(std::unique_ptr<Automaton> automaton) : automaton_(std::move(automaton)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::found_in(View text) { return automaton_->found_in(text); }

std::uint64_t Pattern::steps_for(std::size_t text_bytes) const {
  constexpr std::uint64_t words_per_step = 4;
  return text_bytes * automaton_->words_count() / words_per_step;
}

}  // namespace edgebatch::pattern
