// How large a tree a text would become, before it becomes one.
#pragma once

#include <cstdint>

#include "core/text/bytes.hpp"

namespace edgebatch::json {

/// The values in `text`: arrays and objects, and all that is in them; member names don't count. Of
/// a text that isn't valid, those before it goes wrong.
std::uint64_t values_count(View text);

}  // namespace edgebatch::json
