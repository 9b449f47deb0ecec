#include "core/text/time.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <limits>
#include <optional>

#include "core/text/number.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::text {
namespace {

constexpr Ms ms_min = std::numeric_limits<Ms>::min();
constexpr Ms ms_max = std::numeric_limits<Ms>::max();

std::optional<Ms> http_date(View text) { return parse_http_date(Exact(text).view()); }

}  // namespace

TEST_CASE("iso8601: moments → ISO 8601 with milliseconds, in UTC") {
  CHECK(iso8601(0) == "1970-01-01T00:00:00.000Z");
  CHECK(iso8601(1) == "1970-01-01T00:00:00.001Z");
  CHECK(iso8601(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(iso8601(1'775'822'400'000) == "2026-04-10T12:00:00.000Z");
  CHECK(iso8601(951'782'399'999) == "2000-02-28T23:59:59.999Z");
  CHECK(iso8601(951'782'400'000) == "2000-02-29T00:00:00.000Z");
  CHECK(iso8601(951'868'800'000) == "2000-03-01T00:00:00.000Z");
  CHECK(iso8601(4'107'542'399'000) == "2100-02-28T23:59:59.000Z");
  CHECK(iso8601(4'107'542'400'000) == "2100-03-01T00:00:00.000Z");  // 2100 is no leap year.
  CHECK(iso8601(1'735'689'599'000) == "2024-12-31T23:59:59.000Z");
}

TEST_CASE("iso8601: moments around the years 0 and 9999 → kept within them") {
  CHECK(iso8601(253'402'300'799'999) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(253'402'300'800'000) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(ms_max) == "9999-12-31T23:59:59.999Z");
  CHECK(iso8601(-62'167'219'200'000) == "0000-01-01T00:00:00.000Z");
  CHECK(iso8601(-62'167'219'200'001) == "0000-01-01T00:00:00.000Z");
  CHECK(iso8601(ms_min) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("iso8601 and parse_http_date: every day of 400 years and more → the same day") {
  std::size_t wrong = 0;
  const View weekdays = "ThuFriSatSunMonTueWed";
  const View months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (Ms day = 0; day < 160'000; ++day) {
    const Bytes iso = iso8601(day * day_ms + 12 * hour_ms + 34 * minute_ms + 56 * second_ms);
    const auto month = static_cast<std::size_t>(*parse_decimal(View(iso).substr(5, 2)));
    Bytes date(weekdays.substr(static_cast<std::size_t>(day % 7) * 3, 3));
    date += ", " + iso.substr(8, 2) + " ";
    date += months.substr((month - 1) * 3, 3);
    date += " " + iso.substr(0, 4) + " 12:34:56 GMT";
    const auto parsed = parse_http_date(date);
    if (parsed != day * day_ms + 45'296 * second_ms) {
      UNSCOPED_INFO(iso << " and " << date);
      ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("parse_duration: a count and a unit → milliseconds") {
  CHECK(parse_duration("5s") == 5'000);
  CHECK(parse_duration("30m") == 1'800'000);
  CHECK(parse_duration("24h") == 86'400'000);
  CHECK(parse_duration("7d") == 604'800'000);
  CHECK(parse_duration("1s") == 1'000);
}

TEST_CASE("parse_duration: the longest, and one more of each unit → read, and refused") {
  CHECK(parse_duration("36525d") == duration_ms_max);
  CHECK(parse_duration("36526d") == std::nullopt);
  CHECK(parse_duration("876600h") == duration_ms_max);
  CHECK(parse_duration("876601h") == std::nullopt);
  CHECK(parse_duration("52596000m") == duration_ms_max);
  CHECK(parse_duration("52596001m") == std::nullopt);
  CHECK(parse_duration("3155760000s") == duration_ms_max);
  CHECK(parse_duration("3155760001s") == std::nullopt);
  CHECK(parse_duration("18446744073709551615s") == std::nullopt);
  CHECK(parse_duration("99999999999999999999999d") == std::nullopt);
}

TEST_CASE("parse_duration: zero, or anything else → nothing") {
  for (const View text : {"", "s", "0s", "00d", "5", "5S", "5ms", "5 s", " 5s", "5s ", "-5s", "+5s",
                          "1.5h", "1h30m", "5w", "5y", "unlimited", "h24"}) {
    CAPTURE(text);
    CHECK(parse_duration(Exact(text).view()) == std::nullopt);
  }
}

TEST_CASE("parse_http_date: IMF-fixdates → their moments") {
  CHECK(http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777'000);
  CHECK(http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  CHECK(http_date("Wed, 31 Dec 1969 23:59:59 GMT") == -1'000);
  CHECK(http_date("Tue, 29 Feb 2000 00:00:00 GMT") == 951'782'400'000);
  CHECK(http_date("Thu, 29 Feb 2024 00:00:00 GMT") == 1'709'164'800'000);
  CHECK(http_date("Fri, 31 Dec 9999 23:59:59 GMT") == 253'402'300'799'000);
  CHECK(http_date("Sat, 31 Dec 2016 23:59:60 GMT") == 1'483'228'800'000);  // A leap second.
}

TEST_CASE("parse_http_date: days that aren't → nothing") {
  for (const View day :
       {"00 Jan 2023", "32 Jan 2023", "29 Feb 2023", "30 Feb 2024", "31 Apr 2023", "31 Jun 2023",
        "31 Sep 2023", "31 Nov 2023", "29 Feb 1900", "29 Feb 2100"}) {
    for (const View weekday : {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}) {
      const Bytes date = Bytes(weekday) + ", " + Bytes(day) + " 00:00:00 GMT";
      CAPTURE(date);
      CHECK(http_date(date) == std::nullopt);
    }
  }
}

TEST_CASE("parse_http_date: times around their limits → read up to them") {
  const auto at = [](View time) { return http_date("Thu, 01 Jan 1970 " + Bytes(time) + " GMT"); };
  CHECK(at("23:00:00") == 23 * hour_ms);
  CHECK(at("24:00:00") == std::nullopt);
  CHECK(at("00:59:00") == 59 * minute_ms);
  CHECK(at("00:60:00") == std::nullopt);
  CHECK(at("00:00:59") == 59 * second_ms);
  CHECK(at("00:00:60") == 60 * second_ms);
  CHECK(at("00:00:61") == std::nullopt);
}

TEST_CASE("parse_http_date: the wrong weekday, the obsolete forms, or anything else → nothing") {
  for (const View text : {"",
                          "Mon, 06 Nov 1994 08:49:37 GMT",
                          "Sunday, 06-Nov-94 08:49:37 GMT",
                          "Sun Nov  6 08:49:37 1994",
                          "sun, 06 nov 1994 08:49:37 gmt",
                          "Sun, 6 Nov 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:37 UTC",
                          "Sun, 06 Nov 1994 08:49:37 +0000",
                          "Sun, 06 Nov 1994 08:49:37",
                          "Sun, 06 Nov 1994 08:49:37 GMT ",
                          " Sun, 06 Nov 1994 08:49:37 GMT",
                          "Sun,  6 Nov 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:3x GMT",
                          "Sun, 06 Nov 1994 8:049:37 GMT",
                          "Sun, 06 Nov 199x 08:49:37 GMT",
                          "Sun, 06 Nox 1994 08:49:37 GMT",
                          "Sun, -6 Nov 1994 08:49:37 GMT",
                          "Sun; 06 Nov 1994 08:49:37 GMT",
                          "Sun, 06 nNo 1994 08:49:37 GMT",
                          "1994-11-06T08:49:37Z"}) {
    CAPTURE(text);
    CHECK(http_date(text) == std::nullopt);
  }
}

TEST_CASE("parse_http_date: a date cut off anywhere → nothing") {
  const View date = "Sun, 06 Nov 1994 08:49:37 GMT";
  for (std::size_t size = 0; size < date.size(); ++size) {
    CHECK(http_date(date.substr(0, size)) == std::nullopt);
  }
}

TEST_CASE("parse_retry_after: seconds → milliseconds") {
  CHECK(parse_retry_after("0", 99) == 0);
  CHECK(parse_retry_after("120", 99) == 120'000);
  CHECK(parse_retry_after(" 5\t", 99) == 5'000);
}

TEST_CASE("parse_retry_after: seconds around the longest duration → at most that") {
  CHECK(parse_retry_after("3155759999", 0) == duration_ms_max - second_ms);
  CHECK(parse_retry_after("3155760000", 0) == duration_ms_max);
  CHECK(parse_retry_after("3155760001", 0) == duration_ms_max);
  CHECK(parse_retry_after("18446744073709551616", 0) == duration_ms_max);
  CHECK(parse_retry_after(Bytes(500, '9'), ms_max) == duration_ms_max);
}

TEST_CASE("parse_retry_after: a date → the time until then, never negative, never too long") {
  const View date = "Sun, 06 Nov 1994 08:49:37 GMT";
  constexpr Ms then = 784'111'777'000;
  CHECK(parse_retry_after(date, then - 1'500) == 1'500);
  CHECK(parse_retry_after(date, then) == 0);
  CHECK(parse_retry_after(date, then + 1) == 0);
  CHECK(parse_retry_after(date, ms_max) == 0);
  CHECK(parse_retry_after(date, then - duration_ms_max + 1) == duration_ms_max - 1);
  CHECK(parse_retry_after(date, then - duration_ms_max) == duration_ms_max);
  CHECK(parse_retry_after(date, then - duration_ms_max - 1) == duration_ms_max);
  CHECK(parse_retry_after(date, ms_min) == duration_ms_max);
}

TEST_CASE("parse_retry_after: anything else → nothing") {
  for (const View text : {"", " ", "-1", "+1", "0.2", "1e3", "NaN", "5s", "5 6", "soon"}) {
    CAPTURE(text);
    CHECK(parse_retry_after(Exact(text).view(), 0) == std::nullopt);
  }
}

}  // namespace edgebatch::text
