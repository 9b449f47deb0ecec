// One answer after the other, held against a program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/json/content_hash.hpp"
#include "core/json/tape.hpp"
#include "core/schema/marks.hpp"
#include "core/schema/program.hpp"
#include "core/schema/schema.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::schema {

/// Recurses as deep as the schema is: each step into a value is one into a subschema, and there are
/// no references. So a subschema meets a value at most once, and at most twice where it fails.
class Run {
 public:
  explicit Run(Program& program);

  std::vector<Failure> validate(View answer);

  std::uint64_t steps_count() const { return steps_; }

 private:
  using Node = json::Tape::Index;
  using Set = Marks::Set;

  /// Whether the value fits the subschema. `word`: of the keyword that applies it.
  bool fits(Index schema, Node value, View word, Set marks = {});
  /// The same, and says nothing about it; what was evaluated counts only if it fits.
  bool would_fit(Index schema, Node value, Set marks = {});

  bool kind_fits(const Subschema& schema, Node value, Set marks);
  bool all_fits(const Subschema& schema, Node value, Set marks);
  bool unevaluated_fit(const Subschema& schema, Node value, Set marks);
  bool type_fits(std::uint8_t types, Node value);
  bool choice_fits(const Choice& choice, Node value);
  bool literal_fits(const Choice& choice, Node value);
  bool number_fits(const NumberRules& rules, Node value);
  bool string_fits(const StringRules& rules, Node value);
  bool conditional_fits(const Conditional& rules, Node value, Set marks);

  // run_array.cpp
  bool array_fits(const ArrayRules& rules, Node value, Set marks);
  bool elements_fit(const ArrayRules& rules, Node value, Set marks);
  bool elements_differ(Node value);
  bool few_strings_differ(Node value) const;
  bool unevaluated_elements_fit(const ArrayRules& rules, Node value, Set marks);

  // run_object.cpp
  bool object_fits(const ObjectRules& rules, Node value, Set marks);
  /// Notes which of the properties are there, and counts those that are `required`.
  bool members_fit(const ObjectRules& rules, Node value, Set marks, std::uint64_t visit,
                   Index& required);
  bool dependents_fit(const ObjectRules& rules, Node value, Set marks, std::uint64_t visit,
                      std::size_t first);
  bool unevaluated_members_fit(const ObjectRules& rules, Node value, Set marks);
  bool name_fits(const ObjectRules& rules, Node name);
  Index property_of(const ObjectRules& rules, Node name, Index expected);

  // run_failures.cpp: false, and a failure more if somebody wants to hear it. Never inlined: the
  // sentences would stand in the way of what is run for each value.
  [[gnu::noinline]] bool fail_type(Node value, std::uint8_t types);
  [[gnu::noinline]] bool fail_refused(Node value, View word);
  [[gnu::noinline]] bool fail_choice(Node value, const Choice& choice);
  [[gnu::noinline]] bool fail_bound(Node value, View word, View relation, View bound);
  [[gnu::noinline]] bool fail_length(Node value, View word, std::uint64_t is, std::uint64_t limit);
  [[gnu::noinline]] bool fail_pattern(Node value, View pattern);
  [[gnu::noinline]] bool fail_count(Node value, View word, std::uint64_t is, View unit,
                                    std::uint64_t limit);
  [[gnu::noinline]] bool fail_contained(Node value, std::uint64_t is, std::uint64_t limit);
  [[gnu::noinline]] bool fail_unique(Node value, Node other);
  /// Of each that is required, and wasn't there at this visit.
  [[gnu::noinline]] bool fail_required(Node value, Range properties, std::uint64_t visit);
  [[gnu::noinline]] bool fail_dependent(Node value, const Property& present,
                                        const Property& missing);
  void tell(Node value, View word, Bytes message);
  Failure unread(json::Tape::Reading reading, View answer) const;
  static Failure too_long();

  void begin(bool telling);
  /// Whether anybody wants to hear more failures. If not, the first one ends it all.
  bool telling() const {
    return telling_ && quiet_ == 0 && failures_.size() < failures_count_max && !exhausted();
  }
  bool exhausted() const { return steps_ >= steps_count_max; }
  void step(std::uint64_t count = 1) { steps_ += count; }

  Program& program_;
  json::Tape tape_;
  json::ContentHash hash_;
  Marks marks_;
  std::vector<Failure> failures_;
  bool telling_ = false;
  unsigned quiet_ = 0;    // How many of the subschemas under way are merely tried.
  bool in_name_ = false;  // What is looked at is a member's name.
  std::uint64_t steps_ = 0;
  // Of each property: the last visit of an object that had it.
  std::vector<std::uint64_t> seen_in_;
  std::uint64_t visits_ = 0;
  // Those seen that others depend on, of all objects under way.
  std::vector<Index> depended_on_;
  std::vector<Node> table_;  // Elements by their hashes.
  Bytes scratch_;
};

}  // namespace edgebatch::schema
