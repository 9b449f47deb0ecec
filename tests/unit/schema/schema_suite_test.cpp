// The JSON Schema Test Suite, draft 2020-12: .toolchain/stages/json_schema_suite.mjs writes its
// groups into build/json-schema-suite.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"
#include "tests/support/files.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::schema::Flaw;
using edgebatch::schema::Schema;
using edgebatch::support::Exact;

namespace {

struct Group {
  Bytes name;
  Bytes schema;
  std::vector<Bytes> refused;
  bool decided = false;  // Otherwise: the stage says why.
  std::vector<std::pair<bool, Bytes>> tests;
};

std::vector<Group> groups() {
  const Bytes content = edgebatch::support::content_of("build/json-schema-suite/groups");
  std::vector<Group> all;
  for (View rest = content; !rest.empty();) {
    const View line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const View kind = line.substr(0, line.find(' '));
    const Bytes value(line.substr(kind.size() + 1));
    if (kind == "group") all.emplace_back().name = value;
    Group& group = all.back();
    if (kind == "schema") group.schema = value;
    if (kind == "decided") group.decided = true;
    if (kind == "refused") group.refused.push_back(value);
    if (kind == "valid" || kind == "invalid") group.tests.emplace_back(kind == "valid", value);
  }
  return all;
}

std::vector<Bytes> unsupported(const std::vector<Flaw>& flaws) {
  std::vector<Bytes> pointers;
  for (const Flaw& flaw : flaws)
    if (flaw.code == "unsupported_keyword") pointers.push_back(flaw.pointer);
  std::ranges::sort(pointers);
  return pointers;
}

// How many of its tests end otherwise.
std::size_t surprises(Schema& schema, const Group& group) {
  std::size_t count = 0;
  for (const auto& [valid, data] : group.tests) {
    const Exact answer(data);
    if (schema.validate(answer.view()).empty() == valid) continue;
    ++count;
    UNSCOPED_INFO((valid ? "valid: " : "invalid: ") << data);
  }
  return count;
}

}  // namespace

TEST_CASE("schema: every group of the test suite → passes, or is refused at the right places") {
  std::size_t passed = 0;
  std::size_t refused = 0;
  std::size_t otherwise = 0;
  const std::vector<Group> all = groups();
  for (const Group& group : all) {
    CAPTURE(group.name, group.schema);
    const Exact text(group.schema);
    auto compiled = Schema::compile(text.view(), {1, 2});
    if (!group.refused.empty()) {
      const auto* const flaws = std::get_if<std::vector<Flaw>>(&compiled);
      CHECK(flaws != nullptr);
      if (flaws != nullptr) CHECK(unsupported(*flaws) == group.refused);
      ++refused;
      continue;
    }
    auto* const schema = std::get_if<Schema>(&compiled);
    const std::size_t surprised = schema != nullptr ? surprises(*schema, group) : 1;
    if (surprised == 0) {
      ++passed;
      continue;
    }
    if (schema == nullptr) UNSCOPED_INFO(std::get<std::vector<Flaw>>(compiled).front().message);
    CHECK(group.decided);
    ++otherwise;
  }
  WARN(all.size() << " groups: " << passed << " passed, " << refused << " refused, " << otherwise
                  << " decided otherwise");
  CHECK(passed == 226);
  CHECK(refused == 182);
  CHECK(otherwise == 30);
  CHECK(passed + refused + otherwise == all.size());
}
