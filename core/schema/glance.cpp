#include "core/schema/glance.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/json/cursor.hpp"
#include "core/json/decimal.hpp"
#include "core/json/literal_string.hpp"
#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/pattern/pattern.hpp"
#include "core/schema/program.hpp"
#include "core/schema/quoted_name.hpp"
#include "core/schema/scalars.hpp"
#include "core/schema/signature.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

using json::Kind;

namespace {

constexpr unsigned levels_max = 128;  // Recursion; what is deeper is left to the tape.
constexpr std::uint64_t steps_max = json::tape_nodes_count_max;  // So is what it may refuse.
constexpr std::size_t few_elements_count_max = 32;  // That have to differ: compared in pairs.
constexpr Index few_names_count_max = 8;            // Compared one by one.

}  // namespace

Glance::Glance(Program& program)
    : program_(program), cursor_({}, tail_), seen_in_(program.properties.size()) {}

bool Glance::fits(View answer) {
  steps_ = 0;
  levels_ = 0;
  conditions_ = 0;
  const Subschema& root = program_.subschemas[program_.root];
  if (!root.at_a_glance || answer.size() > json::tape_text_bytes_max) return false;
  cursor_ = json::Cursor(answer, tail_);
  // Of a condition it may have looked as if it didn't hold, where that was given up.
  return cursor_.skip_space() && value(root) && !cursor_.skip_space() && steps_ <= steps_max;
}

bool Glance::value(const Subschema& schema) {
  if (++steps_ > steps_max) return false;
  if (schema.refuses) return misfit();
  if (schema.conditional == none) return plain_value(schema);
  const json::Cursor start = cursor_;
  return plain_value(schema) && conditional(program_.conditionals[schema.conditional], start);
}

bool Glance::plain_value(const Subschema& schema) {
  switch (cursor_.byte()) {
    case '{': return object(schema);
    case '[': return array(schema);
    case '"': return string(schema);
    case 't':
    case 'f':
    case 'n': return literal(schema);
    default: return number(schema);
  }
}

// A value that doesn't fit, whatever is in it.
bool Glance::misfit() { return conditions_ > 0 && plain_value(anything_) && fail(); }

bool Glance::conditional(const Conditional& rules, const json::Cursor& start) {
  const bool outer_failed = failed_;
  failed_ = false;
  ++conditions_;
  cursor_ = start;
  const bool passed = value(subschema(rules.condition));
  const bool holds = !failed_;
  --conditions_;
  failed_ = outer_failed;
  if (!passed) return false;
  const Index then = holds ? rules.consequence : rules.alternative;
  if (then == none) return true;
  cursor_ = start;
  return value(subschema(then));
}

// ---- Scalars

bool Glance::string(const Subschema& schema) {
  json::LiteralString string;
  if (!cursor_.string(string)) return false;
  return string_fits(schema, string) || fail();
}

bool Glance::string_fits(const Subschema& schema, const json::LiteralString& string) {
  steps_ += string.inside.size() / step_bytes;
  if (schema.refuses || (schema.types & type_string) == 0) return false;
  for (Index i = schema.choices.begin; i < schema.choices.end; ++i)
    if (!is_listed(program_, program_.choices[i], Kind::string, string.text(scratch_)))
      return false;
  if (schema.strings == none) return true;
  const StringRules& rules = program_.strings[schema.strings];
  if (!any_length(rules)) {
    const std::size_t length = string.length();
    if (length < rules.length_min || length > rules.length_max) return false;
  }
  if (rules.pattern == none) return true;
  pattern::Pattern& pattern = program_.patterns[rules.pattern];
  steps_ += pattern.steps_for(string.inside.size());
  return steps_ <= steps_max && pattern.found_in(string.text(scratch_));
}

bool Glance::number(const Subschema& schema) {
  const View text = cursor_.number();
  if (text.empty()) return false;
  steps_ += text.size() / step_bytes;
  if ((schema.types & type_number) == 0 &&
      ((schema.types & type_integer) == 0 || !is_integer(text)))
    return fail();
  for (Index i = schema.choices.begin; i < schema.choices.end; ++i) {
    const Choice& choice = program_.choices[i];
    if (is_listed(program_, choice, Kind::number, text)) continue;
    return !choice.numbers && fail();  // Perhaps it is among them, written in another way.
  }
  return schema.numbers == none ||
         in_bounds(program_.numbers[schema.numbers], json::Decimal(text)) || fail();
}

bool Glance::literal(const Subschema& schema) {
  const View text = cursor_.literal();
  if (text.empty()) return false;
  const bool null = text.front() == 'n';
  if ((schema.types & (null ? type_null : type_boolean)) == 0) return fail();
  const Kind kind = null ? Kind::null : Kind::boolean;
  for (Index i = schema.choices.begin; i < schema.choices.end; ++i)
    if (!is_listed(program_, program_.choices[i], kind, text)) return fail();
  return true;
}

// ---- What holds others

