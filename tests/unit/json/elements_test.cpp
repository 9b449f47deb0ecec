#include "core/json/elements.hpp"

#include <catch_amalgamated.hpp>
#include <optional>
#include <vector>

#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::json::each_element;

using Seen = std::vector<Bytes>;

std::optional<Seen> elements(View text) {
  Seen seen;
  const edgebatch::support::Exact exact(text);
  if (!each_element(exact.view(), [&seen](View element) { seen.emplace_back(element); }))
    return std::nullopt;
  return seen;
}

}  // namespace

TEST_CASE("each_element: arrays → each element as it stands, in order") {
  CHECK(elements("[]") == Seen{});
  CHECK(elements(" [ ] ") == Seen{});
  CHECK(elements("[1]") == Seen{"1"});
  CHECK(elements("[1,-2.50e3,true,null]") == Seen{"1", "-2.50e3", "true", "null"});
  CHECK(elements("\t[ 1 ,\n2\r, \"a b\" , false ]\n") == Seen{"1", "2", "\"a b\"", "false"});
  CHECK(elements(R"([{"a":[1,2]},[3,[4]],"\"]",{},[]])") ==
        Seen{R"({"a":[1,2]})", "[3,[4]]", R"("\"]")", "{}", "[]"});
}

TEST_CASE("each_element: anything but one valid array → false") {
  for (const View text : {"", " ", "{}", R"({"a":[1]})", "1", "\"[1]\"", "null", "[1", "[1,]",
                          "[,1]", "[1]]", "[1] 2", "[01]", "x[1]", "[\"\xFF\"]"})
    CHECK_FALSE(elements(text));
}

TEST_CASE("each_element: cut anywhere → false, and nothing read beyond") {
  const View text = R"([1,"a\u00e9",{"b":[true]},-0.5e1])";
  CHECK(elements(text));
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(elements(text.substr(0, size)));
}
