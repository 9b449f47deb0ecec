#include "core/schema/keywords.hpp"

#include <algorithm>
#include <array>

#include "core/text/bytes.hpp"

namespace edgebatch::schema {

namespace {

struct Row {
  View word;
  Keyword keyword;
};

constexpr auto rows = std::to_array<Row>({
    {"$defs", Keyword::unsupported},
    {"$dynamicRef", Keyword::unsupported},
    {"$ref", Keyword::unsupported},
    {"additionalProperties", Keyword::additional_properties},
    {"allOf", Keyword::unsupported},
    {"anyOf", Keyword::unsupported},
    {"const", Keyword::constant},
    {"contains", Keyword::contains},
    {"contentSchema", Keyword::content_schema},
    {"dependentRequired", Keyword::dependent_required},
    {"dependentSchemas", Keyword::dependent_schemas},
    {"else", Keyword::alternative},
    {"enum", Keyword::enumeration},
    {"exclusiveMaximum", Keyword::exclusive_maximum},
    {"exclusiveMinimum", Keyword::exclusive_minimum},
    {"if", Keyword::condition},
    {"items", Keyword::items},
    {"maxContains", Keyword::max_contains},
    {"maxItems", Keyword::max_items},
    {"maxLength", Keyword::max_length},
    {"maxProperties", Keyword::max_properties},
    {"maximum", Keyword::maximum},
    {"minContains", Keyword::min_contains},
    {"minItems", Keyword::min_items},
    {"minLength", Keyword::min_length},
    {"minProperties", Keyword::min_properties},
    {"minimum", Keyword::minimum},
    {"multipleOf", Keyword::multiple_of},
    {"not", Keyword::unsupported},
    {"oneOf", Keyword::unsupported},
    {"pattern", Keyword::pattern},
    {"patternProperties", Keyword::unsupported},
    {"prefixItems", Keyword::prefix_items},
    {"properties", Keyword::properties},
    {"propertyNames", Keyword::property_names},
    {"required", Keyword::required},
    {"then", Keyword::consequence},
    {"type", Keyword::type},
    {"unevaluatedItems", Keyword::unevaluated_items},
    {"unevaluatedProperties", Keyword::unevaluated_properties},
    {"uniqueItems", Keyword::unique_items},
});
static_assert(std::ranges::is_sorted(rows, {}, &Row::word));

}  // namespace

Keyword keyword_of(View word) {
  const auto found = std::ranges::lower_bound(rows, word, {}, &Row::word);
  return found != rows.end() && found->word == word ? found->keyword : Keyword::annotation;
}

}  // namespace edgebatch::schema
