#include "core/schema/compiler.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/schema/at_a_glance.hpp"
#include "core/schema/keywords.hpp"
#include "core/schema/program.hpp"
#include "core/schema/schema.hpp"
#include "core/schema/words.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::schema {

using json::Kind;

namespace {

template <class T>
Index append(std::vector<T>& list, std::optional<T>& part) {
  if (!part) return none;
  list.push_back(std::move(*part));
  return static_cast<Index>(list.size() - 1);
}

template <class T>
Range append_all(std::vector<T>& list, std::vector<T>& part) {
  const auto begin = static_cast<Index>(list.size());
  std::ranges::move(part, std::back_inserter(list));
  return {begin, static_cast<Index>(list.size())};
}

// The part under way, made when it is first needed.
template <class T>
T& made(std::optional<T>& part) {
  return part ? *part : part.emplace();
}

Bytes not_read(json::Tape::Reading reading, const json::Tape& tape) {
  switch (reading) {
    case json::Tape::Reading::too_deep:
      return "is nested more than " + text::decimal(schema_levels_count_max) + " levels deep";
    case json::Tape::Reading::too_large: return "has more values than are followed";
    default: return "is not JSON (from byte " + text::decimal(tape.stopped_at()) + " on)";
  }
}

View code_of(json::Tape::Reading reading) {
  switch (reading) {
    case json::Tape::Reading::too_deep: return "too_deep";
    case json::Tape::Reading::too_large: return "too_big";
    default: return "not_json";
  }
}

}  // namespace

Compiler::Compiler(Program& program)
    : program_(program), tape_(program.tape), hash_(program.secret) {}

std::vector<Flaw> Compiler::run() {
  const auto reading = program_.tape.read(program_.text, schema_levels_count_max);
  if (reading != json::Tape::Reading::whole)
    return {{.pointer = "", .code = code_of(reading), .message = not_read(reading, tape_)}};
  program_.root = subschema("", 0);
  // Names don't move any more.
  for (std::size_t i = 0; i < program_.properties.size(); ++i) {
    program_.properties[i].name = program_.names[i];
    program_.quoted_names.emplace_back(program_.names[i]);
  }
  return std::move(flaws_);
}

void Compiler::flaw(Node at, View code, Bytes message) {
  if (flaws_.size() == flaws_count_max) return;
  flaws_.push_back({.pointer = tape_.pointer(at), .code = code, .message = std::move(message)});
}

void Compiler::wrong(Node at, View word, View wanted, View code) {
  const Bytes is = kind_in_words(tape_, at);
  flaw(at, code,
       word.empty() ? "is " + is + ", but must be " + Bytes(wanted)
                    : "has " + is + " as '" + Bytes(word) + "', which must be " + Bytes(wanted));
}

Index Compiler::subschema(View word, Node value) {
  if (++subschemas_count_ > subschemas_count_max) {
    if (subschemas_count_ == subschemas_count_max + 1)
      flaw(value, "too_big",
           "has more than " + text::decimal(subschemas_count_max) +
               " subschemas, which are more than are followed");
    return 0;
  }
  const auto index = static_cast<Index>(program_.subschemas.size());
  program_.subschemas.emplace_back();
  Parts parts;
  switch (tape_[value].kind) {
    case Kind::boolean: parts.is.refuses = !tape_.truth(tape_[value]); break;
    case Kind::object: object(parts, value); break;
    case Kind::array:
      if (word == "items") {
        wrong(value, word, "a schema: a list of them is 'prefixItems'");
        break;
      }
      [[fallthrough]];
    default: wrong(value, word, "a schema: an object or a boolean"); break;
  }
  finish(parts, index);
  return index;
}

void Compiler::object(Parts& parts, Node value) {
  Bytes scratch;
  tape_.each_member(value, [&](Node name, Node inner) {
    parts.word = tape_.string(tape_[name], scratch);
    look(parts, keyword_of(parts.word), inner);
  });
}

