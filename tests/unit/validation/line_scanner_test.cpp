#include "core/validation/line_scanner.hpp"

#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/json/grammar.hpp"
#include "core/json/value.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"

#include "tests/support/exact.hpp"
#include "tests/unit/validation/scanning.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::validation;

namespace {

using namespace std::literals;

Bytes nested(std::size_t levels) { return Bytes(levels, '[') + Bytes(levels, ']'); }

void check_fault(View line, Fault fault, std::uint64_t column) {
  CAPTURE(line);
  const Line found = line_of(line);
  CHECK(found.fault == fault);
  CHECK(found.fault_column.bytes == column);
  CHECK_FALSE(found.custom_id.present);
  CHECK_FALSE(found.body.present);
  CHECK_FALSE(found.model.present);
  CHECK(facts(scan_line(Exact(line).view())) == facts(found));
}

}  // namespace

TEST_CASE("line_scanner: a request line → each member with kind, text and place") {
  const Line line = line_of(request);
  CHECK(line.number == 1);
  CHECK(line.offset == 0);
  CHECK(line.length == request.size());
  CHECK(line.fault == Fault::none);
  CHECK(line.fault_column.bytes == 0);

  CHECK(line.custom_id.kind == Kind::string);
  CHECK(line.custom_id.text == "a-1");
  CHECK(line.method.text == "POST");
  CHECK(line.url.text == "/v1/chat/completions");
  CHECK(line.model.text == "m1");
  CHECK(line.body.kind == Kind::object);
  CHECK(line.messages.kind == Kind::array);
  CHECK(line.stream.kind == Kind::boolean);
  CHECK(line.stream.is_true);
  CHECK(line.input.kind == Kind::array);
  CHECK(line.prompt.kind == Kind::string);
  CHECK(line.prompt.text.empty());  // Not one of the captured ones.

  CHECK(cut(request, line.custom_id) == R"("a-1")");
  CHECK(cut(request, line.method) == R"("POST")");
  CHECK(cut(request, line.url) == R"("/v1/chat/completions")");
  CHECK(cut(request, line.model) == R"("m1")");
  CHECK(cut(request, line.messages) == R"([{"role":"user","content":"say \"}]\" twice"}])");
  CHECK(cut(request, line.stream) == "true");
  CHECK(cut(request, line.input) == "[1,2]");
  CHECK(cut(request, line.prompt) == R"("p")");
  const View body = cut(request, line.body);
  CHECK(body.starts_with(R"({"model":"m1")"));
  CHECK(body.ends_with(R"("temperature":0.5})"));
  CHECK(edgebatch::json::valid(body));
}

TEST_CASE("line_scanner: members of other types → their kind, and where they lie") {
  const View text =
      R"({"custom_id":12.5e1,"method":null ,"url":[],"body":{"model":false,"stream":0)"
      "\t,\"messages\":null,\"input\":-1,\"prompt\":{\"model\":\"x\"}}}";
  const Line line = line_of(text);
  CHECK(line.fault == Fault::none);
  CHECK(line.custom_id.kind == Kind::number);
  CHECK(cut(text, line.custom_id) == "12.5e1");
  CHECK(line.method.kind == Kind::null);
  CHECK(line.method.present);
  CHECK(cut(text, line.method) == "null");
  CHECK(line.url.kind == Kind::array);
  CHECK(cut(text, line.url) == "[]");
  CHECK(line.model.kind == Kind::boolean);
  CHECK_FALSE(line.model.is_true);
  CHECK(cut(text, line.model) == "false");
  CHECK(line.stream.kind == Kind::number);
  CHECK(cut(text, line.stream) == "0");
  CHECK(cut(text, line.messages) == "null");
  CHECK(cut(text, line.input) == "-1");
  CHECK(line.prompt.kind == Kind::object);
  CHECK(cut(text, line.prompt) == R"({"model":"x"})");
}

