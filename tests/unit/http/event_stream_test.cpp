#include "core/http/event_stream.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::http::EventReader;
using edgebatch::support::Exact;

using Events = std::vector<std::pair<Bytes, Bytes>>;  // Type and data.

struct Seen {
  Events events;
  bool fits = true;
  bool foreign = false;

  bool operator==(const Seen&) const = default;
};

Seen read(const std::vector<View>& pieces, std::size_t bytes_max = 1'000) {
  Seen seen;
  EventReader reader(bytes_max);
  for (const View piece : pieces)
    seen.fits = reader.feed(Exact(piece).view(),
                            [&](View type, View data) { seen.events.emplace_back(type, data); });
  seen.foreign = reader.foreign();
  return seen;
}

Events events(View text) { return read({text}).events; }

}  // namespace

TEST_CASE("event stream: every way to end a line → the same events") {
  const Events two{{"", "a"}, {"", "b"}};
  CHECK(events("data: a\n\ndata: b\n\n") == two);
  CHECK(events("data: a\r\n\r\ndata: b\r\n\r\n") == two);
  CHECK(events("data: a\r\rdata: b\r\r") == two);
  CHECK(events("data: a\r\n\rdata: b\n\r\n") == two);
}

TEST_CASE("event stream: several data lines → one text, joined by LF") {
  CHECK(events("data: a\ndata:\ndata:  b\n\n") == Events{{"", "a\n\n b"}});
  CHECK(events("data\n\n") == Events{{"", ""}});
}

TEST_CASE("event stream: one space behind the colon → not part of the value") {
  CHECK(events("data:a\n\n") == Events{{"", "a"}});
  CHECK(events("data:  a \n\n") == Events{{"", " a "}});
  CHECK(events("data: a: b\n\n") == Events{{"", "a: b"}});
}

TEST_CASE("event stream: a type → that of its event alone") {
  CHECK(events("event: error\ndata: a\n\ndata: b\n\n") == Events{{"error", "a"}, {"", "b"}});
  CHECK(events("event: x\n\ndata: b\n\n") == Events{{"", "b"}});
  CHECK(events("data: a\nevent: late\n\n") == Events{{"late", "a"}});
}

TEST_CASE("event stream: comments, ids and blank lines → no events") {
  const Seen seen =
      read({": keep-alive\n\n\n:\nid: 7\nretry: 10\nid\n\ndata: a\n: in between\n\n"});
  CHECK(seen.events == Events{{"", "a"}});
  CHECK_FALSE(seen.foreign);
}

TEST_CASE("event stream: lines of unknown fields → foreign, and no harm") {
  CHECK(read({"<html>\n\n"}).foreign);
  CHECK(read({"Data: a\n"}).foreign);
  CHECK(read({"x\ndata: a\n\n"}).events == Events{{"", "a"}});
}

TEST_CASE("event stream: a byte order mark → skipped at the very start") {
  CHECK(events("\xEF\xBB\xBF"
               "data: a\n\n") == Events{{"", "a"}});
  const Seen later =
      read({"data: a\n\n\xEF\xBB\xBF"
            "data: b\n\n"});
  CHECK(later.events == Events{{"", "a"}});
  CHECK(later.foreign);
}

TEST_CASE("event stream: an event that the end cuts off → never happened") {
  CHECK(events("data: a\n\ndata: b\n") == Events{{"", "a"}});
  CHECK(events("data: a\n\ndata: b") == Events{{"", "a"}});
}

TEST_CASE("event stream: cut anywhere → the same events") {
  const Bytes text =
      "\xEF\xBB\xBF"
      ": hello\r\n\r\nevent: x\r\ndata: {\"a\":\"é\xF0\x9F\x98\x80\"}\r\ndata:b\r\r"
      "data: c\n\nid: 1\rdata: d\r\n\n";
  const Seen whole = read({text});
  REQUIRE(whole.events.size() == 3);
  for (std::size_t first = 0; first <= text.size(); ++first)
    for (std::size_t second = first; second <= text.size(); ++second)
      CHECK(read({View(text).substr(0, first), View(text).substr(first, second - first),
                  View(text).substr(second)}) == whole);
}

TEST_CASE("event stream: an event at the limit → read; beyond → too large for good") {
  CHECK(read({"data: abcd\n\n"}, 10).events == Events{{"", "abcd"}});
  CHECK(read({"data: abcde\n\n"}, 10) == Seen{.events = {}, .fits = false, .foreign = false});
  // However it is cut, and whatever is too large of it.
  CHECK_FALSE(read({"data:", " abc", "de"}, 10).fits);
  CHECK_FALSE(read({":", "1234567890"}, 10).fits);
  CHECK_FALSE(read({"data: abc\ndata: def\n", "data: x"}, 14).fits);
  CHECK(read({"data: abcde\n\n", "data: a\n\n"}, 10).events.empty());
}

TEST_CASE("event stream: many events → each may be as large as the limit") {
  Bytes text;
  for (int i = 0; i < 100; ++i) text += "data: abcd\n\n: comment\n";
  CHECK(read({text}, 10).events.size() == 100);
}
