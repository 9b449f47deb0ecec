// The words that every other header is written in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace edgebatch {

using Bytes = std::string;      // Owned octets: text or binary, never assumed to be valid UTF-8.
using View = std::string_view;  // Borrowed octets: valid until their owner changes.
using Ms = std::int64_t;        // Milliseconds: since 1970 for a moment, else a duration.

}  // namespace edgebatch
