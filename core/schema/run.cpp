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
#include "core/problem/excerpt.hpp"
#include "core/schema/program.hpp"
#include "core/schema/schema.hpp"
#include "core/schema/words.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/utf8.hpp"

namespace edgebatch::schema {

using json::Kind;

namespace {

constexpr std::size_t listed_bytes_max = 400;  // Of the values that a message lists.
constexpr std::size_t excerpt_chars_max = 40;  // Of what stands where an answer is no JSON.
constexpr std::uint64_t step_bytes = 64;       // Of a text: as long to look at as a subschema.

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
  if (exhausted())
    return {{.pointer = "",
             .keyword = "",
             .message = "takes more than " + text::decimal(steps_count_max) +
                        " steps to hold against the schema"}};
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

Failure Run::unread(json::Tape::Reading reading, View answer) const {
  Failure failure;
  switch (reading) {
    case json::Tape::Reading::too_deep:
      failure.message = "is nested more than " + text::decimal(json::nesting_max) + " levels deep";
      break;
    case json::Tape::Reading::too_large:
      failure.message = "has more than " + text::decimal(json::tape_nodes_count_max) +
                        " values and names, which are more than are followed";
      break;
    default: {
      const std::size_t at = tape_.stopped_at();
      const View rest = answer.substr(at);
      failure.message = "is not JSON: ";
      if (rest.empty())
        failure.message += "it ends too early";
      else
        failure.message += "wrong from byte " + text::decimal(at) + " on, which is \"" +
                           problem::excerpt(rest, excerpt_chars_max) + "\"";
    }
  }
  return failure;
}

void Run::tell(Node value, View word, Bytes message) {
  if (in_name_) message.insert(0, "its name ");
  failures_.push_back(
      {.pointer = tape_.pointer(value), .keyword = word, .message = std::move(message)});
}

Bytes Run::is_but(Node value, View wanted) const {
  return "is " + value_in_words(tape_, value) + ", but must be " + Bytes(wanted);
}

bool Run::refused(Node value, View word) {
  return fail(value, word, [&]() -> Bytes {
    if (word.empty()) return "is refused by the schema, which is `false`";
    return "is " + kind_in_words(tape_, value) + ", but must not be there";
  });
}

bool Run::fits(Index index, Node value, View word, Set marks) {
  step();
  if (exhausted()) return false;
  const Subschema& schema = program_.subschemas[index];
  if (schema.refuses) return refused(value, word);
  const json::Tape::Node& node = tape_[value];
  if (schema.types != type_any && !type_fits(schema.types, value))
    return fail(value, "type", [&] {
      return "is " + kind_in_words(tape_, value) + ", but must be " + types_in_words(schema.types);
    });

  // What is evaluated in here concerns others only if all fits.
  const bool container = node.kind == Kind::array || node.kind == Kind::object;
  const bool collects = schema.collects && container;
  const Set own = collects ? marks_.open(node.size) : marks;
  bool good = true;
  const auto go_on = [&](bool good_too) {
    good = good && good_too;
    return good || telling();
  };
  const auto all = [&] {
    for (Index i = schema.choices.begin; i < schema.choices.end; ++i)
      if (!go_on(choice_fits(program_.choices[i], value))) return;
    if (node.kind == Kind::number && schema.numbers != none)
      if (!go_on(number_fits(program_.numbers[schema.numbers], value))) return;
    if (node.kind == Kind::string && schema.strings != none)
      if (!go_on(string_fits(program_.strings[schema.strings], value))) return;
    if (node.kind == Kind::array && schema.arrays != none)
      if (!go_on(array_fits(program_.arrays[schema.arrays], value, own))) return;
    if (node.kind == Kind::object && schema.objects != none)
      if (!go_on(object_fits(program_.objects[schema.objects], value, own))) return;
    if (schema.conditional != none)
      if (!go_on(conditional_fits(program_.conditionals[schema.conditional], value, own))) return;
    if (!collects) return;
    if (node.kind == Kind::array && schema.arrays != none)
      go_on(unevaluated_elements_fit(program_.arrays[schema.arrays], value, own));
    if (node.kind == Kind::object && schema.objects != none)
      go_on(unevaluated_members_fit(program_.objects[schema.objects], value, own));
  };
  all();
  if (collects) {
    if (good && marks) marks_.add(marks, own);
    marks_.close(own);
  }
  return good;
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

bool Run::type_fits(std::uint8_t types, Node value) const {
  const json::Tape::Node& node = tape_[value];
  if ((types & type_of(node.kind)) != 0) return true;
  if (node.kind != Kind::number || (types & type_integer) == 0) return false;
  return json::Decimal(tape_.inside(node)).integer();
}

bool Run::choice_fits(const Choice& choice, Node value) {
  const json::Tape::Node& node = tape_[value];
  step(node.kind == Kind::string || node.kind == Kind::number ? node.size / step_bytes : 0);
  if (choice.strings) {
    const std::span literals = std::span(program_.literals);
    const auto listed = literals.subspan(choice.listed.begin, choice.listed.size());
    if (node.kind == Kind::string &&
        std::ranges::find(listed, tape_.string(node, scratch_)) != listed.end())
      return true;
  } else {
    const auto hashes =
        std::span(program_.hashes).subspan(choice.values.begin, choice.values.size());
    if (std::ranges::binary_search(hashes, hash_.of(tape_, value))) return true;
  }
  return fail(value, choice.is_const ? "const" : "enum", [&] {
    Bytes wanted = choice.is_const ? "" : choice.values.size() == 1 ? "" : "one of ";
    for (Index i = choice.values.begin; i < choice.values.end; ++i) {
      if (i > choice.values.begin) wanted += ", ";
      if (wanted.size() > listed_bytes_max) {
        wanted += "…";
        break;
      }
      wanted += value_in_words(program_.tape, program_.values[i]);
    }
    // Two arrays can look alike in words.
    const bool vague = node.kind == Kind::array || node.kind == Kind::object;
    return is_but(value, (vague ? "equal to " : "") + wanted);
  });
}

bool Run::number_fits(const NumberRules& rules, Node value) {
  const View text = tape_.inside(tape_[value]);
  step(text.size() / step_bytes);
  const json::Decimal number(text);
  bool good = true;
  const auto out = [&](View word, View relation, const Bound& bound) {
    good = fail(value, word,
                [&] { return is_but(value, Bytes(relation) + problem::excerpt(bound.text)); });
  };
  if (rules.minimum && number < rules.minimum->value) out("minimum", "at least ", *rules.minimum);
  if (rules.maximum && number > rules.maximum->value) out("maximum", "at most ", *rules.maximum);
  if (rules.exclusive_minimum && number <= rules.exclusive_minimum->value)
    out("exclusiveMinimum", "more than ", *rules.exclusive_minimum);
  if (rules.exclusive_maximum && number >= rules.exclusive_maximum->value)
    out("exclusiveMaximum", "less than ", *rules.exclusive_maximum);
  if (!good && !telling()) return false;
  if (rules.multiple_of && !rules.multiple_of->divides(number))
    return fail(value, "multipleOf", [&] {
      return is_but(value, "a multiple of " + problem::excerpt(rules.multiple_of_text));
    });
  return good;
}

bool Run::string_fits(const StringRules& rules, Node value) {
  const json::Tape::Node& node = tape_[value];
  step(node.size / step_bytes);
  const View text = tape_.string(node, scratch_);
  bool good = true;
  if (rules.length_min > 0 || rules.length_max != unbounded) {
    const std::size_t length = node.ascii && !node.escaped ? text.size() : text::utf8_length(text);
    const auto has_but = [&](View relation, std::uint64_t limit) {
      return "is " + value_in_words(tape_, value) + ", which has " +
             count_in_words(length, "character") + ", but must have " + Bytes(relation) +
             text::decimal(limit);
    };
    if (length < rules.length_min)
      good = fail(value, "minLength", [&] { return has_but("at least ", rules.length_min); });
    else if (length > rules.length_max)
      good = fail(value, "maxLength", [&] { return has_but("at most ", rules.length_max); });
    if (!good && !telling()) return false;
  }
  if (rules.pattern == none || program_.patterns[rules.pattern].found_in(text)) return good;
  return fail(value, "pattern", [&] {
    return "is " + value_in_words(tape_, value) + ", but must match the pattern " +
           quoted(rules.pattern_text);
  });
}

bool Run::conditional_fits(const Conditional& rules, Node value, Set marks) {
  const bool holds = would_fit(rules.condition, value, marks);
  const Index then = holds ? rules.consequence : rules.alternative;
  return then == none || fits(then, value, holds ? "then" : "else", marks);
}

}  // namespace edgebatch::schema
