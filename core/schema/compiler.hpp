// From the text of a schema to a program, or to all that is wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/json/content_hash.hpp"
#include "core/json/tape.hpp"
#include "core/schema/keywords.hpp"
#include "core/schema/names.hpp"
#include "core/schema/program.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

/// Recurses as deep as the schema is: `schema_levels_count_max`.
class Compiler {
 public:
  explicit Compiler(Program& program);

  /// Reads `program.text`. Without flaws the program is complete.
  std::vector<Flaw> run();

 private:
  using Node = json::Tape::Index;

  /// What is known so far of one subschema.
  struct Parts {
    Subschema is;
    std::optional<NumberRules> numbers;
    std::optional<StringRules> strings;
    std::optional<ArrayRules> arrays;
    std::optional<ObjectRules> objects;
    std::optional<Conditional> conditional;
    std::vector<Choice> choices;
    std::vector<Bytes> names;  // Of `properties`.
    std::vector<Property> properties;
    NameTable table;
    View word;  // The keyword under way.
  };

  Index subschema(View word, Node value);
  void object(Parts& parts, Node value);
  void look(Parts& parts, Keyword keyword, Node value);
  bool look_at_number(Parts& parts, Keyword keyword, Node value);
  bool look_at_string(Parts& parts, Keyword keyword, Node value);
  bool look_at_array(Parts& parts, Keyword keyword, Node value);
  bool look_at_object(Parts& parts, Keyword keyword, Node value);
  bool look_at_conditional(Parts& parts, Keyword keyword, Node value);
  void finish(Parts& parts, Index index);

  // Of an object: its names and what each brings.
  Property& property(Parts& parts, View name);
  template <class Take>
  bool each_named(Parts& parts, Node value, View wanted, Take take);
  void properties(Parts& parts, Node value);
  void required(Parts& parts, Node value);
  void dependent_required(Parts& parts, Node value);
  void dependent_schemas(Parts& parts, Node value);
  /// The names in a list, each once; nothing if it is none.
  std::optional<std::vector<Bytes>> names_in(View word, Node value);

  // compile_values.cpp
  void types(Parts& parts, Node value);
  void choice(Parts& parts, Node value, bool is_const);
  void count(View word, Node value, std::uint64_t& out);
  void number(View word, Node value, std::optional<Bound>& out);
  void multiple_of(View word, Node value, NumberRules& rules);
  void pattern(View word, Node value, StringRules& rules);
  void boolean(View word, Node value, bool& out);
  std::uint8_t type_named(Node value);

  void flaw(Node at, View code, Bytes message);
  /// `has 7 (a number) as 'type', which must be …`
  void wrong(Node at, View word, View wanted, View code = "invalid_type");
  bool is(Node value, json::Kind kind) const { return tape_[value].kind == kind; }

  Program& program_;
  const json::Tape& tape_;
  json::ContentHash hash_;
  Bytes scratch_;
  std::vector<Flaw> flaws_;
  std::size_t subschemas_count_ = 0;
};

}  // namespace edgebatch::schema
