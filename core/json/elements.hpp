// Arrays read in place, as large as answers may be: nothing is built.
#pragma once

#include <functional>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// Calls `see` with each element of the array `text`, as it stands there without whitespace around
/// it. False if `text` isn't a valid array; what was seen of it until then means nothing.
bool each_element(View text, const std::function<void(View element)>& see);

}  // namespace edgebatch::json
