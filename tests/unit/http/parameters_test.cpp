#include "core/http/parameters.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::http {
namespace {

using Pairs = std::vector<std::pair<Bytes, Bytes>>;

std::optional<Parameterized> parsed(View text) { return parse_parameterized(Exact(text).view()); }

Pairs pairs(View text) {
  return parsed(text).value_or(Parameterized{"", {{"unreadable", ""}}}).pairs;
}

}  // namespace

TEST_CASE("parse_parameterized: a value alone → trimmed, without parameters") {
  const auto plain = parsed(" \ta/b ");
  REQUIRE(plain);
  CHECK(plain->value == "a/b");
  CHECK(plain->pairs.empty());
  CHECK(parsed("")->value.empty());
}

TEST_CASE("parse_parameterized: tokens and quoted values, blanks anywhere → read") {
  CHECK(pairs("v;a=b;C=\"d\"") == Pairs{{"a", "b"}, {"C", "d"}});
  CHECK(pairs("v ; a = b\t; c = \"d e\" ;f=g") == Pairs{{"a", "b"}, {"c", "d e"}, {"f", "g"}});
  CHECK(pairs("v; a=b=c") == Pairs{{"a", "b=c"}});
  CHECK(pairs("v; a=; b=\"\"") == Pairs{{"a", ""}, {"b", ""}});
  CHECK(pairs("v;; ;a=b;") == Pairs{{"a", "b"}});
}

TEST_CASE("parse_parameterized: separators inside quotes → part of the value") {
  CHECK(pairs("v; a=\"b; c=d\"; e=f") == Pairs{{"a", "b; c=d"}, {"e", "f"}});
}

TEST_CASE("parse_parameterized: backslashes → escape quotes and backslashes, else stay") {
  CHECK(pairs(R"(v; a="b\"c")") == Pairs{{"a", "b\"c"}});
  CHECK(pairs(R"(v; a="b\\")") == Pairs{{"a", "b\\"}});
  CHECK(pairs(R"(v; a="C:\dir\file")") == Pairs{{"a", "C:\\dir\\file"}});
  CHECK(pairs(R"(v; a=b\c)") == Pairs{{"a", "b\\c"}});
}

TEST_CASE("parse_parameterized: open quotes, or no equals sign → nothing") {
  for (const View text : {"v; a=\"b", "v; a=\"", "v; a=\"b\\\"", "v; a=\"b\"c", "v; a=\"b\" c; d=e",
                          "v; a", "v; a; b=c"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed(text));
  }
}

TEST_CASE("parse_parameterized: cut off at any byte → no over-read") {
  const View text = R"(form-data; name="a\"b"; filename="c\\d"; e=f)";
  std::size_t readable = 0;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    if (parsed(text.substr(0, size))) ++readable;
  }
  CHECK(readable > 0);
  CHECK(readable < text.size());
}

TEST_CASE("Parameterized: find → the first of that name in any case") {
  const auto some = parsed("v; a=1; A=2; b=3");
  REQUIRE(some);
  CHECK(some->find("A") == "1");
  CHECK(some->find("B") == "3");
  CHECK(some->find("c") == std::nullopt);
}

}  // namespace edgebatch::http
