#include "core/dialects/line_format.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/openai/line.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects;

Bytes renamed(View body, View model) {
  return with_model(edgebatch::support::Exact(body).view(), model);
}

}  // namespace

TEST_CASE("line_format: a dialect → its own format") {
  CHECK(&line_format(Dialect::openai) == &openai::line_format());
}

TEST_CASE("with_model: a body with a model → its value is replaced, all other bytes stay") {
  CHECK(renamed(R"({"model":"a","n":1.0})", "b") == R"({"model":"b","n":1.0})");
  CHECK(renamed(" { \"n\" : 1e2 ,\t\"model\" : \"a\" } ", "long/name:1") ==
        " { \"n\" : 1e2 ,\t\"model\" : \"long/name:1\" } ");
  CHECK(renamed(R"({"mod\u0065l":"a"})", "b") == R"({"mod\u0065l":"b"})");
  CHECK(renamed(R"({"model":7})", "b") == R"({"model":"b"})");
  CHECK(renamed(R"({"model":"a"})", "q\"uote") == R"({"model":"q\"uote"})");
}

TEST_CASE("with_model: only a deeper model, none, or no object → the body itself") {
  for (const View body : {R"({"x":{"model":"a"},"y":["model","a"]})", R"({})", R"(["model","a"])",
                          R"({"model":"a")", "", R"({"models":"a"})"})
    CHECK(renamed(body, "b") == body);
}
