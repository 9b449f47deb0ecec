// Lines that are built like the ones before them are read by comparing: what is found in them has
// to be what is found in each by itself.
#include <array>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

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

// What the line reader says, which takes any line: fed byte by byte, it never sees one whole.
Bytes byte_by_byte(View stream) {
  Scan scan;
  for (const char& byte : stream) scan.feed(View(&byte, 1));
  return facts(scan.finish());
}

bool same(const Member& one, const Member& other) {
  return std::tie(one.present, one.kind, one.text, one.is_true) ==
         std::tie(other.present, other.kind, other.text, other.is_true);
}

bool are_alike(const Line& one, const Line& other) {
  bool alike = one.fault == other.fault;
  for (const auto member : {&Line::method, &Line::url, &Line::model, &Line::stream})
    alike = alike && same(one.*member, other.*member);
  for (const auto member : {&Line::body, &Line::messages, &Line::input, &Line::prompt})
    alike = alike && (one.*member).present == (other.*member).present &&
            (one.*member).kind == (other.*member).kind;
  return alike && one.custom_id.present == other.custom_id.present;
}

// How many lines are said to be like the one before them; those have to be.
std::size_t like_last(View stream) {
  const std::vector<Line> lines = scan(stream);
  CHECK(facts(lines) == byte_by_byte(stream));
  std::size_t count = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].like_last) continue;
    ++count;
    const bool alike = i > 0 && are_alike(lines[i - 1], lines[i]);
    CHECK(alike);
  }
  return count;
}

// So that no line is too close to the piece's end to be read whole.
const Bytes last = "{\"z\":\"" + Bytes(100, 'z') + "\"}\n";

Bytes with(View custom_id, View rest) {
  return "{\"custom_id\":" + Bytes(custom_id) + "," + Bytes(rest) + "}\n";
}

constexpr View usual =
    R"("method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x","stream":false})";

}  // namespace

TEST_CASE("like_lines: the same but for custom_id and input → like the last") {
  CHECK(like_last(with("\"a\"", usual) + with("\"b\"", usual) + with("\"c\"", usual) + last) == 2);
  CHECK(like_last(with("\"a\"", usual) + with("\"\\u00e9\xC3\xA9\"", usual) + last) == 1);
  CHECK(like_last(with("\"a\"", R"("body":{"input":"x"})") +
                  with("\"b\"", R"("body":{"input":"\u00e9 and more"})") + last) == 1);
  CHECK(like_last("{}\n{}\n" + last) == 1);
  CHECK(like_last(" {\"body\" : { } } \r\n {\"body\" : { } } \r\n" + last) == 1);
}

TEST_CASE("like_lines: another text, kind or member → read as well, and not like the last") {
  constexpr std::array others{
      R"("method":"GET","url":"/v1/embeddings","body":{"model":"m","input":"x","stream":false})",
      R"("method":"POST","url":"/v1/embedding","body":{"model":"m","input":"x","stream":false})",
      R"("method":"POST","url":"/v1/embeddings","body":{"model":"mm","input":"x","stream":false})",
      R"("method":"POST","url":"/v1/embeddings","body":{"model":1,"input":"x","stream":false})",
      R"("method":"POST","url":"/v1/embeddings","body":{"model":"m","input":[1],"stream":false})",
      R"("method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x","stream":true})",
      R"("method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x"})",
      R"("method":"POST","url":"/v1/embeddings","body":{"input":"x","model":"m","stream":false})",
      R"("method":"POST","url":"/v1/embeddings","body":"m","input":"x","stream":false)",
      R"("method":"POST","url":"/v1/embeddings")"};
  for (const View other : others) {
    CAPTURE(other);
    // Back again, too.
    CHECK(like_last(with("\"a\"", usual) + with("\"b\"", other) + with("\"c\"", usual) + last) ==
          0);
    // A model that is no text isn't compared.
    const bool is_compared = other.find("\"model\":1") == View::npos;
    CHECK(like_last(with("\"a\"", other) + with("\"b\"", other) + last) == (is_compared ? 1 : 0));
  }
}

TEST_CASE("like_lines: a fault, a blank line or a repeated name in between → nothing is like it") {
  for (const View between :
       {"\n", " \n", "x\n", "[]\n", "{\"a\":1,\"a\":2}\n", "{\"a\":\"\xFF\"}\n"}) {
    CAPTURE(between);
    const Bytes line = with("\"a\"", usual);
    CHECK(like_last(line + Bytes(between) + line + line + last) == 1);
  }
}

TEST_CASE("like_lines: a short text, then one that begins with it → told apart") {
  CHECK(like_last("{\"method\":\"a\"}\n{\"method\":\"a\\\"b\"}\n" + last) == 0);
  CHECK(like_last("{\"method\":1}\n{\"method\":12}\n{\"method\":12}\n" + last) == 0);
}

TEST_CASE("like_lines: lines at random, most built alike → the same facts as byte by byte") {
  constexpr std::array values{R"("a")",         R"("POST")",   R"("é")", R"("\n\u00e9")", "1",
                              "-2.5e3",         "true",        "false",  "null",          "[1,2]",
                              R"([{"a":"é"}])", R"({"x":[]})", R"("")",  R"({})"};
  constexpr std::array names{R"("custom_id")", R"("method")", R"("url")",       R"("body")",
                             R"("other")",     R"("model")",  R"("stream")",    R"("input")",
                             R"("messages")",  R"("é")",      R"("m\u006fdel")"};
  std::size_t alike = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    JsonMaker random(seed);
    const auto one_of = [&random](const auto& list) {
      return Bytes(list[random.below(list.size())]);
    };
    const auto members = [&] {
      std::vector<Bytes> made;
      for (std::uint64_t i = random.below(5); i > 0; --i) made.push_back(one_of(names));
      return made;
    };
    const auto object = [&](const std::vector<Bytes>& with_names, const Bytes& space,
                            const Bytes& body) {
      Bytes text = "{";
      for (std::size_t i = 0; i < with_names.size(); ++i) {
        if (i > 0) text += "," + space;
        text += with_names[i] + ":" + space;
        text += with_names[i] == R"("body")" && !body.empty() ? body : one_of(values);
      }
      return text + space + "}";
    };
    Bytes stream;
    auto of_line = members();
    auto of_body = members();
    Bytes space = one_of(std::array{"", " ", "  \t"});
    bool body_is_object = true;
    for (int lines = 0; lines < 12; ++lines) {
      if (random.below(6) == 0) of_line = members();
      if (random.below(6) == 0) of_body = members();
      if (random.below(12) == 0) space = one_of(std::array{"", " "});
      if (random.below(8) == 0) body_is_object = !body_is_object;
      const Bytes body = body_is_object ? object(of_body, space, "") : "";
      stream += object(of_line, space, body) + "\n";
    }
    CAPTURE(stream);
    alike += like_last(stream + last);
  }
  CHECK(alike > 50);
}
