#include <catch_amalgamated.hpp>
#include <optional>

#include "core/json/grammar.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::support::Exact;
namespace json = edgebatch::json;

TEST_CASE("find_member: a member of the top-level object → its value as it stands") {
  const Bytes text = R"( { "a" : 1 , "b":"x\"}", "c":{"a":[2 ,3]} ,"d" : [ {"a":4} ] ,)"
                     "\"e\":true\n,\"f\":-1.5e3\t,\"g\":null} ";
  const Exact exact(text);
  CHECK(json::find_member(exact.view(), "a") == "1");
  CHECK(json::find_member(exact.view(), "b") == R"("x\"}")");
  CHECK(json::find_member(exact.view(), "c") == R"({"a":[2 ,3]})");
  CHECK(json::find_member(exact.view(), "d") == R"([ {"a":4} ])");
  CHECK(json::find_member(exact.view(), "e") == "true");
  CHECK(json::find_member(exact.view(), "f") == "-1.5e3");
  CHECK(json::find_member(exact.view(), "g") == "null");
  CHECK(json::find_member(exact.view(), "h") == std::nullopt);
  CHECK(json::find_member(exact.view(), "") == std::nullopt);
}

TEST_CASE("find_member: several of the name, however written → the last") {
  CHECK(json::find_member(R"({"a":1,"b":2,"a":[3]})", "a") == "[3]");
  CHECK(json::find_member(R"({"a":1,"\u0061":"z","b":2})", "a") == R"("z")");
  CHECK(json::find_member(R"({"\"":1})", "\"") == "1");
  CHECK(json::find_member(R"({"a\\u":1})", "a\\u") == "1");
  CHECK(json::find_member(R"({"":0})", "") == "0");
}

TEST_CASE("find_member: a name elsewhere, or as a value → not found") {
  CHECK(json::find_member(R"({"b":{"a":1},"c":"a"})", "a") == std::nullopt);
  CHECK(json::find_member(R"([{"a":1}])", "a") == std::nullopt);
  CHECK(json::find_member(R"(["a",1])", "a") == std::nullopt);
  CHECK(json::find_member(R"("a")", "a") == std::nullopt);
  CHECK(json::find_member("1", "a") == std::nullopt);
}

TEST_CASE("find_member: a text that isn't valid, even behind the member → nothing") {
  CHECK(json::find_member(R"({"a":1)", "a") == std::nullopt);
  CHECK(json::find_member(R"({"a":"x")", "a") == std::nullopt);
  CHECK(json::find_member(R"({"a":1,"b":[)", "a") == std::nullopt);
  CHECK(json::find_member(R"({"a":1,})", "a") == std::nullopt);
  CHECK(json::find_member(R"({"a":1} x)", "a") == std::nullopt);
  CHECK(json::find_member("{\"a\":1,\"b\":\"\xFF\"}", "a") == std::nullopt);
  CHECK(json::find_member("", "a") == std::nullopt);
  const Bytes deep =
      "{\"a\":1,\"b\":" + Bytes(json::nesting_max, '[') + Bytes(json::nesting_max, ']') + "}";
  CHECK(json::find_member(deep, "a") == std::nullopt);
}

TEST_CASE("find_member: an answer of some megabytes → found") {
  const Bytes choices = "[\"" + Bytes(4'000'000, 'x') + "\"]";
  const Bytes text = "{\"choices\":" + choices + ",\"usage\":{\"total_tokens\":7}}";
  CHECK(json::find_member(text, "choices") == View(choices));
  CHECK(json::find_member(text, "usage") == R"({"total_tokens":7})");
}
