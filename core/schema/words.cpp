#include "core/schema/words.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/problem/excerpt.hpp"
#include "core/schema/program.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::schema {

namespace {

struct TypeName {
  Type type;
  View name;
};

constexpr auto type_names = std::to_array<TypeName>({{type_string, "a string"},
                                                     {type_number, "a number"},
                                                     {type_integer, "an integer"},
                                                     {type_boolean, "a boolean"},
                                                     {type_array, "an array"},
                                                     {type_object, "an object"},
                                                     {type_null, "null"}});

}  // namespace

Bytes quoted(View text) { return Bytes("\"").append(problem::excerpt(text)).append("\""); }

Bytes value_in_words(const json::Tape& tape, json::Tape::Index value) {
  const json::Tape::Node& node = tape[value];
  switch (node.kind) {
    case json::Kind::array: return "an array";
    case json::Kind::object: return "an object";
    case json::Kind::string: return quoted(tape.inside(node));
    default: return problem::excerpt(tape.inside(node));
  }
}

Bytes kind_in_words(const json::Tape& tape, json::Tape::Index value) {
  Bytes words = value_in_words(tape, value);
  switch (tape[value].kind) {
    case json::Kind::string: return words + " (a string)";
    case json::Kind::boolean: return words + " (a boolean)";
    case json::Kind::number: return words + " (a number)";
    default: return words;
  }
}

Bytes types_in_words(std::uint8_t types) {
  if ((types & type_number) != 0) types &= static_cast<std::uint8_t>(~type_integer);
  std::vector<View> names;
  for (const auto& [type, name] : type_names)
    if ((types & type) != 0) names.push_back(name);
  Bytes out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out.append(i + 1 == names.size() ? " or " : ", ");
    out.append(names[i]);
  }
  return out;
}

Bytes count_in_words(std::uint64_t count, View unit) {
  return text::decimal(count).append(" ").append(unit).append(count == 1 ? "" : "s");
}

}  // namespace edgebatch::schema
