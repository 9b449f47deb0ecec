// The words of JSON Schema that mean something here.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::schema {

enum class Keyword : std::uint8_t {
  unsupported,  // Refused wherever a schema stands.
  annotation,   // Ignored, as every unknown word is.
  additional_properties,
  constant,
  contains,
  content_schema,
  dependent_required,
  dependent_schemas,
  alternative,  // else
  enumeration,
  exclusive_maximum,
  exclusive_minimum,
  condition,  // if
  items,
  max_contains,
  max_items,
  max_length,
  max_properties,
  maximum,
  min_contains,
  min_items,
  min_length,
  min_properties,
  minimum,
  multiple_of,
  pattern,
  prefix_items,
  properties,
  property_names,
  required,
  consequence,  // then
  type,
  unevaluated_items,
  unevaluated_properties,
  unique_items,
};

Keyword keyword_of(View word);

}  // namespace edgebatch::schema
