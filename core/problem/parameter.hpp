// What is wrong with one parameter of a request: of its body, its query or its form.
#pragma once

#include <vector>

#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::problem {

Problem missing(View param);

/// `expected` and `got` are kinds with their articles: "a string", "an array".
Problem wrong_type(View param, View expected, View got);

/// `value` is none of `supported`.
Problem unsupported_value(View param, View value, const std::vector<View>& supported);

/// `sentence` says what the value is and what would be right.
Problem bad_value(View param, View sentence);

}  // namespace edgebatch::problem
