#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/schema/program.hpp"
#include "core/schema/run.hpp"
#include "core/schema/signature.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::schema {

namespace {
constexpr std::size_t few_elements_count_max = 32;  // Compared in pairs.
constexpr std::uint64_t steps_to_compare = 8;  // An element with all others: hashed, looked up.
}  // namespace

bool Run::array_fits(const ArrayRules& rules, Node value, Set marks) {
  const std::size_t count = tape_[value].size;
  bool good = true;
  if (count < rules.count_min)
    good = fail_count(value, "minItems", count, "element", rules.count_min);
  else if (count > rules.count_max)
    good = fail_count(value, "maxItems", count, "element", rules.count_max);
  if (!good && !telling()) return false;
  if (rules.unique && !elements_differ(value)) good = false;
  if (!good && !telling()) return false;
  return elements_fit(rules, value, marks) && good;
}

bool Run::elements_fit(const ArrayRules& rules, Node value, Set marks) {
  bool good = true;
  std::size_t index = 0;
  std::uint64_t contained = 0;
  // Whether it still has to be asked of the next element.
  const auto asks_contains = [&] {
    return rules.contains != none &&
           (marks || rules.contained_max != unbounded || contained < rules.contained_min);
  };
  for (Node at = value + 1; at < tape_[value].end; at = tape_[at].end, ++index) {
    const bool in_prefix = index < rules.prefix.size();
    const Index schema = in_prefix ? program_.indices[rules.prefix.begin + index] : rules.items;
    if (schema != none) {
      marks_.mark(marks, index);
      good = fits(schema, at, in_prefix ? "prefixItems" : "items") && good;
      if (!good && !telling()) return false;
    } else if (!asks_contains()) {
      break;  // Nobody asks about those that follow.
    }
    if (asks_contains() && would_fit(rules.contains, at)) {
      ++contained;
      marks_.mark(marks, index);
    }
  }
  if (rules.contains == none) return good;
  if (contained < rules.contained_min) return fail_contained(value, contained, rules.contained_min);
  if (contained > rules.contained_max) return fail_contained(value, contained, rules.contained_max);
  return good;
}

bool Run::unevaluated_elements_fit(const ArrayRules& rules, Node value, Set marks) {
  if (rules.unevaluated == none) return true;
  bool good = true;
  std::size_t index = 0;
  for (Node at = value + 1; at < tape_[value].end; at = tape_[at].end, ++index) {
    step();
    if (marks_.marked(marks, index)) continue;
    marks_.mark(marks, index);
    good = fits(rules.unevaluated, at, "unevaluatedItems") && good;
    if (!good && !telling()) return false;
  }
  return good;
}

// For the usual short list: whether they surely do.
bool Run::few_strings_differ(Node value) const {
  std::array<std::uint64_t, few_elements_count_max> signatures;
  std::size_t count = 0;
  for (Node at = value + 1; at < tape_[value].end; ++at) {
    if (tape_[at].kind != json::Kind::string || tape_[at].escaped) return false;
    signatures[count] = signature(tape_.inside(tape_[at]));
    for (std::size_t i = 0; i < count; ++i)
      if (signatures[i] == signatures[count]) return false;
    ++count;
  }
  return true;
}

// By a table of their hashes, which are as good as the elements themselves.
bool Run::elements_differ(Node value) {
  const std::size_t count = tape_[value].size;
  if (count < 2) return true;
  step(count * steps_to_compare);
  if (count <= few_elements_count_max && few_strings_differ(value)) return true;
  const std::size_t places = std::bit_ceil(count * 2);
  table_.assign(places, 0);
  std::size_t index = 0;
  for (Node at = value + 1; at < tape_[value].end; at = tape_[at].end, ++index) {
    const text::SipHash hash = hash_.of(tape_, at);
    auto place = static_cast<std::size_t>(hash[0] & (places - 1));
    for (; table_[place] != 0; place = (place + 1) & (places - 1)) {
      if (hash_.of(tape_, table_[place]) != hash) continue;
      return fail_unique(at, table_[place]);
    }
    table_[place] = at;
  }
  return true;
}

}  // namespace edgebatch::schema
