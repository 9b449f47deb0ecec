#include "core/schema/run.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/json/decimal.hpp"
#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/pattern/pattern.hpp"
#include "core/schema/program.hpp"
#include "core/schema/scalars.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

using json::Kind;

namespace {

constexpr std::uint8_t type_of(Kind kind) {
  switch (kind) {
    case Kind::null: return type_null;
    case Kind::boolean: return type_boolean;
    case Kind::number: return type_number;
    case Kind::string: return type_string;
    case Kind::array: return type_array;
    case Kind::object: break;
  }
  return type_object;
}

}  // namespace

Run::Run(Program& program)
    : program_(program),
      tape_(program.secret),
      hash_(program.secret),
      seen_in_(program.properties.size()) {}

std::vector<Failure> Run::validate(View answer) {
  begin(false);
  const auto reading = tape_.read(answer);
  if (reading != json::Tape::Reading::whole) return {unread(reading, answer)};
  const bool good = fits(program_.root, 0, "");
  if (exhausted()) return {too_long()};
  if (good) return {};
  // Once more, for those who want to hear why.
  begin(true);
  fits(program_.root, 0, "");
  return std::move(failures_);
}

void Run::begin(bool telling) {
  telling_ = telling;
  failures_.clear();
  marks_.clear();
  depended_on_.clear();
  if (!telling) hash_.forget();
  steps_ = 0;
  quiet_ = 0;
  in_name_ = false;
}

bool Run::fits(Index index, Node value, View word, Set marks) {
  step();
  if (exhausted()) return false;
  const Subschema& schema = program_.subschemas[index];
  if (schema.refuses) return fail_refused(value, word);
  if (schema.types != type_any && !type_fits(schema.types, value))
    return fail_type(value, schema.types);
  for (Index i = schema.choices.begin; i < schema.choices.end; ++i)
    if (!choice_fits(program_.choices[i], value)) return false;
  if (schema.conditional != none || schema.collects) return all_fits(schema, value, marks);
  return kind_fits(schema, value, marks);
}

bool Run::kind_fits(const Subschema& schema, Node value, Set marks) {
  switch (tape_[value].kind) {
    case Kind::number:
      return schema.numbers == none || number_fits(program_.numbers[schema.numbers], value);
    case Kind::string:
      return schema.strings == none || string_fits(program_.strings[schema.strings], value);
    case Kind::array:
      return schema.arrays == none || array_fits(program_.arrays[schema.arrays], value, marks);
    case Kind::object:
      return schema.objects == none || object_fits(program_.objects[schema.objects], value, marks);
    default: return true;
  }
}

bool Run::all_fits(const Subschema& schema, Node value, Set marks) {
  const Kind kind = tape_[value].kind;
  const bool collects = schema.collects && (kind == Kind::array || kind == Kind::object);
  // What is evaluated in here concerns others only if all fits.
  const Set own = collects ? marks_.open(tape_[value].size) : marks;
  bool good = kind_fits(schema, value, own);
  if ((good || telling()) && schema.conditional != none)
    good = conditional_fits(program_.conditionals[schema.conditional], value, own) && good;
  if (!collects) return good;
  if (good || telling()) good = unevaluated_fit(schema, value, own) && good;
  if (good && marks) marks_.add(marks, own);
  marks_.close(own);
  return good;
}

bool Run::unevaluated_fit(const Subschema& schema, Node value, Set marks) {
  if (tape_[value].kind == Kind::array)
    return schema.arrays == none ||
           unevaluated_elements_fit(program_.arrays[schema.arrays], value, marks);
  return schema.objects == none ||
         unevaluated_members_fit(program_.objects[schema.objects], value, marks);
}

bool Run::would_fit(Index schema, Node value, Set marks) {
  const Set own = marks ? marks_.open(tape_[value].size) : Set{};
  ++quiet_;
  const bool good = fits(schema, value, "", own);
  --quiet_;
  if (good && marks) marks_.add(marks, own);
  if (own) marks_.close(own);
  return good;
}

bool Run::type_fits(std::uint8_t types, Node value) {
  const json::Tape::Node& node = tape_[value];
  if ((types & type_of(node.kind)) != 0) return true;
  if (node.kind != Kind::number || (types & type_integer) == 0) return false;
  step(node.size / step_bytes);
  return is_integer(tape_.inside(node));
}

bool Run::choice_fits(const Choice& choice, Node value) {
  const json::Tape::Node& node = tape_[value];
  const bool scalar = node.kind != Kind::array && node.kind != Kind::object;
  if (scalar) step(node.size / step_bytes);
  if (choice.listed && scalar && literal_fits(choice, value)) return true;
  if (!choice.listed || (choice.numbers && node.kind == Kind::number)) {
    const auto hashes =
        std::span(program_.hashes).subspan(choice.values.begin, choice.values.size());
    if (std::binary_search(hashes.begin(), hashes.end(), hash_.of(tape_, value))) return true;
  }
  return fail_choice(value, choice);
}

bool Run::literal_fits(const Choice& choice, Node value) {
  const json::Tape::Node& node = tape_[value];
  return is_listed(program_, choice, node.kind,
                   node.kind == Kind::string ? tape_.string(node, scratch_) : tape_.inside(node));
}

bool Run::number_fits(const NumberRules& rules, Node value) {
  const View text = tape_.inside(tape_[value]);
  step(text.size() / step_bytes);
  const json::Decimal number(text);
  if (in_bounds(rules, number)) return true;
  if (!telling()) return false;
  const auto out = [&](View word, View relation, const Bound& bound) {
    fail_bound(value, word, relation, bound.text);
  };
  if (rules.minimum && number < rules.minimum->value) out("minimum", "at least ", *rules.minimum);
  if (rules.maximum && number > rules.maximum->value) out("maximum", "at most ", *rules.maximum);
  if (rules.exclusive_minimum && number <= rules.exclusive_minimum->value)
    out("exclusiveMinimum", "more than ", *rules.exclusive_minimum);
  if (rules.exclusive_maximum && number >= rules.exclusive_maximum->value)
    out("exclusiveMaximum", "less than ", *rules.exclusive_maximum);
  if (rules.multiple_of && !rules.multiple_of->divides(number))
    fail_bound(value, "multipleOf", "a multiple of ", rules.multiple_of_text);
  return false;
}

bool Run::string_fits(const StringRules& rules, Node value) {
  const json::Tape::Node& node = tape_[value];
  step(node.size / step_bytes);
  bool good = true;
  if (!any_length(rules)) {
    const std::size_t length = tape_.length(node);
    if (length < rules.length_min)
      good = fail_length(value, "minLength", length, rules.length_min);
    else if (length > rules.length_max)
      good = fail_length(value, "maxLength", length, rules.length_max);
    if (!good && !telling()) return false;
  }
  if (rules.pattern == none) return good;
  pattern::Pattern& pattern = program_.patterns[rules.pattern];
  step(pattern.steps_for(node.size));
  if (exhausted()) return false;
  if (pattern.found_in(tape_.string(node, scratch_))) return good;
  return fail_pattern(value, rules.pattern_text);
}

bool Run::conditional_fits(const Conditional& rules, Node value, Set marks) {
  const bool holds = would_fit(rules.condition, value, marks);
  const Index then = holds ? rules.consequence : rules.alternative;
  return then == none || fits(then, value, holds ? "then" : "else", marks);
}

}  // namespace edgebatch::schema
