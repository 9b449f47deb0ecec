#include "core/pattern/automaton.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/pattern/alphabet.hpp"
#include "core/pattern/decode.hpp"
#include "core/pattern/positions.hpp"
#include "core/pattern/program.hpp"
#include "core/pattern/states.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {
namespace {

// A state is worth learning if this many bytes are read for each; less often, plain steps are
// quicker.
constexpr std::size_t bytes_per_state = 16;

}  // namespace

Automaton::Automaton(Program program)
    : program_(std::move(program)),
      states_(program_.alphabet().size() + std::size_t{1}, program_.words_count()),
      before_(program_.words_count()),
      after_(program_.words_count()),
      matched_(program_.words_count()) {
  if (states_.worthwhile()) forget();
}

bool Automaton::found_in(View text) {
  const Run run{text.data(), text.data() + text.size()};
  if (!states_.worthwhile()) return found_step_by_step(text);
  if (resting_ > text.size()) {
    resting_ -= text.size();
    return found_step_by_step(text);
  }
  if (resting_ > 0) forget();
  return search(run);
}

bool Automaton::found_step_by_step(View text) {
  program_.start(before_.data());
  return walk({text.data(), text.data() + text.size()}, Behind::start);
}

Automaton::Symbol Automaton::next(Run& run) {
  const auto byte = static_cast<std::uint8_t>(*run.at);
  if (byte < 0x80) {
    ++run.at;
    return program_.alphabet().of_ascii(byte);
  }
  const auto [point, size] = decode(run.at, run.end);
  run.at += size;
  if (point < near_.first || point >= near_.end) near_ = program_.alphabet().around(point);
  return near_.symbol;
}

Automaton::State Automaton::follow(State state, Run& run) const {
  const State* const leads_to = states_.leads_to();
  const char* at = run.at;
  for (; at != run.end; ++at) {
    const auto byte = static_cast<std::uint8_t>(*at);
    if (byte >= 0x80) break;
    const State to = leads_to[state + program_.alphabet().of_ascii(byte)];
    if (!States::is_state(to)) break;
    state = to;
  }
  run.at = at;
  return state;
}

bool Automaton::search(Run run) {
  const char* begin = run.at;
  const auto count = [&] {
    read_ += static_cast<std::size_t>(run.at - std::exchange(begin, run.at));
  };
  State state = follow(start_, run);
  while (run.at != run.end) {
    const Symbol symbol = next(run);
    State to = states_.leads_to()[state + symbol];
    if (to == States::unknown) to = learn(state, symbol);
    if (to == States::unknown) {
      count();
      const auto taken_in = make_room(behind(symbol));
      if (!taken_in) {
        before_.swap(after_);
        return walk(run, behind(symbol));
      }
      to = *taken_in;
    }
    if (!States::is_state(to)) {
      count();
      return to == States::found;
    }
    state = follow(to, run);
  }
  count();
  const State to = states_.leads_to()[state + end_symbol()];
  return (to == States::unknown ? learn(state, end_symbol()) : to) == States::found;
}

Automaton::State Automaton::learn(State from, Symbol symbol) {
  std::copy_n(states_.positions(from), before_.size(), before_.data());
  State to = step(states_.behind(from), symbol);
  if (to == States::unknown) {
    const auto state = states_.at(after_.data(), behind(symbol));
    if (!state) return States::unknown;
    to = *state;
  }
  states_.lead(from, symbol, to);
  return to;
}

std::optional<Automaton::State> Automaton::make_room(Behind behind) {
  if (read_ < bytes_per_state * states_.capacity()) {
    resting_ = bytes_per_state * states_.capacity();
    return std::nullopt;
  }
  forget();
  return states_.at(after_.data(), behind);
}

void Automaton::forget() {
  read_ = 0;
  resting_ = 0;
  states_.clear();
  program_.start(before_.data());
  start_ = *states_.at(before_.data(), Behind::start);
}

Automaton::State Automaton::step(Behind behind, Symbol symbol) {
  const bool at_end = symbol == end_symbol();
  if (program_.asserts()) {
    const bool before_word = !at_end && program_.is_word(symbol);
    program_.pass(before_.data(),
                  {behind == Behind::start, at_end, behind == Behind::word, before_word}, passed_);
  }
  if (program_.found(before_.data())) return States::found;
  if (at_end) return States::never;
  program_.step(before_.data(), symbol, after_.data(), matched_.data());
  if (program_.found(after_.data())) return States::found;
  const bool none = std::all_of(after_.begin(), after_.end(), [](Word word) { return word == 0; });
  return none ? States::never : States::unknown;
}

bool Automaton::walk(Run run, Behind behind) {
  while (run.at != run.end) {
    const Symbol symbol = next(run);
    const State to = step(behind, symbol);
    if (to != States::unknown) return to == States::found;
    behind = this->behind(symbol);
    before_.swap(after_);
  }
  return step(behind, end_symbol()) == States::found;
}

}  // namespace edgebatch::pattern
