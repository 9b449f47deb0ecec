// Places inside of a JSON value (JSON Pointer, RFC 6901): `/items/1/custom_id`; empty for the value
// itself.
#pragma once

#include <cstddef>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// The place of a member of the object at `pointer`.
Bytes member_pointer(View pointer, View name);

/// The place of an element of the array at `pointer`.
Bytes element_pointer(View pointer, std::size_t index);

}  // namespace edgebatch::json
