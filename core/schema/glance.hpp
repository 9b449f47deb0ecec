// Most answers fit: that can be seen while their text is read, in one pass that builds nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/json/cursor.hpp"
#include "core/json/literal_string.hpp"
#include "core/schema/program.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

/// Says yes only to what surely fits, and leaves all else to be read into a tape and held against
/// the schema there (run.hpp): what doesn't fit, whose failures somebody wants to hear, schemas
/// that look at a value more than once (`Subschema::at_a_glance`), names that are repeated or
/// written with escapes. What repeated members say needs no care: if all of them fit, the last one
/// does.
///
/// Reads a value once more for each `if`, `then` and `else` that applies to it.
class Glance {
 public:
  explicit Glance(Program& program);

  /// Whether the answer surely fits; false says nothing.
  bool fits(View answer);

  /// That this took: a value, a name, or a stretch of a long text is one.
  std::uint64_t steps_count() const { return steps_; }

 private:
  /// What is known of an object under way.
  struct Members {
    std::uint64_t visit;
    Index expected;  // Names mostly come in the schema's order.
    Index required_count = 0;
    Index known_count = 0;   // Members whose names are properties, …
    Index others_count = 0;  // … and others, of which some names may be repeated.
  };

  // All of these are at a token and pass a whole value, or give up: false.
  bool value(const Subschema& schema);
  bool plain_value(const Subschema& schema);
  bool string(const Subschema& schema);
  bool number(const Subschema& schema);
  bool literal(const Subschema& schema);
  template <class One>
  bool each_inside(char end, One one);
  bool array(const Subschema& schema);
  bool element(const ArrayRules& rules, std::size_t index);
  bool object(const Subschema& schema);
  bool member(const ObjectRules& rules, Members& members);
  bool misfit();
  bool conditional(const Conditional& rules, const json::Cursor& start);

  bool string_fits(const Subschema& schema, const json::LiteralString& string);
  /// Passes a name and its colon, and finds the property.
  bool name(const ObjectRules& rules, Members& members, Index& found);
  bool other_name(const ObjectRules& rules, Index& found);
  Index property_of(const ObjectRules& rules, View name) const;

  /// What was passed doesn't fit: in a condition that is an answer, too.
  bool fail() {
    failed_ = true;
    return conditions_ > 0;
  }
  const Subschema& subschema(Index index) const {
    return index == none ? anything_ : program_.subschemas[index];
  }

  Program& program_;
  const Subschema anything_;
  const ArrayRules any_array_;
  const ObjectRules any_object_;
  Bytes tail_;
  json::Cursor cursor_;
  std::uint64_t steps_ = 0;
  unsigned levels_ = 0;      // Of values under way.
  unsigned conditions_ = 0;  // Of those, how many are read for an `if`.
  bool failed_ = false;      // The innermost condition.
  // Of each property: the last visit of an object that had it.
  std::vector<std::uint64_t> seen_in_;
  std::uint64_t visits_ = 0;
  std::vector<std::uint64_t> signatures_;  // Of the elements of an array that have to differ.
  Bytes scratch_;
};

}  // namespace edgebatch::schema