TEST_CASE("line_scanner: a number or literal in front of what ends the object → each has its end") {
  const View text = R"({"url":0,"body":{"stream":true},"method":1})";
  const Line line = line_of(text);
  CHECK(cut(text, line.url) == "0");
  CHECK(cut(text, line.stream) == "true");
  CHECK(cut(text, line.body) == R"({"stream":true})");
  CHECK(cut(text, line.method) == "1");
}

TEST_CASE("line_scanner: a body that isn't an object → its kind, and nothing inside it") {
  const auto bodies = std::to_array<View>(
      {R"("model")", R"([{"model":"m"},"model"])", "1", "true", "null", R"([["model"]])", "{}"});
  const auto kinds = std::to_array<Kind>({Kind::string, Kind::array, Kind::number, Kind::boolean,
                                          Kind::null, Kind::array, Kind::object});
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const Bytes text = R"({"body":)" + Bytes(bodies[i]) + R"(,"custom_id":"c"})";
    CAPTURE(text);
    const Line line = line_of(text);
    CHECK(line.fault == Fault::none);
    CHECK(line.body.present);
    CHECK(line.body.kind == kinds[i]);
    CHECK(cut(text, line.body) == bodies[i]);
    CHECK_FALSE(line.model.present);
    CHECK(line.custom_id.text == "c");
  }
}

TEST_CASE("line_scanner: the names elsewhere → ignored") {
  const Line line = line_of(
      R"({"model":"x","stream":1,"messages":2,"input":3,"prompt":4,"other":{"model":1,"custom_id":2},)"
      R"("body":{"custom_id":"no","x":{"model":"no"},"y":[{"model":"no"},"model"],"body":{"input":1}}})");
  CHECK(line.fault == Fault::none);
  CHECK_FALSE(line.custom_id.present);
  CHECK_FALSE(line.model.present);
  CHECK_FALSE(line.stream.present);
  CHECK_FALSE(line.messages.present);
  CHECK_FALSE(line.input.present);
  CHECK_FALSE(line.prompt.present);
  CHECK(line.body.present);
}

TEST_CASE("line_scanner: names that only look alike → ignored") {
  const Line line =
      line_of(R"({"custom_i":1,"custom_ids":1,"custom_id_and_much_more_than_that":1,"":1,"Url":1,)"
              R"("body":{"mode":1,"models":1,"\u006dodel ":1}})");
  CHECK(line.fault == Fault::none);
  CHECK_FALSE(line.custom_id.present);
  CHECK_FALSE(line.url.present);
  CHECK_FALSE(line.model.present);
}

TEST_CASE("line_scanner: escaped names → compared decoded") {
  const Line line = line_of(R"({"\u0062ody":{"mod\u0065l":"m"},"\u0063ustom_\u0069d":"c"})");
  CHECK(line.model.text == "m");
  CHECK(line.custom_id.text == "c");
}

