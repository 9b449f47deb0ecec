#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/dialects/openai/input.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/index.hpp"
#include "core/validation/verdict.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::IndexBuilder;
using edgebatch::validation::IndexEntry;
using edgebatch::validation::Inspection;
using edgebatch::validation::LineError;
using namespace edgebatch::dialects::openai;
using enum ErrorCode;

Inspector inspector(const Expected& expected = {}) {
  return Inspector({1, 2}, expected, IndexBuilder(2, 10'000));
}

Inspection inspect(View text, const Expected& expected = {}) {
  Inspector made = inspector(expected);
  made.feed(edgebatch::support::Exact(text).view());
  return made.finish();
}

// Without their places.
std::vector<LineError> errors_of(const Inspection& found) {
  std::vector<LineError> errors;
  for (const LineError& error : found.verdict.errors)
    errors.push_back({error.line, error.code, error.param, error.detail});
  return errors;
}

Bytes request(View custom_id, View model = "m") {
  return R"({"custom_id":")" + Bytes(custom_id) +
         R"(","method":"POST","url":"/v1/chat/completions","body":{"model":")" + Bytes(model) +
         R"(","messages":[]}})";
}

Bytes embedding(View custom_id) {
  return R"({"custom_id":")" + Bytes(custom_id) +
         R"(","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x"}})";
}

Bytes requests(std::size_t count) {
  Bytes out;
  for (std::size_t i = 0; i < count; ++i) out += request(std::to_string(i)) + "\n";
  return out;
}

}  // namespace

TEST_CASE("inspector: a good input → its url, model, items and where they lie") {
  const Bytes a = request("a") + "\n";
  const Bytes b = request("b") + " \r\n";
  const Bytes c = request("c");
  const Inspection found = inspect(a + b + c);
  CHECK(found.verdict.valid());
  CHECK(found.verdict.items == 3);
  CHECK(found.verdict.url == "/v1/chat/completions");
  CHECK(found.verdict.one_url);
  CHECK(found.verdict.model == "m");
  CHECK(found.verdict.starts_as_json);
  CHECK(found.verdict.utf8);
  const std::uint64_t middle = a.size() + b.size();
  CHECK(found.index ==
        std::vector<IndexEntry>{{0, 2, 0, middle}, {2, 1, middle, middle + c.size()}});
}

TEST_CASE("inspector: a last line with and without its end → the end is the item's") {
  const Bytes line = request("a");
  CHECK(inspect(line).index == std::vector<IndexEntry>{{0, 1, 0, line.size()}});
  CHECK(inspect(line + "\n").index == std::vector<IndexEntry>{{0, 1, 0, line.size() + 1}});
  CHECK(inspect(line + "\n\n\n").index == std::vector<IndexEntry>{{0, 1, 0, line.size() + 1}});
  CHECK(inspect("\xEF\xBB\xBF" + line).index ==
        std::vector<IndexEntry>{{0, 1, 3, line.size() + 3}});
}

TEST_CASE("inspector: nothing, or only blank lines → no items") {
  for (const View text : {"", "\n", "  \n\r\n\t"}) {
    const Inspection found = inspect(text);
    CHECK(found.verdict.items == 0);
    CHECK(errors_of(found) == std::vector<LineError>{{0, no_items, "", ""}});
    CHECK_FALSE(found.verdict.starts_as_json);
    CHECK(found.index.empty());
  }
}

TEST_CASE("inspector: bad lines among good ones → all reported in order, by physical line") {
  const Bytes text = request("a") + "\n{\n" + request("b") + "\n\n[]\n" + request("c") + "\n";
  const Inspection found = inspect(text);
  CHECK(found.verdict.errors_count == 3);
  CHECK(errors_of(found) == std::vector<LineError>{{2, invalid_json_line, "", "2"},
                                                   {4, blank_line, "", ""},
                                                   {5, wrong_type, "", "expected an object"}});
  CHECK_FALSE(found.verdict.valid());
  CHECK(found.index.empty());
  CHECK(found.verdict.items == 5);
  CHECK(found.verdict.lines == 6);
  CHECK(found.verdict.model == "m");
}

TEST_CASE("inspector: a custom_id comes again → the line that had it first is named") {
  const Inspection found =
      inspect(request("a") + "\n" + request("b") + "\n" + request("a") + "\n" + request("a"));
  CHECK(errors_of(found) == std::vector<LineError>{{3, duplicate_custom_id, "custom_id", "1"},
                                                   {4, duplicate_custom_id, "custom_id", "1"}});
}