void Compiler::look(Parts& parts, Keyword keyword, Node value) {
  switch (keyword) {
    case Keyword::annotation: return;
    case Keyword::unsupported:
      return flaw(value, "unsupported_keyword",
                  "must not use '" + Bytes(parts.word) +
                      "': write every subschema out where it applies, with type, properties, items "
                      "and enum");
    case Keyword::type: return types(parts, value);
    case Keyword::enumeration: return choice(parts, value, false);
    case Keyword::constant: return choice(parts, value, true);
    case Keyword::content_schema: subschema(parts.word, value); return;  // Refuses what all do.
    default: break;
  }
  if (look_at_number(parts, keyword, value) || look_at_string(parts, keyword, value)) return;
  if (look_at_array(parts, keyword, value) || look_at_object(parts, keyword, value)) return;
  look_at_conditional(parts, keyword, value);
}

bool Compiler::look_at_number(Parts& parts, Keyword keyword, Node value) {
  const auto rules = [&]() -> NumberRules& { return made(parts.numbers); };
  switch (keyword) {
    case Keyword::minimum: number(parts.word, value, rules().minimum); return true;
    case Keyword::maximum: number(parts.word, value, rules().maximum); return true;
    case Keyword::exclusive_minimum:
      number(parts.word, value, rules().exclusive_minimum);
      return true;
    case Keyword::exclusive_maximum:
      number(parts.word, value, rules().exclusive_maximum);
      return true;
    case Keyword::multiple_of: multiple_of(parts.word, value, rules()); return true;
    default: return false;
  }
}

bool Compiler::look_at_string(Parts& parts, Keyword keyword, Node value) {
  const auto rules = [&]() -> StringRules& { return made(parts.strings); };
  switch (keyword) {
    case Keyword::min_length: count(parts.word, value, rules().length_min); return true;
    case Keyword::max_length: count(parts.word, value, rules().length_max); return true;
    case Keyword::pattern: pattern(parts.word, value, rules()); return true;
    default: return false;
  }
}

bool Compiler::look_at_array(Parts& parts, Keyword keyword, Node value) {
  const auto rules = [&]() -> ArrayRules& { return made(parts.arrays); };
  switch (keyword) {
    case Keyword::min_items: count(parts.word, value, rules().count_min); return true;
    case Keyword::max_items: count(parts.word, value, rules().count_max); return true;
    case Keyword::min_contains: count(parts.word, value, rules().contained_min); return true;
    case Keyword::max_contains: count(parts.word, value, rules().contained_max); return true;
    case Keyword::unique_items: boolean(parts.word, value, rules().unique); return true;
    case Keyword::items: rules().items = subschema(parts.word, value); return true;
    case Keyword::contains: rules().contains = subschema(parts.word, value); return true;
    case Keyword::unevaluated_items:
      rules().unevaluated = subschema(parts.word, value);
      parts.is.collects = true;
      return true;
    case Keyword::prefix_items: {
      if (!is(value, Kind::array) || tape_[value].size == 0) {
        wrong(value, parts.word, "a list of at least one schema");
        return true;
      }
      std::vector<Index> prefix;
      tape_.each_element(value,
                         [&](Node element) { prefix.push_back(subschema(parts.word, element)); });
      rules().prefix = append_all(program_.indices, prefix);
      return true;
    }
    default: return false;
  }
}

bool Compiler::look_at_object(Parts& parts, Keyword keyword, Node value) {
  const auto rules = [&]() -> ObjectRules& { return made(parts.objects); };
  switch (keyword) {
    case Keyword::min_properties: count(parts.word, value, rules().count_min); return true;
    case Keyword::max_properties: count(parts.word, value, rules().count_max); return true;
    case Keyword::additional_properties:
      rules().additional = subschema(parts.word, value);
      return true;
    case Keyword::property_names: rules().names = subschema(parts.word, value); return true;
    case Keyword::unevaluated_properties:
      rules().unevaluated = subschema(parts.word, value);
      parts.is.collects = true;
      return true;
    case Keyword::properties:
      rules();
      properties(parts, value);
      return true;
    case Keyword::required:
      rules();
      required(parts, value);
      return true;
    case Keyword::dependent_required:
      rules();
      dependent_required(parts, value);
      return true;
    case Keyword::dependent_schemas:
      rules();
      dependent_schemas(parts, value);
      return true;
    default: return false;
  }
}

