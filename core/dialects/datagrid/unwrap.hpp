// One JSON object among other text: in a Markdown fence, or with words around it.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::dialects::datagrid {

enum class Wrapped : std::uint8_t {
  none,      // There is no object.
  one,       // There is exactly one.
  several,   // Nobody knows which is meant.
  broken,    // One begins, with the name of a member, and isn't JSON; or one lies within braces.
  in_array,  // An array has one.
};

struct Unwrapped {
  Wrapped what = Wrapped::none;
  View object;  // If there is one: as it stands in the text.
};

/// Brackets and braces in prose are no JSON, and don't count. Time is linear, memory constant.
Unwrapped unwrap(View text);

}  // namespace edgebatch::dialects::datagrid
