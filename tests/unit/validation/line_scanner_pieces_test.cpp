// However a stream is cut into pieces, the scanner finds the same in it.
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"

#include "tests/support/json_maker.hpp"
#include "tests/unit/validation/scanning.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::JsonMaker;
using namespace edgebatch::validation;

namespace {

using namespace std::literals;

// Every way a line can be, in one stream.
Bytes all_sorts() {
  Bytes stream = "\xEF\xBB\xBF" + Bytes(request) + "\n";
  stream += "\r\n \n";
  stream += R"({"\u0063ustom_id":"\ud83d\ude00\ud800\n","url":"\udc00","body":{"model":-1.5e+3 }})";
  stream += "\r\n";
  stream += "{\"custom_id\":\"\xF0\x9F\x98\x80\xE2\x80\xA8\",\"body\":{\"stream\":false}}\n";
  stream += "{\"custom_id\":\"\xF0\x9F\x98\n";
  stream += "{\"custom_id\":\"\xF0\x9F\x28\"}\n";
  stream += "[1,\"\xC3\xA9\"]\n[1\n12\n";
  stream += R"({"body":{"model":"a"},"body":1})";
  stream += "\n";
  stream += R"({"\u00e9":[1,[],{"x":{}},-2.5,"\\"],"body":{"x":1,"x":[true,null]},"url":"\/v1"})";
  stream += "\n{\"body\":{\"m\xC3\xA9\":[1,2 3]}}\n{\"a\":[{\"b\":1]}\n{\"a\":1,}\n{\"a\":01}";
  stream += "\n\n";
  stream += Bytes(edgebatch::json::nesting_max + 1, '[') + "\n";
  stream += R"({"custom_id":")" + Bytes(700, 'x') + "\xC3\xA9\"}\n";  // Too long here.
  stream += "{\"a\":\"\0\"}\n"sv;
  stream += R"({"method":"POST"})";
  return stream;
}

LineScanner short_lines() { return LineScanner(0, 1, 600); }

}  // namespace

TEST_CASE("line_scanner: cut into two pieces anywhere → the same facts") {
  const Bytes stream = all_sorts();
  const Bytes whole = facts(Scan(short_lines()).feed(stream).finish());
  CHECK(whole.find("fault 6") != Bytes::npos);
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    CAPTURE(at);
    Scan scan(short_lines());
    scan.feed(View(stream).substr(0, at)).feed(View(stream).substr(at));
    CHECK(facts(scan.finish()) == whole);
  }
}

TEST_CASE("line_scanner: byte by byte, with empty pieces in between → the same facts") {
  const Bytes stream = all_sorts();
  Scan scan(short_lines());
  for (const char byte : stream) scan.feed(View(&byte, 1)).feed("");
  CHECK(facts(scan.finish()) == facts(Scan(short_lines()).feed(stream).finish()));
}

TEST_CASE("line_scanner: a copy of a scanner in mid-line → goes on by itself") {
  const Bytes stream = all_sorts();
  const Bytes whole = facts(Scan(short_lines()).feed(stream).finish());
  for (std::size_t at = 0; at <= stream.size(); at += 7) {
    CAPTURE(at);
    auto first = std::make_unique<Scan>(short_lines());
    first->feed(View(stream).substr(0, at));
    Scan second = *first;
    first.reset();
    second.feed(View(stream).substr(at));
    CHECK(facts(second.finish()) == whole);
  }
}

TEST_CASE("line_scanner: streams at random, cut at random → the same facts, and as JSON says") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    JsonMaker random(seed);
    Bytes stream;
    for (std::uint64_t i = random.below(6); i > 0; --i) {
      Bytes text = random.text();
      if (random.below(3) == 0) {  // Mutated, perhaps no JSON any more.
        text[static_cast<std::size_t>(random.below(text.size()))] =
            static_cast<char>(random.below(256));
      }
      stream += text + "\n";
    }
    const std::vector<Line> lines = scan(stream);
    const Bytes whole = facts(lines);
    for (const Line& line : lines) {
      const View text = View(stream).substr(static_cast<std::size_t>(line.offset),
                                            static_cast<std::size_t>(line.length));
      const bool json = line.fault == Fault::none || line.fault == Fault::not_object;
      CHECK(json == edgebatch::json::valid(text));
    }
    Scan pieces;
    for (std::size_t at = 0; at < stream.size();) {
      const auto size = static_cast<std::size_t>(1 + random.below(12));
      pieces.feed(View(stream).substr(at, size));
      at += size;
    }
    CAPTURE(stream);
    CHECK(facts(pieces.finish()) == whole);
  }
}