TEST_CASE("line_scanner: escapes in captured texts → decoded; lone surrogates are U+FFFD") {
  const Line line = line_of(
      R"({"custom_id":"\"\\\/\n\u00e9\ud83d\ude00","url":"\ud800x\udc00","method":"\ud83d\ud83d\ude00",)"
      "\"body\":{\"model\":\"\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"}}");
  CHECK(line.custom_id.text == "\"\\/\n\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(line.url.text == "\xEF\xBF\xBDx\xEF\xBF\xBD");
  CHECK(line.method.text == "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  CHECK(line.model.text == "\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80");
}

TEST_CASE("line_scanner: a captured text at the limit → whole; above → cut between characters") {
  struct Case {
    Bytes inside;
    Bytes text;
    bool too_long;
  };
  const Bytes max(captured_bytes_max, 'x');
  const Bytes one_less(captured_bytes_max - 1, 'x');
  const std::vector<Case> cases{
      {one_less, one_less, false},
      {max, max, false},
      {max + "y", max, true},
      {max + max + max, max, true},
      {one_less + "\\n", one_less + "\n", false},
      {max + "\\n", max, true},
      {one_less + "\xC3\xA9", one_less, true},  // Half of it would fit.
      {max.substr(2) + "\xC3\xA9", max.substr(2) + "\xC3\xA9", false},
      {max.substr(3) + "\xF0\x9F\x98\x80", max.substr(3), true},
      {max.substr(4) + "\\ud83d\\ude00", max.substr(4) + "\xF0\x9F\x98\x80", false},
      {max.substr(3) + "\\ud83d\\ude00", max.substr(3), true},
      {max.substr(3) + "\\ud83d", max.substr(3) + "\xEF\xBF\xBD", false},
      {max.substr(2) + "\\ud83d", max.substr(2), true},
  };
  for (const Case& one : cases) {
    const Bytes text = R"({"custom_id":")" + one.inside + R"(","url":"u"})";
    const Line line = line_of(text);
    CAPTURE(one.inside.size());
    CHECK(line.fault == Fault::none);
    CHECK(line.custom_id.text == one.text);
    CHECK(line.custom_id.too_long == one.too_long);
    CHECK(cut(text, line.custom_id) == "\"" + one.inside + "\"");
    CHECK(line.url.text == "u");
    CHECK_FALSE(line.url.too_long);
  }
}

TEST_CASE("line_scanner: several lines → numbers, offsets and lengths") {
  const std::vector<Line> lines = scan("{}\n{\"custom_id\":\"b\"}\r\n\t{} \n{}");
  REQUIRE(lines.size() == 4);
  CHECK(facts(lines[0]) == "1 at 0+2 fault 0 in 0\n");
  CHECK(facts(lines[1]) == "2 at 3+18 fault 0 in 0 custom_id=3@13..16'b'\n");
  CHECK(facts(lines[2]) == "3 at 22+4 from 2 fault 0 in 0\n");
  CHECK(facts(lines[3]) == "4 at 27+2 fault 0 in 0\n");
}

TEST_CASE("line_scanner: a last line with or without LF → reported once") {
  CHECK(scan("{}").size() == 1);
  CHECK(scan("{}\n").size() == 1);
  CHECK(scan("").empty());
  CHECK(facts(scan("{}\r\n{}\r")) == "1 at 0+3 fault 0 in 0\n2 at 4+3 fault 0 in 0\n");
}

TEST_CASE("line_scanner: blank lines → reported if something follows, not at the end") {
  CHECK(scan("\n").empty());
  CHECK(scan("\n\n \r\n\t").empty());
  CHECK(scan("{}\n\n\r\n  ").size() == 1);
  CHECK(facts(scan("\n \r\n\r\n{}\n\n[]\n\n")) ==
        "1 at 0+0 fault 1 in 1\n"
        "2 at 1+2 fault 1 in 1\n"
        "3 at 4+1 fault 1 in 1\n"
        "4 at 6+2 fault 0 in 0\n"
        "5 at 9+0 fault 1 in 1\n"
        "6 at 10+2 fault 4 in 1\n");
}

TEST_CASE("line_scanner: a million blank lines → held back in constant memory") {
  const Bytes blanks(1'000'000, '\n');
  CHECK(scan("{}\n" + blanks).size() == 1);
  std::uint64_t count = 0;
  std::uint64_t last = 0;
  const auto sink = [&](const Line& line) {
    ++count;
    last = line.offset;
  };
  LineScanner scanner;
  scanner.feed(blanks, sink);
  CHECK(count == 0);
  scanner.feed("{}", sink);
  scanner.finish(sink);
  CHECK(count == 1'000'001);
  CHECK(last == 1'000'000);
}

TEST_CASE("line_scanner: blank lines of ever other lengths → held back up to a limit") {
  const auto blanks = [](std::size_t runs) {
    Bytes text;
    for (std::size_t i = 0; i < runs; ++i) text += i % 2 == 0 ? "\n" : " \n";
    return text;
  };
  constexpr std::size_t max = LineScanner::blank_runs_max;
  CHECK(scan(blanks(max - 1)).empty());
  CHECK(scan(blanks(max)).empty());
  const std::vector<Line> lines = scan(blanks(max + 1));
  REQUIRE(lines.size() == max);
  CHECK(lines.back().number == max);
  CHECK(lines.back().fault == Fault::blank);

  const std::vector<Line> all = scan(blanks(3 * max) + "{}");
  REQUIRE(all.size() == 3 * max + 1);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].number == i + 1);
  CHECK(all.back().offset == 3 * max + 3 * max / 2);
  CHECK(all.back().fault == Fault::none);
}

