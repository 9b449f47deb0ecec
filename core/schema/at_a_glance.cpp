#include "core/schema/at_a_glance.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "core/schema/program.hpp"

namespace edgebatch::schema {

namespace {

template <class T>
std::span<const T> part(const std::vector<T>& list, Range range) {
  return std::span(list).subspan(range.begin, range.size());
}

class Question {
 public:
  explicit Question(const Program& program) : program_(program) {}

  bool of(const Subschema& schema) const {
    const auto listed = [](const Choice& choice) { return choice.listed; };
    return !schema.collects &&
           std::ranges::all_of(part(program_.choices, schema.choices), listed) &&
           (schema.arrays == none || of(program_.arrays[schema.arrays])) &&
           (schema.objects == none || of(program_.objects[schema.objects])) &&
           (schema.conditional == none || of(program_.conditionals[schema.conditional]));
  }

 private:
  bool of(const ArrayRules& rules) const {
    if (rules.contains != none || rules.unevaluated != none) return false;
    if (rules.unique) return rules.prefix.size() == 0 && plain(rules.items);
    return inner(rules.items) && std::ranges::all_of(part(program_.indices, rules.prefix),
                                                     [this](Index index) { return inner(index); });
  }

  bool of(const ObjectRules& rules) const {
    const auto simple = [this](const Property& property) {
      return inner(property.schema) && property.dependent_schema == none &&
             property.dependents.size() == 0;
    };
    return rules.unevaluated == none && inner(rules.additional) && plain(rules.names) &&
           std::ranges::all_of(part(program_.properties, rules.properties), simple);
  }

  bool of(const Conditional& rules) const {
    return inner(rules.condition) && inner(rules.consequence) && inner(rules.alternative);
  }

  bool inner(Index index) const { return index == none || program_.subschemas[index].at_a_glance; }
  // It is asked of a string that was read before.
  bool plain(Index index) const {
    return index == none || (inner(index) && program_.subschemas[index].conditional == none);
  }

  const Program& program_;
};

}  // namespace

bool at_a_glance(const Program& program, const Subschema& schema) {
  return Question(program).of(schema);
}

}  // namespace edgebatch::schema
