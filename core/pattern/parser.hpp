// ECMA-262's Pattern with its flag u, as a tree. What no automaton can do in linear time is
// refused: backreferences and lookaround, and so are modifiers.
#pragma once

#include <cstddef>
#include <variant>

#include "core/pattern/pattern.hpp"
#include "core/pattern/tree.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::pattern {

constexpr std::size_t source_bytes_max = 8192;
constexpr std::size_t nested_groups_count_max = 64;

std::variant<Tree, Flaw> parse(View source);

}  // namespace edgebatch::pattern