TEST_CASE("inspector: a custom_id comes again on lines with other errors → said besides them") {
  const Bytes bad = R"({"custom_id":"a","method":"GET"})";
  const Inspection found = inspect(bad + "\n" + bad + "\n" + request("a"));
  CHECK(errors_of(found) == std::vector<LineError>{{1, method_not_post, "method", "GET"},
                                                   {1, missing_member, "url", ""},
                                                   {1, missing_member, "body", ""},
                                                   {2, method_not_post, "method", "GET"},
                                                   {2, missing_member, "url", ""},
                                                   {2, missing_member, "body", ""},
                                                   {2, duplicate_custom_id, "custom_id", "1"},
                                                   {3, duplicate_custom_id, "custom_id", "1"}});
}

TEST_CASE("inspector: written differently, but the same → a custom_id is compared decoded") {
  const Inspection found = inspect(request("é") + "\n" + request("\\u00e9"));
  CHECK(errors_of(found) == std::vector<LineError>{{2, duplicate_custom_id, "custom_id", "1"}});
}

TEST_CASE("inspector: another model → compared with the first valid line's") {
  const Inspection found = inspect("{}\n" + request("a", "x") + "\n" + request("b", "y") + "\n" +
                                   request("c", "x") + "\n" + request("d", "z"));
  CHECK(found.verdict.model == "x");
  CHECK(errors_of(found) == std::vector<LineError>{{1, missing_member, "custom_id", ""},
                                                   {1, missing_member, "method", ""},
                                                   {1, missing_member, "url", ""},
                                                   {1, missing_member, "body", ""},
                                                   {3, model_mismatch, "body.model", "x"},
                                                   {5, model_mismatch, "body.model", "x"}});
}

TEST_CASE("inspector: two endpoints → valid by itself, but noted; a batch expects one of them") {
  const Bytes text = request("a") + "\n" + embedding("b");
  const Inspection found = inspect(text);
  CHECK(found.verdict.valid());
  CHECK_FALSE(found.verdict.one_url);
  CHECK(found.verdict.url == "/v1/chat/completions");

  const Inspection again = inspect(text, {.endpoint = "/v1/embeddings", .serves = {}});
  CHECK(errors_of(again) ==
        std::vector<LineError>{{1, url_mismatch, "url", "/v1/chat/completions"}});
  CHECK(again.verdict.one_url);
  CHECK(again.verdict.url == "/v1/embeddings");
}

TEST_CASE("inspector: a model that nobody serves → every line says so") {
  const Inspection found = inspect(request("a") + "\n" + request("b"),
                                   {.endpoint = "", .serves = [](View) { return false; }});
  CHECK(errors_of(found) == std::vector<LineError>{{1, model_not_served, "body.model", "m"},
                                                   {2, model_not_served, "body.model", "m"}});
}

TEST_CASE("inspector: how an upload begins → whether its first line is JSON, and all is UTF-8") {
  CHECK_FALSE(inspect("hello\n" + request("a")).verdict.starts_as_json);
  CHECK(inspect("[1]\n").verdict.starts_as_json);
  CHECK(inspect(request("a") + "\nhello").verdict.starts_as_json);
  CHECK_FALSE(inspect("\xFF\xFEh").verdict.utf8);
  CHECK_FALSE(inspect(request("a") + "\n\xC3(\n").verdict.utf8);
  CHECK_FALSE(inspect(request("a") + "\nbroken \xFF\n").verdict.utf8);
  const Inspection late = inspect(request("a") + "\n\"\xE9\"");
  CHECK_FALSE(late.verdict.utf8);
  CHECK(late.verdict.starts_as_json);
}

TEST_CASE(
    "inspector: as many errors as are listed, below and above → all counted, the first kept") {
  constexpr std::size_t max = edgebatch::validation::errors_count_max;
  for (const std::size_t count : {max - 1, max, max + 1}) {
    Bytes text;
    for (std::size_t i = 0; i < count; ++i) text += "x\n";
    const Inspection found = inspect(text);
    CHECK(found.verdict.errors_count == count);
    CHECK(found.verdict.errors.size() == std::min(count, max));
    CHECK(found.verdict.errors.back().line == found.verdict.errors.size());
  }
}

TEST_CASE("inspector: as many items as a batch takes, and more → one error, then only counted") {
  const Bytes full = requests(input_items_max);
  const Inspection at = inspect(full);
  CHECK(at.verdict.valid());
  CHECK(at.verdict.items == input_items_max);

  const Inspection above = inspect(full + "x\ny\n");
  CHECK(above.verdict.items == input_items_max + 2);
  CHECK(above.verdict.errors_count == 1);
  CHECK(errors_of(above) ==
        std::vector<LineError>{{input_items_max + 1, too_many_items, "", "50002"}});
  CHECK(above.index.empty());
  CHECK_FALSE(inspect(full + "x\n\xFF\n").verdict.utf8);
}

