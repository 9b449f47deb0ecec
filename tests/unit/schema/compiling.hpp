// What tests of schemas have in common.
#pragma once

#include <catch_amalgamated.hpp>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace edgebatch::schema {

/// `pointer | code | message` of each flaw.
inline std::vector<Bytes> flaws_of(View text) {
  std::vector<Bytes> lines;
  auto compiled = Schema::compile(support::Exact(text).view(), {1, 2});
  if (const auto* const flaws = std::get_if<std::vector<Flaw>>(&compiled))
    for (const Flaw& flaw : *flaws)
      lines.push_back(flaw.pointer + " | " + Bytes(flaw.code) + " | " + flaw.message);
  return lines;
}

/// The schema, which has to be right.
inline Schema compiled(View text) {
  auto compiled = Schema::compile(support::Exact(text).view(), {1, 2});
  if (auto* const flaws = std::get_if<std::vector<Flaw>>(&compiled)) {
    for (const Flaw& flaw : *flaws) UNSCOPED_INFO(flaw.pointer << ": " << flaw.message);
    CHECK(flaws->empty());
    compiled = Schema::compile("true", {1, 2});
  }
  return std::move(std::get<Schema>(compiled));
}

/// Each failure in words; empty if the answer fits.
inline std::vector<Bytes> failures_of(Schema& schema, View answer) {
  std::vector<Bytes> lines;
  for (const Failure& failure : schema.validate(support::Exact(answer).view()))
    lines.push_back(in_words(failure));
  return lines;
}
inline std::vector<Bytes> failures_of(View text, View answer) {
  Schema schema = compiled(text);
  return failures_of(schema, answer);
}

inline bool fits(View text, View answer) { return failures_of(text, answer).empty(); }

}  // namespace edgebatch::schema
