#include "core/json/literal_string.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>

#include "core/text/bytes.hpp"
#include "core/text/utf8.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::json;
using edgebatch::support::Exact;

}  // namespace

TEST_CASE("json literal string: escapes at any place of a block → decoded, and counted once each") {
  struct Escape {
    View written;
    View means;
  };
  for (const auto& [written, means] :
       {Escape{R"(\n)", "\n"}, Escape{R"(\\)", "\\"}, Escape{R"(\")", "\""},
        Escape{R"(\u00e9)", "é"}, Escape{R"(\ud83d\ude00)", "😀"}, Escape{R"(\ud83d)", "\uFFFD"},
        Escape{R"(\\\")", "\\\""}})
    for (const View filling : {"a", "é"})
      for (std::size_t before = 0; before < 34; ++before) {
        Bytes inside;
        Bytes text;
        for (std::size_t i = 0; i < before; ++i) {
          inside += filling;
          text += filling;
        }
        const Exact exact(inside.append(written).append("b").append(written));
        text.append(means).append("b").append(means);
        const LiteralString string{
            .inside = exact.view(), .escaped = true, .ascii = before == 0 || filling == "a"};
        Bytes scratch;
        CAPTURE(exact.view());
        CHECK(string.text(scratch) == text);
        CHECK(string.length() == edgebatch::text::utf8_length(text));
      }
}

TEST_CASE("json literal string: without escapes → looked at where it lies") {
  Bytes scratch;
  CHECK(LiteralString{.inside = "aé", .ascii = false}.length() == 2);
  CHECK(LiteralString{.inside = "ab"}.length() == 2);
  const View inside = "ab";
  CHECK(LiteralString{.inside = inside}.text(scratch).data() == inside.data());
}