TEST_CASE("inspector: too many items behind a full list of errors → counted all the same") {
  Bytes text;
  for (std::size_t i = 0; i < input_items_max + 1; ++i) text += "x\n";
  const Inspection found = inspect(text);
  CHECK(found.verdict.errors_count == input_items_max + 1);
  CHECK(found.verdict.errors.back().code == invalid_json_line);
}

TEST_CASE("inspector: a line like a good one → what may be wrong with it alone is found") {
  const auto with_id = [](View custom_id) {
    const Bytes quoted = "\"a\"";
    Bytes line = request("a") + "\n";
    return line.replace(line.find(quoted), quoted.size(), custom_id);
  };
  const auto text = [](std::size_t size) { return "\"" + Bytes(size, 'x') + "\""; };
  const Bytes good = with_id("\"good\"");
  const Inspection found =
      inspect(good + with_id("\"\"") + with_id("1") + good + with_id("\"good 2\"") +
              with_id("\"good 3\"") + with_id(text(custom_id_bytes_max + 1)) +
              with_id(text(custom_id_bytes_max)) + with_id("\"good 3\"") + with_id("null"));
  CHECK(errors_of(found) == std::vector<LineError>{{2, missing_member, "custom_id", ""},
                                                   {3, wrong_type, "custom_id",
                                                    "expected a string, but got a number instead"},
                                                   {4, duplicate_custom_id, "custom_id", "1"},
                                                   {7, custom_id_too_long, "custom_id", ""},
                                                   {9, duplicate_custom_id, "custom_id", "6"},
                                                   {10, missing_member, "custom_id", ""}});
  CHECK(found.verdict.items == 10);
  CHECK(found.verdict.urls.front().items == 10);
  CHECK(found.verdict.models.front().items == 10);
}

TEST_CASE("inspector: a line like a bad one → bad in the same way") {
  const Inspection found =
      inspect(request("1") + "\n" + request("2", "n") + "\n" + request("3", "n") + "\n" +
              request("4") + "\n" + request("5") + "\n" + Bytes(60, ' '));
  CHECK(errors_of(found) == std::vector<LineError>{{2, model_mismatch, "body.model", "m"},
                                                   {3, model_mismatch, "body.model", "m"}});
  CHECK(found.verdict.models.size() == 2);
  CHECK(found.verdict.models.back().items == 2);
}

TEST_CASE("inspector: cut anywhere → the same verdict and index") {
  const std::vector<Bytes> texts{
      request("a") + "\n" + request("b\\n") + "\r\n" + embedding("c"),
      "\xEF\xBB\xBF" + request("é") + "\n\n" + request("é") + "\n{\"a\":\n\n",
      "{\"custom_id\":\"x\"}\n\xFF\n" + request("x", "n") + "\n" + request("y", "o"),
  };
  for (const Bytes& text : texts) {
    const Bytes whole = edgebatch::wire::encode(inspect(text));
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      Inspector made = inspector();
      made.feed(edgebatch::support::Exact(View(text).substr(0, cut)).view());
      made.feed(edgebatch::support::Exact(View(text).substr(cut)).view());
      CHECK(edgebatch::wire::encode(made.finish()) == whole);
    }
    Inspector bytewise = inspector();
    for (const char& byte : text) bytewise.feed(View(&byte, 1));
    CHECK(edgebatch::wire::encode(bytewise.finish()) == whole);
  }
}

TEST_CASE("inspector: random inputs, random pieces → the same verdict and index") {
  std::mt19937 random(7);
  const auto below = [&random](std::size_t bound) { return random() % bound; };
  for (int round = 0; round < 60; ++round) {
    Bytes text;
    for (std::size_t i = 0; i < below(40); ++i) {
      Bytes line = below(3) == 0 ? embedding(std::to_string(below(30)))
                                 : request(std::to_string(below(300)), below(9) == 0 ? "n" : "m");
      if (below(6) == 0) line[below(line.size())] = static_cast<char>(below(256));
      text += line + (below(9) == 0 ? "\n\n" : "\n");
    }
    const Bytes whole = edgebatch::wire::encode(inspect(text));
    Inspector made = inspector();
    for (View rest = text; !rest.empty();) {
      const View piece = rest.substr(0, 1 + below(200));
      made.feed(edgebatch::support::Exact(piece).view());
      rest.remove_prefix(piece.size());
    }
    CHECK(edgebatch::wire::encode(made.finish()) == whole);
  }
}
