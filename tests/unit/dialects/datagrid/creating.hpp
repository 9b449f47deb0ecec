// Create bodies for tests, and what is said of them.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/datagrid/create.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace edgebatch::dialects::datagrid {

inline Or<Creation> parsed(View body, const std::vector<Bytes>& windows = {"24h"}) {
  return parse_create(
      support::Exact(body).view(),
      {.windows = windows, .accepts = [](View model) { return model == "m" || model == "n"; }},
      {1, 2});
}

inline std::optional<Creation> created(View body) {
  auto result = parsed(body);
  if (auto* creation = std::get_if<Creation>(&result)) return std::move(*creation);
  return std::nullopt;
}

inline std::optional<Problem> problem_of(View body) {
  auto result = parsed(body);
  if (auto* problem = std::get_if<Problem>(&result)) return std::move(*problem);
  return std::nullopt;
}

/// `pointer | code | message`, and ` | custom_id` where there is one, of each violation.
inline std::vector<Bytes> refused(View body) {
  const auto problem = problem_of(body);
  if (!problem) return {"accepted"};
  if (problem->code != ProblemCode::request_invalid) return {"another problem"};
  std::vector<Bytes> shown;
  for (const auto& [pointer, code, message, custom_id] : problem->violations) {
    shown.push_back(pointer + " | " + code + " | " + message);
    if (!custom_id.empty()) shown.back() += " | " + custom_id;
  }
  return shown;
}

inline constexpr View one_item = R"([{"custom_id":"a","file_id":"file_1"}])";

/// A good body but for these members, each with a comma in front.
inline Bytes with_items(View items, View more = "") {
  return R"({"items":)" + Bytes(items) +
         R"(,"model":"m","prompt":"Read it.","output_schema":{"type":"object"})" + Bytes(more) +
         "}";
}
inline Bytes with(View more) { return with_items(one_item, more); }
inline Bytes with_schema(View schema) { return with(R"(,"output_schema":)" + Bytes(schema)); }

/// `count` items `{"custom_id":"c0","file_id":"f0"}` …
inline Bytes items_of(std::size_t count) {
  Bytes out = "[";
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes number = std::to_string(i);
    out += i > 0 ? "," : "";
    out += R"({"custom_id":"c)" + number + R"(","file_id":"f)" + number + R"("})";
  }
  return out + "]";
}

}  // namespace edgebatch::dialects::datagrid
