#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/json/nesting.hpp"
#include "core/json/tape.hpp"
#include "core/json/value.hpp"
#include "core/problem/excerpt.hpp"
#include "core/schema/program.hpp"
#include "core/schema/run.hpp"
#include "core/schema/schema.hpp"
#include "core/schema/words.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::schema {

namespace {

constexpr std::size_t listed_bytes_max = 400;  // Of the values that a message lists.
constexpr std::size_t excerpt_chars_max = 40;  // Of what stands where an answer is no JSON.

// `at least 3`, of a limit that `is` doesn't keep.
Bytes limit_in_words(std::uint64_t is, std::uint64_t limit) {
  return (is < limit ? "at least " : "at most ") + text::decimal(limit);
}

}  // namespace

void Run::tell(Node value, View word, Bytes message) {
  if (in_name_) message.insert(0, "its name ");
  failures_.push_back(
      {.pointer = tape_.pointer(value), .keyword = word, .message = std::move(message)});
}

bool Run::fail_type(Node value, std::uint8_t types) {
  if (telling())
    tell(value, "type",
         "is " + kind_in_words(tape_, value) + ", but must be " + types_in_words(types));
  return false;
}

bool Run::fail_refused(Node value, View word) {
  if (!telling()) return false;
  if (word.empty())
    tell(value, word, "is refused by the schema, which is `false`");
  else if (word == "then" || word == "else" || word == "dependentSchemas")
    tell(value, word, "is refused by " + quoted(word) + ", which is `false` for what it is");
  else
    tell(value, word, "is " + kind_in_words(tape_, value) + ", but must not be there");
  return false;
}

bool Run::fail_choice(Node value, const Choice& choice) {
  if (!telling()) return false;
  Bytes wanted = choice.values.size() == 0 ? "nothing, as the schema's list is empty" : "";
  for (Index i = choice.values.begin; i < choice.values.end; ++i) {
    if (i > choice.values.begin) wanted += ", ";
    if (wanted.size() > listed_bytes_max) {
      wanted += "…";
      break;
    }
    wanted += value_in_words(program_.tape, program_.values[i]);
  }
  const json::Kind kind = tape_[value].kind;
  // Two arrays can look alike in words.
  const bool vague = kind == json::Kind::array || kind == json::Kind::object;
  const View relation = vague ? "equal to " : "";
  const View among = choice.values.size() > 1 ? "one of " : "";
  tell(value, choice.is_const ? "const" : "enum",
       Bytes("is ")
           .append(value_in_words(tape_, value))
           .append(", but must be ")
           .append(relation)
           .append(among)
           .append(wanted));
  return false;
}

bool Run::fail_bound(Node value, View word, View relation, View bound) {
  if (telling())
    tell(value, word,
         "is " + value_in_words(tape_, value) + ", but must be " + Bytes(relation) +
             problem::excerpt(bound));
  return false;
}

bool Run::fail_length(Node value, View word, std::uint64_t is, std::uint64_t limit) {
  if (telling())
    tell(value, word,
         "is " + value_in_words(tape_, value) + ", which has " + count_in_words(is, "character") +
             ", but must have " + limit_in_words(is, limit));
  return false;
}

bool Run::fail_pattern(Node value, View pattern) {
  if (telling())
    tell(value, "pattern",
         "is " + value_in_words(tape_, value) + ", but must match the pattern " + quoted(pattern));
  return false;
}

bool Run::fail_count(Node value, View word, std::uint64_t is, View unit, std::uint64_t limit) {
  if (telling())
    tell(value, word,
         "has " + count_in_words(is, unit) + ", but must have " + limit_in_words(is, limit));
  return false;
}

bool Run::fail_contained(Node value, std::uint64_t is, std::uint64_t limit) {
  if (!telling()) return false;
  const bool few = is < limit;
  const View word = !few ? "maxContains" : limit == 1 ? "contains" : "minContains";
  tell(value, word,
       "has " + count_in_words(is, "element") + " as 'contains' asks for, but must have " +
           limit_in_words(is, limit));
  return false;
}

bool Run::fail_unique(Node value, Node other) {
  if (telling())
    tell(value, "uniqueItems",
         "is " + value_in_words(tape_, value) + " as " + tape_.pointer(other) +
             " is, but each element must be different");
  return false;
}

bool Run::fail_required(Node value, Range properties, std::uint64_t visit) {
  for (Index i = properties.begin; i < properties.end && telling(); ++i) {
    const Property& property = program_.properties[i];
    if (property.required && seen_in_[i] != visit)
      tell(value, "required", "has no member " + quoted(property.name) + ", which is required");
  }
  return false;
}

bool Run::fail_dependent(Node value, const Property& present, const Property& missing) {
  if (telling())
    tell(value, "dependentRequired",
         "has a member " + quoted(present.name) + ", but none named " + quoted(missing.name) +
             ", which it then must have");
  return false;
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

Failure Run::too_long() {
  return {.pointer = "",
          .keyword = "",
          .message = "takes more than " + text::decimal(steps_count_max) +
                     " steps to hold against the schema"};
}

}  // namespace edgebatch::schema
