#include "core/problem/parameter.hpp"

#include <vector>

#include "core/problem/excerpt.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::problem {

Problem missing(View param) { return {ProblemCode::parameter_missing, excerpt(param), {}}; }

Problem wrong_type(View param, View expected, View got) {
  Bytes detail = "expected ";
  detail.append(expected).append(", but got ").append(got).append(" instead");
  return {ProblemCode::parameter_type, excerpt(param), detail};
}

Problem unsupported_value(View param, View value, const std::vector<View>& supported) {
  return bad_value(param, "Invalid value: '" + excerpt(value) +
                              "'. Supported values are: " + quoted_list(supported) + ".");
}

Problem bad_value(View param, View sentence) {
  return {ProblemCode::parameter_value, excerpt(param), Bytes(sentence)};
}

}  // namespace edgebatch::problem
