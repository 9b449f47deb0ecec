#include <cstddef>
#include <cstdint>
#include <span>

#include "core/json/tape.hpp"
#include "core/schema/program.hpp"
#include "core/schema/run.hpp"
#include "core/schema/scalars.hpp"
#include "core/schema/signature.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

bool Run::object_fits(const ObjectRules& rules, Node value, Set marks) {
  const std::size_t count = tape_[value].size;
  bool good = true;
  if (count < rules.count_min)
    good = fail_count(value, "minProperties", count, "member", rules.count_min);
  else if (count > rules.count_max)
    good = fail_count(value, "maxProperties", count, "member", rules.count_max);
  if (!good && !telling()) return false;

  const std::uint64_t visit = ++visits_;
  const std::size_t first = depended_on_.size();
  Index required = 0;
  good = members_fit(rules, value, marks, visit, required) && good;
  if (required < rules.required_count) good = fail_required(value, rules.properties, visit);
  if (good || telling()) good = dependents_fit(rules, value, marks, visit, first) && good;
  depended_on_.resize(first);
  return good;
}

bool Run::members_fit(const ObjectRules& rules, Node value, Set marks, std::uint64_t visit,
                      Index& required) {
  if (rules.properties.size() == 0 && rules.additional == none && rules.names == none) return true;
  bool good = true;
  std::size_t index = 0;
  Index expected = rules.properties.begin;
  const Node end = tape_[value].end;
  for (Node name = value + 1; name < end; name = tape_[name + 1].end) {
    if (tape_[name].repeated) continue;
    step(1 + tape_[name].size / step_bytes);
    if (rules.names != none) good = name_fits(rules, name) && good;
    if (!good && !telling()) return false;
    const Index found = property_of(rules, name, expected);
    Index schema = rules.additional;
    View word = "additionalProperties";
    if (found != none) {
      expected = found + 1;
      const Property& property = program_.properties[found];
      seen_in_[found] = visit;
      if (property.required) ++required;
      if (property.dependents.size() != 0 || property.dependent_schema != none)
        depended_on_.push_back(found);
      if (property.schema != none) {
        schema = property.schema;
        word = "properties";
      }
    }
    if (schema != none) {
      marks_.mark(marks, index);
      good = fits(schema, name + 1, word) && good;
      if (!good && !telling()) return false;
    }
    ++index;
  }
  return good;
}

bool Run::name_fits(const ObjectRules& rules, Node name) {
  in_name_ = true;
  const bool good = fits(rules.names, name, "propertyNames");
  in_name_ = false;
  return good;
}

// Names mostly come in the schema's order.
Index Run::property_of(const ObjectRules& rules, Node name, Index expected) {
  if (rules.properties.size() == 0) return none;
  const json::Tape::Node& node = tape_[name];
  const View text = tape_.string(node, scratch_);
  if (expected < rules.properties.end && same(program_.properties[expected].name, text))
    return expected;
  const std::span<const Bytes> names(program_.names.data() + rules.properties.begin,
                                     rules.properties.size());
  const Index found = rules.table.find(names, text, program_.secret, none);
  return found == none ? none : rules.properties.begin + found;
}

bool Run::dependents_fit(const ObjectRules& rules, Node value, Set marks, std::uint64_t visit,
                         std::size_t first) {
  bool good = true;
  for (std::size_t i = first; i < depended_on_.size(); ++i) {
    const Index present = depended_on_[i];
    const Property& property = program_.properties[present];
    step(property.dependents.size());
    for (Index at = property.dependents.begin; at < property.dependents.end; ++at) {
      const Index other = rules.properties.begin + program_.indices[at];
      if (seen_in_[other] == visit) continue;
      good = fail_dependent(value, property, program_.properties[other]);
      if (!telling()) return false;
    }
    if (property.dependent_schema == none) continue;
    good = fits(property.dependent_schema, value, "dependentSchemas", marks) && good;
    if (!good && !telling()) return false;
  }
  return good;
}

bool Run::unevaluated_members_fit(const ObjectRules& rules, Node value, Set marks) {
  if (rules.unevaluated == none) return true;
  bool good = true;
  std::size_t index = 0;
  for (Node name = value + 1; name < tape_[value].end; name = tape_[name + 1].end) {
    if (tape_[name].repeated) continue;
    step();
    if (!marks_.marked(marks, index)) {
      marks_.mark(marks, index);
      good = fits(rules.unevaluated, name + 1, "unevaluatedProperties") && good;
      if (!good && !telling()) return false;
    }
    ++index;
  }
  return good;
}

}  // namespace edgebatch::schema
