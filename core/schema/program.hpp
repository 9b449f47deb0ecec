// A compiled schema: flat lists that name each other by indices. There are no references, so
// subschemas make up a tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/json/decimal.hpp"
#include "core/json/tape.hpp"
#include "core/pattern/pattern.hpp"
#include "core/schema/names.hpp"
#include "core/schema/quoted_name.hpp"
#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::schema {

using Index = std::uint32_t;
constexpr Index none = std::numeric_limits<Index>::max();
constexpr std::uint64_t unbounded = std::numeric_limits<std::uint64_t>::max();

/// Some neighbours in one of the lists.
struct Range {
  Index begin = 0;
  Index end = 0;
  Index size() const { return end - begin; }
};

/// Types as a set.
enum Type : std::uint8_t {
  type_null = 1,
  type_boolean = 2,
  type_integer = 4,
  type_number = 8,
  type_string = 16,
  type_array = 32,
  type_object = 64,
  type_any = 127,
};

struct Bound {
  json::Decimal value;
  View text;  // As the schema writes it.
};

struct NumberRules {
  std::optional<Bound> minimum, maximum, exclusive_minimum, exclusive_maximum;
  std::optional<json::Divisor> multiple_of;
  View multiple_of_text;
};

struct StringRules {
  std::uint64_t length_min = 0;  // In code points.
  std::uint64_t length_max = unbounded;
  Index pattern = none;
  View pattern_text;  // As the schema writes it.
};

struct ArrayRules {
  std::uint64_t count_min = 0;
  std::uint64_t count_max = unbounded;
  Range prefix;        // In `indices`: the subschemas of the first elements …
  Index items = none;  // … and of all others.
  Index contains = none;
  std::uint64_t contained_min = 1;
  std::uint64_t contained_max = unbounded;
  Index unevaluated = none;
  bool unique = false;
};

/// A name that an object's schema knows.
struct Property {
  View name;
  Index schema = none;
  Range dependents;               // In `indices`: properties that have to be there if this is.
  Index dependent_schema = none;  // That fits the whole object if this is there.
  bool required = false;
};

struct ObjectRules {
  std::uint64_t count_min = 0;
  std::uint64_t count_max = unbounded;
  Range properties;  // Each has the name of the same index.
  NameTable table;
  Index required_count = 0;
  Index additional = none;
  Index names = none;
  Index unevaluated = none;
};

/// enum and const: one of these.
struct Choice {
  Range
      values;  // In `values`, and their literals and signatures; their hashes, sorted, in `hashes`.
  bool listed = false;   // They are few, and scalars.
  bool numbers = false;  // Some can be written in another way.
  bool is_const = false;
};

struct Conditional {
  Index condition = none;
  Index consequence = none;  // then
  Index alternative = none;  // else
};

struct Subschema {
  std::uint8_t types = type_any;
  bool refuses = false;      // `false`
  bool collects = false;     // It has to know what was evaluated.
  bool at_a_glance = false;  // It can be held against a value while that is read.
  // One of each list:
  Index numbers = none;
  Index strings = none;
  Index arrays = none;
  Index objects = none;
  Index conditional = none;
  Range choices;  // Of enum, of const.
};

struct Program {
  explicit Program(const text::SipKey& by) : secret(by), tape(by) {}

  text::SipKey secret;
  Bytes text;       // What the tape, numbers and names look at: it never moves.
  json::Tape tape;  // Of the schema.
  Index root = 0;

  std::vector<Subschema> subschemas;
  std::vector<NumberRules> numbers;
  std::vector<StringRules> strings;
  std::vector<ArrayRules> arrays;
  std::vector<ObjectRules> objects;
  std::vector<Conditional> conditionals;
  std::vector<Choice> choices;
  std::vector<Property> properties;
  std::vector<Bytes> names;              // Of properties, each at its property's index, …
  std::vector<QuotedName> quoted_names;  // … as those are.
  std::vector<Index> indices;
  std::vector<Index> values;  // Nodes of the tape.
  std::vector<text::SipHash> hashes;
  std::vector<Bytes> literals;  // What a string stands for, other scalars as they are written.
  std::vector<std::uint64_t> signatures;
  std::vector<pattern::Pattern> patterns;
};

}  // namespace edgebatch::schema
