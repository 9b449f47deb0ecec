#include "core/dialects/datagrid/unwrap.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects::datagrid;

// The object, or why there is none behind a `!`.
Bytes found(View text) {
  const edgebatch::support::Exact exact(text);
  const Unwrapped unwrapped = unwrap(exact.view());
  switch (unwrapped.what) {
    case Wrapped::one: return Bytes(unwrapped.object);
    case Wrapped::none: return "!none";
    case Wrapped::several: return "!several";
    case Wrapped::broken: return "!broken";
    case Wrapped::in_array: break;
  }
  return "!in array";
}

Bytes repeated(View text, std::size_t times) {
  Bytes out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("unwrap: a fence or words around one object → the object as it stands there") {
  for (const View text :
       {R"({"a": 1})", "```json\n{\"a\": 1}\n```", "```\n{\"a\": 1}\n```", "``` json {\"a\": 1}```",
        "```JSON\r\n{\"a\": 1}\r\n```\n", R"(Here it is: {"a": 1}. Anything else?)",
        R"({"a": 1} is what it says)", "é…{\"a\": 1}…é", R"(As [1] and [2, "x"] say: {"a": 1})"})
    CHECK(found(text) == R"({"a": 1})");
  CHECK(found(R"(so {"a":"} ``` {\"","b":{"c":[{}]}} it is)") ==
        R"({"a":"} ``` {\"","b":{"c":[{}]}})");
  CHECK(found("Nothing: {}") == "{}");
}

TEST_CASE("unwrap: braces and brackets of prose → don't count") {
  CHECK(found(R"(The {result} of f(x) is [see {below} on [0, 1): {"a":1})") == R"({"a":1})");
  CHECK(found(R"(}} as {{x}} says: {"a":1} })") == R"({"a":1})");
  CHECK(found("{\n\n{[") == "!none");
  CHECK(found("f(x) = {x, y} [") == "!none");
}

TEST_CASE("unwrap: no object → none") {
  for (const View text : {"", "It is revision C.", "```json\n[1,2]\n```", "```\n7\n```", "{", "["})
    CHECK(found(text) == "!none");
}

TEST_CASE("unwrap: two objects → several, even if they are equal") {
  CHECK(found(R"({"a":1}{"a":1})") == "!several");
  CHECK(found("```json\n{\"a\":1}\n```\nor\n```json\n{}\n```") == "!several");
}

TEST_CASE("unwrap: an object that isn't JSON → broken, whatever lies inside of it or behind") {
  for (const View text :
       {R"({"a":)", R"({"a":1,})", R"({"a": undefined, "b": {"c":1}})", R"({"a":1)", R"({"a)",
        R"({"a":1} and {"b":)", R"(x [{"a":1}, …])", "{\"a\":\"line\nfeed\"}", R"({"a" 1} {})"})
    CHECK(found(text) == "!broken");
}

TEST_CASE("unwrap: an object within braces that aren't JSON → broken: it is but a part") {
  for (const View text :
       {R"({'answer': {"b":2}})", R"({answer: {"total":2}, other: 3})",
        R"({ /* c */ "a": {"b":2}})", R"({“answer”: {"total": 2}})", R"([{a: {"b":2}}])",
        R"({a:1} {"b":2})", R"({{ {"a":1} }})", R"(f(x) { is {"a":1})", R"({x, y, {"a":1}})"})
    CHECK(found(text) == "!broken");
}

TEST_CASE("unwrap: an object in an array → not taken out of it") {
  CHECK(found("```json\n[{\"a\":1}]\n```") == "!in array");
  CHECK(found("so [1,[{}]] it is") == "!in array");
}

TEST_CASE("unwrap: cut off anywhere → never an object, and nothing read beyond") {
  const View text = "```json\n{\"a\":[1,\"é\"]}\n```";
  for (std::size_t size = 0; size < text.find('}'); ++size)
    CHECK(found(text.substr(0, size)).starts_with('!'));
}

TEST_CASE("unwrap: deeper than an answer may be nested → broken") {
  const auto nested = [](std::size_t levels) {
    return "so " + repeated(R"({"a":)", levels) + "1" + repeated("}", levels);
  };
  CHECK(found(nested(512)).starts_with(R"({"a":)"));
  CHECK(found(nested(513)) == "!broken");
}

TEST_CASE("unwrap: much that begins and never ends → time stays linear") {
  constexpr std::size_t times = 1'000'000;
  // Quadratic time would be hours.
  CHECK(found(repeated("{", times)) == "!none");
  CHECK(found(repeated("[", times)) == "!none");
  CHECK(found(repeated("[ {", times)) == "!none");
  CHECK(found(repeated("[[1,", times)) == "!none");
  CHECK(found(repeated(R"(["a)", times)) == "!none");
}