bool Compiler::look_at_conditional(Parts& parts, Keyword keyword, Node value) {
  const auto rules = [&]() -> Conditional& { return made(parts.conditional); };
  switch (keyword) {
    case Keyword::condition: rules().condition = subschema(parts.word, value); return true;
    case Keyword::consequence: rules().consequence = subschema(parts.word, value); return true;
    case Keyword::alternative: rules().alternative = subschema(parts.word, value); return true;
    default: return false;
  }
}

Property& Compiler::property(Parts& parts, View name) {
  const Index index = parts.table.add(parts.names, name, program_.secret);
  if (index == parts.properties.size()) parts.properties.emplace_back();
  return parts.properties[index];
}

template <class Take>
bool Compiler::each_named(Parts& parts, Node value, View wanted, Take take) {
  if (!is(value, Kind::object)) {
    wrong(value, parts.word, wanted);
    return false;
  }
  Bytes scratch;
  tape_.each_member(value, [&](Node name, Node inner) {
    take(Bytes(tape_.string(tape_[name], scratch)), inner);
  });
  return true;
}

void Compiler::properties(Parts& parts, Node value) {
  each_named(parts, value, "an object of schemas", [&](const Bytes& name, Node inner) {
    property(parts, name).schema = subschema(parts.word, inner);
  });
}

void Compiler::dependent_schemas(Parts& parts, Node value) {
  each_named(parts, value, "an object of schemas", [&](const Bytes& name, Node inner) {
    property(parts, name).dependent_schema = subschema(parts.word, inner);
  });
}

std::optional<std::vector<Bytes>> Compiler::names_in(View word, Node value) {
  if (!is(value, Kind::array)) {
    wrong(value, word, "a list of names");
    return std::nullopt;
  }
  std::vector<Bytes> names;
  NameTable table;
  tape_.each_element(value, [&](Node element) {
    if (!is(element, Kind::string)) return wrong(element, word, "a list of names, each a string");
    const std::size_t before = names.size();
    table.add(names, tape_.string(tape_[element], scratch_), program_.secret);
    if (names.size() == before)
      flaw(element, "invalid_value",
           "has " + value_in_words(tape_, element) + " twice in '" + Bytes(word) +
               "', whose names must differ");
  });
  return names;
}

void Compiler::required(Parts& parts, Node value) {
  const auto names = names_in(parts.word, value);
  if (!names) return;
  for (const Bytes& name : *names) property(parts, name).required = true;
  parts.objects->required_count = static_cast<Index>(names->size());
}

void Compiler::dependent_required(Parts& parts, Node value) {
  each_named(parts, value, "an object of lists of names", [&](const Bytes& name, Node inner) {
    const auto names = names_in(parts.word, inner);
    if (!names) return;
    std::vector<Index> dependents;
    for (const Bytes& other : *names) {
      property(parts, other);
      dependents.push_back(parts.table.add(parts.names, other, program_.secret));
    }
    property(parts, name).dependents = append_all(program_.indices, dependents);
  });
}

void Compiler::finish(Parts& parts, Index index) {
  if (parts.objects) {
    parts.objects->properties = append_all(program_.properties, parts.properties);
    append_all(program_.names, parts.names);
    parts.objects->table = std::move(parts.table);
  }
  Subschema& is = parts.is;
  is.numbers = append(program_.numbers, parts.numbers);
  is.strings = append(program_.strings, parts.strings);
  is.arrays = append(program_.arrays, parts.arrays);
  is.objects = append(program_.objects, parts.objects);
  if (parts.conditional && parts.conditional->condition != none)
    is.conditional = append(program_.conditionals, parts.conditional);
  is.choices = append_all(program_.choices, parts.choices);
  is.at_a_glance = at_a_glance(program_, is);
  program_.subschemas[index] = is;
}

}  // namespace edgebatch::schema