// At a bracket: passes all up to the one that closes it, if `one` passes each that lies inside.
template <class One>
bool Glance::each_inside(char end, One one) {
  if (levels_ == levels_max) return false;
  ++levels_;
  cursor_.pass_bytes(1);
  if (!cursor_.skip_space()) return false;
  if (!cursor_.pass(end)) {
    while (true) {
      if (!one()) return false;
      // A byte lies behind every token; mostly it is a comma.
      if (!cursor_.pass(',')) {
        if (!cursor_.skip_space()) return false;
        if (cursor_.pass(end)) break;
        if (!cursor_.pass(',')) return false;
      }
      if (!cursor_.skip_space()) return false;
    }
  }
  --levels_;
  return true;
}

bool Glance::array(const Subschema& schema) {
  if ((schema.types & type_array) == 0 || schema.choices.size() != 0) return misfit();
  const ArrayRules& rules = schema.arrays == none ? any_array_ : program_.arrays[schema.arrays];
  if (rules.unique) signatures_.clear();
  std::size_t count = 0;
  if (!each_inside(']', [&] { return element(rules, count++); })) return false;
  return (count >= rules.count_min && count <= rules.count_max) || fail();
}

bool Glance::element(const ArrayRules& rules, std::size_t index) {
  const bool in_prefix = index < rules.prefix.size();
  const Subschema& schema =
      subschema(in_prefix ? program_.indices[rules.prefix.begin + index] : rules.items);
  if (!rules.unique) return value(schema);
  // Strings, a few of them, that surely differ.
  json::LiteralString string;
  if (index == few_elements_count_max || cursor_.byte() != '"') return false;
  if (!cursor_.string(string) || string.escaped) return false;
  const std::uint64_t own = signature(string.inside);
  if (std::ranges::find(signatures_, own) != signatures_.end()) return false;
  signatures_.push_back(own);
  ++steps_;
  return string_fits(schema, string) || fail();
}

bool Glance::object(const Subschema& schema) {
  if ((schema.types & type_object) == 0 || schema.choices.size() != 0) return misfit();
  const ObjectRules& rules =
      schema.objects == none ? any_object_ : program_.objects[schema.objects];
  Members members{.visit = ++visits_, .expected = rules.properties.begin};
  if (!each_inside('}', [&] { return member(rules, members); })) return false;
  // How many of the others' names differ nobody remembers.
  const Index differ_min = members.known_count + (members.others_count > 0 ? 1 : 0);
  const Index differ_max = members.known_count + members.others_count;
  if (differ_min < rules.count_min || differ_max > rules.count_max) return false;
  return members.required_count == rules.required_count || fail();
}

bool Glance::member(const ObjectRules& rules, Members& members) {
  Index found = none;
  ++steps_;
  if (!name(rules, members, found)) return false;
  Index schema = rules.additional;
  if (found != none) {
    if (seen_in_[found] == members.visit) return false;
    seen_in_[found] = members.visit;
    members.expected = found + 1;
    ++members.known_count;
    const Property& property = program_.properties[found];
    if (property.required) ++members.required_count;
    if (property.schema != none) schema = property.schema;
  } else {
    ++members.others_count;
    // If it doesn't fit, that says nothing: perhaps the name is repeated.
    if (conditions_ > 0 && schema != none) return false;
  }
  return cursor_.skip_space() && value(subschema(schema));
}

bool Glance::name(const ObjectRules& rules, Members& members, Index& found) {
  const Range& all = rules.properties;
  if (rules.names != none || all.size() == 0) return other_name(rules, found);
  const BytesAhead ahead(cursor_.at());
  const auto stands_there = [&](Index property) {
    const QuotedName& name = program_.quoted_names[property];
    if (!name.stands_at(ahead)) return false;
    cursor_.pass_bytes(static_cast<std::ptrdiff_t>(name.size()));
    found = property;
    return true;
  };
  if (members.expected < all.end && stands_there(members.expected)) return true;
  if (all.size() <= few_names_count_max)
    for (Index i = all.begin; i < all.end; ++i)
      if (stands_there(i)) return true;
  return other_name(rules, found);
}

bool Glance::other_name(const ObjectRules& rules, Index& found) {
  json::LiteralString name;
  if (cursor_.byte() != '"' || !cursor_.string(name)) return false;
  steps_ += name.inside.size() / step_bytes;
  if (rules.names != none && !string_fits(subschema(rules.names), name) && !fail()) return false;
  if (rules.properties.size() != 0) {
    if (name.escaped) return false;
    found = property_of(rules, name.inside);
  }
  return cursor_.pass(':') || (cursor_.skip_space() && cursor_.pass(':'));
}

Index Glance::property_of(const ObjectRules& rules, View name) const {
  const Range& all = rules.properties;
  const std::span<const Bytes> names(program_.names.data() + all.begin, all.size());
  if (all.size() <= few_names_count_max) {
    for (Index i = 0; i < all.size(); ++i)
      if (same(names[i], name)) return all.begin + i;
    return none;
  }
  const Index found = rules.table.find(names, name, program_.secret, none);
  return found == none ? none : all.begin + found;
}

}  // namespace edgebatch::schema