TEST_CASE("line_scanner: a byte order mark at the stream's start → not part of the first line") {
  CHECK(facts(scan("\xEF\xBB\xBF{}\n{}")) == "1 at 3+2 fault 0 in 0\n2 at 6+2 fault 0 in 0\n");
  CHECK(scan("\xEF\xBB\xBF").empty());
  CHECK(scan("\xEF\xBB\xBF\n").empty());
  CHECK(facts(scan("\xEF\xBB\xBF\n{}")) == "1 at 3+0 fault 1 in 1\n2 at 4+2 fault 0 in 0\n");
}

TEST_CASE("line_scanner: a mark that is half, doubled or elsewhere → part of the line") {
  check_fault("\xEF\xBB{}", Fault::not_json, 1);
  check_fault("\xEF", Fault::not_json, 1);
  check_fault("\xEF\xBB", Fault::not_json, 1);
  CHECK(facts(scan("\xEF\xBB\n{}")) == "1 at 0+2 fault 3 in 1 0\n2 at 3+2 fault 0 in 0\n");
  CHECK(facts(scan("\xEF\xBB\xBF\xEF\xBB\xBF{}")) == "1 at 3+5 fault 3 in 1 0\n");
  CHECK(facts(scan("{}\n\xEF\xBB\xBF{}")) == "1 at 0+2 fault 0 in 0\n2 at 3+5 fault 3 in 1 0\n");
  CHECK(facts(Scan(LineScanner(100, 7)).feed("\xEF\xBB\xBF{}\n{}").finish()) ==
        "7 at 100+5 fault 3 in 1 0\n8 at 106+2 fault 0 in 0\n");
  CHECK(scan_line("\xEF\xBB\xBF{}").fault == Fault::not_json);
}

TEST_CASE("line_scanner: a scan that begins inside a stream → counts on from there") {
  CHECK(facts(Scan(LineScanner(1000, 50)).feed("{}\n\n{}\n").finish()) ==
        "50 at 1000+2 fault 0 in 0\n51 at 1003+0 fault 1 in 1\n52 at 1004+2 fault 0 in 0\n");
}

TEST_CASE("line_scanner: lines that aren't JSON → where it went wrong") {
  check_fault("x", Fault::not_json, 1);
  check_fault("{\"a\":1", Fault::not_json, 7);
  check_fault("{\"a\":1}}", Fault::not_json, 8);
  check_fault("{} {}", Fault::not_json, 4);
  check_fault("{\"a\":01}", Fault::not_json, 7);
  check_fault("{\"a\":tru}", Fault::not_json, 9);
  check_fault("{'a':1}", Fault::not_json, 2);
  check_fault("{\"a\":\"\t\"}", Fault::not_json, 7);
  check_fault("{\"a\":\"\\x\"}", Fault::not_json, 8);
  check_fault("[1,2", Fault::not_json, 5);
  check_fault("{\"custom_id\":\"a\",}", Fault::not_json, 18);
  check_fault("{\"custom_id\":\"a", Fault::not_json, 16);
  check_fault("{\"body\":{\"model\":\"m\"}", Fault::not_json, 22);
  check_fault("{}\xE2\x80\xA8", Fault::not_json, 3);
}

