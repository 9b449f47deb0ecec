// What keywords that hold no schemas say.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "core/json/decimal.hpp"
#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/pattern/pattern.hpp"
#include "core/schema/compiler.hpp"
#include "core/schema/program.hpp"
#include "core/schema/schema.hpp"
#include "core/schema/signature.hpp"
#include "core/schema/words.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
#include "core/text/sort.hpp"

namespace edgebatch::schema {

using json::Kind;

namespace {

constexpr std::size_t few_values_count_max = 64;  // Of an enum, looked at one by one.

struct TypeWord {
  View word;
  std::uint8_t types;
};

constexpr auto type_words = std::to_array<TypeWord>({{"array", type_array},
                                                     {"boolean", type_boolean},
                                                     {"integer", type_integer},
                                                     {"null", type_null},
                                                     {"number", type_number | type_integer},
                                                     {"object", type_object},
                                                     {"string", type_string}});

constexpr View type_wanted =
    "one of \"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\" and \"string\"";

}  // namespace

std::uint8_t Compiler::type_named(Node value) {
  if (!is(value, Kind::string)) return 0;
  const View word = tape_.string(tape_[value], scratch_);
  const auto found = std::ranges::find(type_words, word, &TypeWord::word);
  return found != type_words.end() ? found->types : std::uint8_t{0};
}

void Compiler::types(Parts& parts, Node value) {
  parts.is.types = 0;
  if (is(value, Kind::string)) {
    parts.is.types = type_named(value);
    if (parts.is.types == 0) wrong(value, parts.word, type_wanted, "invalid_value");
    return;
  }
  if (!is(value, Kind::array) || tape_[value].size == 0)
    return wrong(value, parts.word, "a type, or a list of at least one");
  std::uint8_t seen = 0;  // A bit a word: "number" and "integer" are two.
  tape_.each_element(value, [&](Node element) {
    const std::uint8_t named = type_named(element);
    const std::uint8_t bit = named & type_number ? std::uint8_t{type_number} : named;
    if (named == 0)
      wrong(element, parts.word, type_wanted, "invalid_value");
    else if ((seen & bit) != 0)
      flaw(element, "invalid_value",
           "has " + value_in_words(tape_, element) + " twice in 'type', whose types must differ");
    seen |= bit;
    parts.is.types |= named;
  });
}

void Compiler::choice(Parts& parts, Node value, bool is_const) {
  if (!is_const && !is(value, Kind::array)) return wrong(value, parts.word, "a list of values");
  Choice out;
  out.is_const = is_const;
  out.values.begin = static_cast<Index>(program_.values.size());
  out.listed = is_const || tape_[value].size <= few_values_count_max;
  const auto take = [&](Node element) {
    const json::Tape::Node& node = tape_[element];
    const bool scalar = node.kind != Kind::array && node.kind != Kind::object;
    const View literal = !scalar                     ? View()
                         : node.kind == Kind::string ? tape_.string(node, scratch_)
                                                     : tape_.inside(node);
    out.listed = out.listed && scalar;
    out.numbers = out.numbers || node.kind == Kind::number;
    program_.values.push_back(element);
    program_.literals.emplace_back(literal);
    program_.signatures.push_back(signature(literal));
    program_.hashes.push_back(hash_.of(tape_, element));
  };
  if (is_const)
    take(value);
  else
    tape_.each_element(value, take);
  out.values.end = static_cast<Index>(program_.values.size());
  std::span hashes = std::span(program_.hashes).subspan(out.values.begin);
  text::sort(hashes);
  parts.choices.push_back(out);
}

void Compiler::count(View word, Node value, std::uint64_t& out) {
  constexpr View wanted = "an integer of at least 0";
  if (!is(value, Kind::number)) return wrong(value, word, wanted);
  const auto count = json::Decimal(tape_.inside(tape_[value])).count();
  if (!count) return wrong(value, word, wanted, "invalid_value");
  out = *count;
}

void Compiler::number(View word, Node value, std::optional<Bound>& out) {
  if (!is(value, Kind::number)) return wrong(value, word, "a number");
  const View text = tape_.inside(tape_[value]);
  out = {.value = json::Decimal(text), .text = text};
}

void Compiler::multiple_of(View word, Node value, NumberRules& rules) {
  constexpr View wanted = "a number above 0";
  if (!is(value, Kind::number)) return wrong(value, word, wanted);
  const json::Decimal number(tape_.inside(tape_[value]));
  if (number.negative() || number.zero()) return wrong(value, word, wanted, "invalid_value");
  rules.multiple_of = json::Divisor::of(number);
  rules.multiple_of_text = tape_.inside(tape_[value]);
  if (!rules.multiple_of)
    flaw(value, "too_big",
         "has a 'multipleOf' of " + text::decimal(number.size()) + " digits, but at most " +
             text::decimal(json::divisor_digits_count_max) + " are followed");
}

void Compiler::pattern(View word, Node value, StringRules& rules) {
  constexpr View wanted = "a regular expression of ECMA-262";
  if (!is(value, Kind::string)) return wrong(value, word, wanted);
  if (program_.patterns.size() == pattern_count_max)
    return flaw(value, "too_big",
                "has more than " + text::decimal(pattern_count_max) +
                    " patterns, which are more than are followed");
  rules.pattern_text = tape_.inside(tape_[value]);
  auto compiled = pattern::Pattern::compile(tape_.string(tape_[value], scratch_));
  if (auto* const right = std::get_if<pattern::Pattern>(&compiled)) {
    rules.pattern = static_cast<Index>(program_.patterns.size());
    program_.patterns.push_back(std::move(*right));
    return;
  }
  const auto& [offset, message] = std::get<pattern::Flaw>(compiled);
  flaw(value, "invalid_value",
       "has " + value_in_words(tape_, value) + " as 'pattern', which must be " + Bytes(wanted) +
           ": " + message + " (at byte " + text::decimal(offset) + ")");
}

void Compiler::boolean(View word, Node value, bool& out) {
  if (!is(value, Kind::boolean)) return wrong(value, word, "a boolean");
  out = tape_.truth(tape_[value]);
}

}  // namespace edgebatch::schema
