// The JSON Schema Test Suite, draft 2020-12: .toolchain/stages/json_schema_suite.mjs writes its
// groups into build/json-schema-suite.
#include <algorithm>
#include <array>
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
  std::vector<std::pair<bool, Bytes>> tests;
};

// What is decided otherwise, by the beginning of its group's name.
constexpr auto decided = std::to_array<View>({
    // format is an annotation, as the draft has it unless a metaschema says otherwise.
    "optional/format/",
    "optional/format-assertion.json",
    // A word of drafts before this one; unknown words are annotations.
    "optional/dependencies-compatibility.json",
    // No metaschema is fetched: $schema is an annotation.
    "vocabulary.json: schema that uses custom metaschema with with no validation vocabulary",
});

std::vector<Group> groups() {
  const Bytes content = edgebatch::support::content_of("build/json-schema-suite/groups");
  std::vector<Group> all;
  for (View rest = content; !rest.empty();) {
    const View line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const View kind = line.substr(0, line.find(' '));
    const Bytes value(line.substr(kind.size() + 1));
    if (kind == "group") all.push_back({.name = value, .schema = {}, .refused = {}, .tests = {}});
    Group& group = all.back();
    if (kind == "schema") group.schema = value;
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
  std::array<std::size_t, decided.size()> otherwise{};
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
    const auto row =
        std::ranges::find_if(decided, [&](View name) { return group.name.starts_with(name); });
    if (row == decided.end()) {
      if (schema == nullptr) UNSCOPED_INFO(std::get<std::vector<Flaw>>(compiled).front().message);
      CHECK(surprised == 0);
    } else {
      ++otherwise[static_cast<std::size_t>(row - decided.begin())];
    }
  }
  std::size_t listed = 0;
  for (const std::size_t count : otherwise) listed += count;
  WARN(all.size() << " groups: " << passed << " passed, " << refused << " refused, " << listed
                  << " decided otherwise");
  CHECK(passed == 226);
  CHECK(refused == 182);
  CHECK(listed == 30);
  CHECK(passed + refused + listed == all.size());
}