TEST_CASE("line_scanner: a string that breaks off behind wide characters → counted once") {
  const Line line = line_of("{\"a\":[{\"b\":\"\xC3\xA9\xE2\x82\xAC }]}\t" + Bytes(60, ' ') + "\n");
  CHECK(line.fault == Fault::not_json);
  CHECK(line.fault_column == Column{22, 19});
}

TEST_CASE("line_scanner: NUL bytes → not JSON, wherever they stand") {
  check_fault("\0"sv, Fault::not_json, 1);
  check_fault("{}\0"sv, Fault::not_json, 3);
  check_fault("{\"a\0\":1}"sv, Fault::not_json, 4);
}

TEST_CASE("line_scanner: other JSON than an object → not an object, where it begins") {
  check_fault("[]", Fault::not_object, 1);
  check_fault("  [{\"custom_id\":\"a\"}]", Fault::not_object, 3);
  check_fault("\"custom_id\"", Fault::not_object, 1);
  check_fault("\t12 ", Fault::not_object, 2);
  check_fault("null", Fault::not_object, 1);
}

TEST_CASE("line_scanner: invalid UTF-8 → the first byte that makes it so") {
  check_fault("{\"a\":\"\xFF\"}", Fault::not_utf8, 7);
  check_fault("{\"a\":\"\xC3\"}", Fault::not_utf8, 8);
  check_fault("{\"a\":\"x\xE2\x80\"}", Fault::not_utf8, 10);
  check_fault("{\"a\":\"\xED\xA0\x80\"}", Fault::not_utf8, 8);
  check_fault("{\"a\":\"\xC3", Fault::not_utf8, 8);  // The line ends inside a character.
  check_fault("\xFF{}", Fault::not_utf8, 1);
  check_fault("{}\xFF", Fault::not_utf8, 3);
  // What went wrong first counts.
  check_fault("{x\xFF}", Fault::not_json, 2);
  check_fault("{\"\xFFx\":x}", Fault::not_utf8, 3);
}

TEST_CASE("line_scanner: an UTF-8 character cut by LF → doesn't reach into the next line") {
  const std::vector<Line> lines = scan("{\"a\":\"\xC3\n\xA9\"}\n{}");
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].fault == Fault::not_utf8);
  CHECK(lines[1].fault == Fault::not_utf8);
  CHECK(lines[1].fault_column.bytes == 1);
  CHECK(lines[2].fault == Fault::none);
}

TEST_CASE("line_scanner: nesting at the limit → fine; above → too deep, where it is") {
  using edgebatch::json::nesting_max;
  const Bytes begin = R"({"custom_id":)";
  CHECK(line_of(begin + nested(nesting_max - 2) + "}").fault == Fault::none);
  CHECK(line_of(begin + nested(nesting_max - 1) + "}").fault == Fault::none);
  check_fault(begin + nested(nesting_max) + "}", Fault::too_deep, begin.size() + nesting_max);
  check_fault(Bytes(100'000, '['), Fault::too_deep, nesting_max + 1);
}

TEST_CASE("line_scanner: a line at the limit → fine; above → too long, and the next is read on") {
  constexpr std::uint64_t max = 64;
  const auto of_size = [](std::size_t size) {
    return R"({"custom_id":")" + Bytes(size - 16, 'x') + "\"}";
  };
  for (const std::uint64_t size : {max - 1, max, max + 1, max + 2, 10 * max}) {
    const Bytes text = of_size(static_cast<std::size_t>(size)) + "\n" + of_size(40);
    CAPTURE(size);
    const std::vector<Line> lines = Scan(LineScanner(0, 1, max)).feed(text).finish();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].length == size);
    CHECK(lines[0].fault == (size > max ? Fault::too_long : Fault::none));
    CHECK(lines[0].fault_column.bytes == (size > max ? max + 1 : 0));
    CHECK(lines[0].custom_id.present == (size <= max));
    CHECK(lines[1].offset == size + 1);
    CHECK(lines[1].custom_id.present);
  }
  // CR counts, LF doesn't; whitespace beyond the limit is no blank line.
  CHECK(Scan(LineScanner(0, 1, 3)).feed("{}\r\n").finish()[0].fault == Fault::none);
  CHECK(Scan(LineScanner(0, 1, 2)).feed("{}\r\n").finish()[0].fault == Fault::too_long);
  CHECK(Scan(LineScanner(0, 1, 2)).feed("   \n").finish().size() == 1);
  // What went wrong before the limit counts; beyond it nothing is looked at.
  CHECK(Scan(LineScanner(0, 1, 2)).feed("{}x\n").finish()[0].fault == Fault::too_long);
  CHECK(Scan(LineScanner(0, 1, 2)).feed("{} \xFF\n").finish()[0].fault == Fault::too_long);
  CHECK(Scan(LineScanner(0, 1, 2)).feed("{x}\n").finish()[0].fault == Fault::not_json);
}

