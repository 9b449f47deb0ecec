// Moments as the dialects write them. There is no clock here: moments are inputs.
#pragma once

#include <optional>

#include "core/text/bytes.hpp"

namespace edgebatch::text {

constexpr Ms second_ms = 1'000;
constexpr Ms minute_ms = 60 * second_ms;
constexpr Ms hour_ms = 60 * minute_ms;
constexpr Ms day_ms = 24 * hour_ms;

/// The longest duration that is read, about a hundred years: it can be added to any moment.
constexpr Ms duration_ms_max = 36'525 * day_ms;

/// `2026-04-10T12:00:00.000Z`, always 24 bytes: moments outside of the years 0 to 9999 are moved to
/// the nearest in them.
Bytes iso8601(Ms moment);

/// "5s", "30m", "24h", "7d" → milliseconds; nothing else, never zero, and nothing above
/// `duration_ms_max`.
std::optional<Ms> parse_duration(View text);

/// An HTTP date of RFC 9110 (`Sun, 06 Nov 1994 08:49:37 GMT`; obsolete forms are not read).
std::optional<Ms> parse_http_date(View text);

/// `Retry-After`: seconds or a date → milliseconds from `now` on, never negative; `duration_ms_max`
/// for everything above it.
std::optional<Ms> parse_retry_after(View text, Ms now);

}  // namespace edgebatch::text
