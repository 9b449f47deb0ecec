#include "core/http/target.hpp"

#include <catch_amalgamated.hpp>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/unit/text/exact.hpp"

namespace edgebatch::http {
namespace {

using Segments = std::vector<Bytes>;

Segments split(View path) { return split_path(Exact(path).view()); }
Query query(View text) { return Query(Exact(text).view()); }

}  // namespace

TEST_CASE("split_path: paths → their segments") {
  CHECK(split("/v1/files/file-1/content") == Segments{"v1", "files", "file-1", "content"});
  CHECK(split("v1/files") == Segments{"v1", "files"});
  CHECK(split("*") == Segments{"*"});
}

TEST_CASE("split_path: the root, or nothing → no segments") {
  CHECK(split("/").empty());
  CHECK(split("").empty());
}

TEST_CASE("split_path: slashes at the end → one is ignored") {
  CHECK(split("/a/") == Segments{"a"});
  CHECK(split("/a//") == Segments{"a", ""});
  CHECK(split("//") == Segments{""});
}

TEST_CASE("split_path: slashes inside → empty segments") {
  CHECK(split("/a//b") == Segments{"a", "", "b"});
  CHECK(split("//a") == Segments{"", "a"});
}

TEST_CASE("split_path: escapes → decoded after splitting, in either case") {
  CHECK(split("/batches/b%2F1%20%3f") == Segments{"batches", "b/1 ?"});
  CHECK(split("/%C3%a4") == Segments{"ä"});
  CHECK(split("/%252F") == Segments{"%2F"});
  CHECK(split("/%2F%2F") == Segments{"//"});
  CHECK(split("/a%00b") == Segments{Bytes("a\0b", 3)});
  CHECK(split("/%2e%2E/a") == Segments{"..", "a"});
}

TEST_CASE("split_path: a plus → stays a plus") { CHECK(split("/a+b") == Segments{"a+b"}); }

TEST_CASE("split_path: malformed escapes → stay as they are") {
  CHECK(split("/%") == Segments{"%"});
  CHECK(split("/%4") == Segments{"%4"});
  CHECK(split("/%4/1") == Segments{"%4", "1"});
  CHECK(split("/%zz%4g%g4") == Segments{"%zz%4g%g4"});
  CHECK(split("/%%41") == Segments{"%A"});
  CHECK(split("/%-1") == Segments{"%-1"});
}

TEST_CASE("Query: names and values → decoded") {
  const Query parsed =
      query("a=1&b=x%20y+z&after=a%2Fb+%2B%25&%61%62=c%3Dd=e&expires_after[anchor]=t");
  CHECK(parsed.find("a") == "1");
  CHECK(parsed.find("b") == "x y z");
  CHECK(parsed.find("after") == "a/b +%");
  CHECK(parsed.find("ab") == "c=d=e");
  CHECK(parsed.find("expires_after[anchor]") == "t");
}

TEST_CASE("Query: a name twice → its first value; names are told apart by case") {
  const Query parsed = query("limit=1&limit=2&Limit=3");
  CHECK(parsed.find("limit") == "1");
  CHECK(parsed.find("Limit") == "3");
}

TEST_CASE("Query: names without a value, and gaps → empty values, and nothing") {
  const Query parsed = query("&&a&b=&=c&%");
  CHECK(parsed.find("a") == "");
  CHECK(parsed.find("b") == "");
  CHECK(parsed.find("") == "c");
  CHECK(parsed.find("%") == "");
  CHECK(parsed.find("c") == std::nullopt);
  CHECK(query("").find("") == std::nullopt);
  CHECK(query("&").find("") == std::nullopt);
}

TEST_CASE("Query: an escaped separator → part of the value") {
  CHECK(query("a=1%26b=2").find("a") == "1&b=2");
  CHECK(query("a=1%26b=2").find("b") == std::nullopt);
}

TEST_CASE("parse_target: path and query → both; a later question mark belongs to the query") {
  const Target target = parse_target(Exact("/v1/files/?a=b?c&d=/e/").view());
  CHECK(target.segments == Segments{"v1", "files"});
  CHECK(target.query.find("a") == "b?c");
  CHECK(target.query.find("d") == "/e/");
}

TEST_CASE("parse_target: no query, an empty one, an escaped mark → no values") {
  CHECK(parse_target("/a").query.find("a") == std::nullopt);
  CHECK(parse_target("/a?").segments == Segments{"a"});
  CHECK(parse_target("/a?").query.find("") == std::nullopt);
  CHECK(parse_target("/a%3Fb=c").segments == Segments{"a?b=c"});
  CHECK(parse_target("?a=b").segments.empty());
  CHECK(parse_target("?a=b").query.find("a") == "b");
}

}  // namespace edgebatch::http
