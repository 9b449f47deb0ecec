// JSON Schema, draft 2020-12, without references, combinators and patternProperties: compiled once,
// then asked of as many texts as one likes. A text takes time linear in its size, and in the
// schema's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/text/siphash.hpp"

namespace edgebatch::schema {

constexpr unsigned schema_levels_count_max = 64;  // Arrays and objects inside of each other.
constexpr std::size_t subschemas_count_max = 10'000;
constexpr std::size_t pattern_count_max = 100;
constexpr std::size_t flaws_count_max = 1'000;  // Listed.
constexpr std::size_t failures_count_max = 10;  // Listed.
/// Of one validation: a subschema that is asked of a value, a name that is looked up, or a stretch
/// of a long text. Each takes some tens of nanoseconds, so all of them take seconds.
constexpr std::uint64_t steps_count_max = 50'000'000;

/// Why a text is no schema that can be compiled.
struct Flaw {
  Bytes pointer;  // Into the schema.
  View code;      // not_json, too_deep, too_big, unsupported_keyword, invalid_type, invalid_value
  Bytes message;  // What is wrong, and what would be right: a sentence with its subject.
};

/// Where an answer doesn't fit.
struct Failure {
  Bytes pointer;  // Into the answer.
  View keyword;   // That it fails; empty if it is no JSON, or more than we look at.
  Bytes message;  // A predicate: `is "12,50" (a string), but must be a number`

  bool operator==(const Failure&) const = default;
};

/// `/total: is "12,50" (a string), but must be a number (type)`
Bytes in_words(const Failure& failure);

struct Program;
class Glance;
class Run;

class Schema {
 public:
  /// The compiled schema, or all that is wrong, in the text's order, and never empty. `secret` is
  /// random, so that nobody can write names or values that are slow to look up.
  static std::variant<Schema, std::vector<Flaw>> compile(View text, const text::SipKey& secret);

  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  /// Empty if the answer fits; else its first failures. Not const, as it works in memory that it
  /// keeps: an answer that fits takes none once larger ones have been seen.
  std::vector<Failure> validate(View answer);

  /// That the last validation took.
  std::uint64_t steps_count() const;

 private:
  explicit Schema(std::unique_ptr<Program> program);

  std::unique_ptr<Program> program_;
  std::unique_ptr<Glance> glance_;
  std::unique_ptr<Run> run_;
  bool seen_at_a_glance_ = false;  // The last one.
};

}  // namespace edgebatch::schema
