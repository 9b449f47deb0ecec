#include "core/dialects/usage.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"

namespace edgebatch::dialects {

namespace {

using json::Value;

// The names that vendors' endpoints give to one thing: the first that is there counts.
using Names = std::initializer_list<View>;

std::optional<Value> first_of(const Value& object, Names names) {
  for (const View name : names) {
    auto value = object.member(name);
    if (value && !value->is_null()) return value;
  }
  return std::nullopt;
}

std::uint64_t tokens(const Value& object, Names names) {
  const auto value = first_of(object, names);
  const auto count = value ? value->integer() : std::nullopt;
  if (!count || *count < 0) return 0;
  const auto positive = static_cast<std::uint64_t>(*count);
  return positive <= tokens_count_max ? positive : 0;
}

std::uint64_t detail(const Value& object, Names groups, View name) {
  const auto group = first_of(object, groups);
  return group ? tokens(*group, {name}) : 0;
}

}  // namespace

ledger::Usage usage_of(View answer_body) {
  const auto text = json::find_member(answer_body, "usage");
  if (!text || text->size() > usage_bytes_max) return {};
  const auto stated = Value::parse(*text);
  if (!stated) return {};

  ledger::Usage usage;
  usage.input = tokens(*stated, {"input_tokens", "prompt_tokens"});
  usage.input_cached =
      detail(*stated, {"input_tokens_details", "prompt_tokens_details"}, "cached_tokens");
  usage.output = tokens(*stated, {"output_tokens", "completion_tokens"});
  usage.output_reasoning =
      detail(*stated, {"output_tokens_details", "completion_tokens_details"}, "reasoning_tokens");
  usage.total = tokens(*stated, {"total_tokens"});
  if (usage.total == 0) usage.total = usage.input + usage.output;
  return usage;
}

}  // namespace edgebatch::dialects
