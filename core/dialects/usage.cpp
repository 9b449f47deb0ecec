#include "core/dialects/usage.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/json/outline.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::dialects {

namespace {

using Node = json::Outline::Node;

constexpr unsigned levels_max = 2;  // The numbers, and the groups that some of them stand in.

// The names that vendors' endpoints give to one thing: the first that is there counts.
using Names = std::initializer_list<View>;

class Stated {
 public:
  explicit Stated(const json::Outline& outline) : outline_(outline) {}

  std::uint64_t tokens(Names names) const { return tokens(outline_.root(), names); }
  std::uint64_t detail(Names groups, View name) const {
    const Node* const group = first_of(outline_.root(), groups);
    return group != nullptr ? tokens(*group, {name}) : 0;
  }

 private:
  const Node* first_of(const Node& object, Names names) const {
    for (const View name : names) {
      const Node* const value = outline_.member(object, name);
      if (value != nullptr && value->value != "null") return value;
    }
    return nullptr;
  }

  std::uint64_t tokens(const Node& object, Names names) const {
    const Node* const value = first_of(object, names);
    const auto count = value != nullptr ? text::parse_decimal(value->value) : std::nullopt;
    return count && *count <= tokens_count_max ? *count : 0;
  }

  const json::Outline& outline_;
};

}  // namespace

ledger::Usage usage_of(View answer_body) {
  const auto text = json::find_member(answer_body, "usage");
  if (!text || text->size() > usage_bytes_max) return {};
  json::Outline outline;
  if (!outline.read(*text, levels_max)) return {};
  const Stated stated(outline);

  ledger::Usage usage;
  usage.input = stated.tokens({"input_tokens", "prompt_tokens"});
  usage.input_cached =
      stated.detail({"input_tokens_details", "prompt_tokens_details"}, "cached_tokens");
  usage.output = stated.tokens({"output_tokens", "completion_tokens"});
  usage.output_reasoning =
      stated.detail({"output_tokens_details", "completion_tokens_details"}, "reasoning_tokens");
  usage.total = stated.tokens({"total_tokens"});
  if (usage.total == 0) usage.total = usage.input + usage.output;
  return usage;
}

}  // namespace edgebatch::dialects
