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
  bool type_fits(std::uint8_t types, Node value) const;
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
  bool required_fit(const ObjectRules& rules, Node value, std::uint64_t visit);
  bool dependents_fit(const ObjectRules& rules, Node value, Set marks, std::uint64_t visit,
                      std::size_t first);
  bool unevaluated_members_fit(const ObjectRules& rules, Node value, Set marks);
  bool name_fits(const ObjectRules& rules, Node name);
  Index property_of(const ObjectRules& rules, Node name, Index expected);

  // Telling.
  void begin(bool telling);
  Failure unread(json::Tape::Reading reading, View answer) const;
  /// Whether anybody wants to hear more failures. If not, the first one ends it all.
  bool telling() const {
    return telling_ && quiet_ == 0 && failures_.size() < failures_count_max && !exhausted();
  }
  /// False. `message()` is asked for only if it is told.
  template <class Message>
  bool fail(Node value, View word, Message message) {
    if (telling()) tell(value, word, message());
    return false;
  }
  void tell(Node value, View word, Bytes message);
  bool refused(Node value, View word);
  Bytes is_but(Node value, View wanted) const;

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
  std::vector<std::uint64_t>
      seen_in_;  // Of each property: the last visit of an object that had it.
  std::uint64_t visits_ = 0;
  std::vector<Index>
      depended_on_;          // Properties seen that others depend on, of all objects under way.
  std::vector<Node> table_;  // Elements by their hashes.
  Bytes scratch_;
};

}  // namespace edgebatch::schema
