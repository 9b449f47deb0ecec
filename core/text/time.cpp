#include "core/text/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/text/ascii.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"

namespace edgebatch::text {
namespace {

struct Date {
  std::int64_t year;
  std::int64_t month;  // 1 to 12.
  std::int64_t day;    // 1 to 31.
};

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Both ways count in eras of 400 years that begin on 1 March, so that a leap day ends its year.
// From Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
constexpr std::int64_t era_days = 146'097;
constexpr std::int64_t days_before_1970 = 719'468;  // From 1 March of the year 0.

constexpr std::int64_t days_of(Date date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (date.month + 9) % 12;  // March is 0.
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  return era * era_days + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         days_before_1970;
}

constexpr Date date_of(std::int64_t days_since_1970) {
  const std::int64_t days = days_since_1970 + days_before_1970;
  const std::int64_t era = floor_div(days, era_days);
  const std::int64_t day_of_era = days - era * era_days;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;  // March is 0.
  const std::int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
  const std::int64_t civil_month = month < 10 ? month + 3 : month - 9;
  return {year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0), civil_month, day};
}

static_assert(days_of({1970, 1, 1}) == 0 && days_of({1969, 12, 31}) == -1);
static_assert(days_of({2000, 3, 1}) - days_of({2000, 2, 28}) == 2);

constexpr Ms moment_min = days_of({0, 1, 1}) * day_ms;
constexpr Ms moment_max = days_of({10'000, 1, 1}) * day_ms - 1;

Bytes padded(std::int64_t value, std::size_t digits) {
  const Bytes text = decimal(static_cast<std::uint64_t>(value));
  return Bytes(digits - text.size(), '0') + text;
}

constexpr std::array<View, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<View, 7> weekday_names{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

std::size_t weekday(
    std::int64_t days) {  // As an index of `weekday_names`: 1970 began on a Thursday.
  return static_cast<std::size_t>(days - floor_div(days, 7) * 7);
}

// The layout, with a `#` for each byte that a field takes.
constexpr View http_date_layout = "###, ## ### #### ##:##:## GMT";

bool has_layout(View text, View layout) {
  return std::equal(text.begin(), text.end(), layout.begin(), layout.end(),
                    [](char c, char expected) { return expected == '#' || c == expected; });
}

std::optional<std::int64_t> number_at(View text, std::size_t at, std::size_t size) {
  const auto value = parse_decimal(text.substr(at, size));
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<std::int64_t> month_of(View name) {
  std::int64_t month = 0;
  for (const View known : month_names) {
    ++month;
    if (known == name) return month;
  }
  return std::nullopt;
}

bool is_real(Date date) {
  const Date back = date_of(days_of(date));
  return back.month == date.month && back.day == date.day;
}

std::optional<Ms> unit_ms(char unit) {
  switch (unit) {
    case 's': return second_ms;
    case 'm': return minute_ms;
    case 'h': return hour_ms;
    case 'd': return day_ms;
    default: return std::nullopt;
  }
}

}  // namespace

Bytes iso8601(Ms moment) {
  moment = std::clamp(moment, moment_min, moment_max);
  const std::int64_t days = floor_div(moment, day_ms);
  const Ms time = moment - days * day_ms;
  const Date date = date_of(days);
  return padded(date.year, 4) + '-' + padded(date.month, 2) + '-' + padded(date.day, 2) + 'T' +
         padded(time / hour_ms, 2) + ':' + padded(time % hour_ms / minute_ms, 2) + ':' +
         padded(time % minute_ms / second_ms, 2) + '.' + padded(time % second_ms, 3) + 'Z';
}

std::optional<Ms> parse_duration(View text) {
  if (text.empty()) return std::nullopt;
  const auto unit = unit_ms(text.back());
  const auto count = parse_decimal(text.substr(0, text.size() - 1));
  if (!unit || !count || *count == 0) return std::nullopt;
  if (*count > static_cast<std::uint64_t>(duration_ms_max / *unit)) return std::nullopt;
  return static_cast<Ms>(*count) * *unit;
}

std::optional<Ms> parse_http_date(View text) {
  if (!has_layout(text, http_date_layout)) return std::nullopt;
  const auto day = number_at(text, 5, 2);
  const auto month = month_of(text.substr(8, 3));
  const auto year = number_at(text, 12, 4);
  const auto hour = number_at(text, 17, 2);
  const auto minute = number_at(text, 20, 2);
  const auto second = number_at(text, 23, 2);
  if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;  // 60: a leap second.

  const Date date{*year, *month, *day};
  if (!is_real(date)) return std::nullopt;
  const std::int64_t days = days_of(date);
  if (text.substr(0, 3) != weekday_names[weekday(days)]) return std::nullopt;
  return days * day_ms + *hour * hour_ms + *minute * minute_ms + *second * second_ms;
}

std::optional<Ms> parse_retry_after(View text, Ms now) {
  const View value = trimmed(text);
  constexpr auto seconds_max = static_cast<std::uint64_t>(duration_ms_max / second_ms);
  if (const auto seconds = parse_decimal_up_to(value, seconds_max)) {
    return static_cast<Ms>(*seconds) * second_ms;
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  if (now < *date - duration_ms_max) return duration_ms_max;
  return std::max<Ms>(0, *date - std::min(now, *date));
}

}  // namespace edgebatch::text