TEST_CASE("line_scanner: the limit that is used → line_bytes_max") {
  const Bytes begin = R"({"custom_id":"a","body":{"prompt":")";
  const Bytes end = R"("}})";
  const Bytes most(static_cast<std::size_t>(line_bytes_max) - begin.size() - end.size(), 'x');
  const Bytes at_limit = begin + most + end;
  CHECK(line_of(at_limit).fault == Fault::none);
  CHECK(scan_line(at_limit).fault == Fault::none);
  const Bytes above = at_limit + " ";
  CHECK(line_of(above).fault == Fault::too_long);
  CHECK(scan_line(above).fault == Fault::too_long);
}

TEST_CASE("line_scanner: a name twice in the line or its body → said, where it stands again") {
  const auto check_repeated = [](View text, std::uint64_t column, View pointer) {
    CAPTURE(text);
    const Line line = line_of(text);
    CHECK(line.fault == Fault::none);
    CHECK(line.repeated.bytes == column);
    CHECK(line.pointer == pointer);
  };
  check_repeated(R"({"custom_id":"a","custom_id":"b"})", 18, "/custom_id");
  check_repeated(R"({"method":1,"a":0,"method":1})", 19, "/method");
  check_repeated(R"({"body":{},"\u0062ody":{}})", 12, "/body");
  check_repeated(R"({"a":1,"a":2})", 8, "/a");
  check_repeated(R"({"":1,"":2})", 7, "/");
  check_repeated(R"({"body":{"url":1,"b":3,"\u0075rl":2}})", 24, "/body/url");
  for (const View name : {"model", "stream", "messages", "input", "prompt"}) {
    const Bytes member = "\"" + Bytes(name) + "\":[]";
    check_repeated("{\"body\":{" + member + "," + member + "}}", 9 + member.size() + 2,
                   "/body/" + Bytes(name));
  }
  // The first of several counts, and the first value is the one that is shown.
  check_repeated(R"({"url":1,"url":2,"body":1,"body":2})", 10, "/url");
  const View twice = R"({"custom_id":"a","custom_id":"b"})";
  CHECK(line_of(twice).custom_id.text == "a");
  // A fault comes before it.
  check_fault(R"({"url":1,"url":2)", Fault::not_json, 17);
  check_fault(R"({"url":1,"url":2,"x":)"
              "\"\xFF\"}",
              Fault::not_utf8, 23);
}

TEST_CASE("line_scanner: a name twice elsewhere → no matter") {
  for (const View text :
       {R"({"x":{"url":1,"url":2},"y":[{"a":1,"a":1}]})",
        R"({"body":{"tools":[{"model":1,"model":2}],"metadata":{"a":1,"a":1}}})",
        R"({"a":1,"body":{"a":1,"custom_id":2},"custom_id":"a"})", R"([{"a":1,"a":1}])"})
    CHECK(line_of(text).repeated.bytes == 0);
}
