#include "bindings/wasi/file_check.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <string>
#include <utility>

#include "bindings/wasi/arguments.hpp"
#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::wasi;

constexpr View good =
    R"({"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x"}})"
    "\n";

FileCheck checking(Format format = Format::text, Bytes endpoint = {}) {
  return {"in", std::move(endpoint), format, {1, 2}};
}

Bytes all_printed(View text, std::size_t piece) {
  FileCheck check = checking();
  Bytes printed;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    printed += check.feed(text.substr(0, piece));
  return printed + check.finish();
}

}  // namespace

TEST_CASE("file check: a good file → its summary at the end") {
  FileCheck check = checking();
  CHECK(check.feed(good).empty());
  CHECK(check.so_far().lines == 1);
  CHECK(check.finish().starts_with("in: valid; 1 item in 1 line, "));
  CHECK(check.valid());
}

TEST_CASE("file check: a line with an error has ended → it is printed at once, and only once") {
  FileCheck check = checking();
  CHECK(check.feed(good).empty());
  CHECK(check.feed("{\"custom_id\":").empty());
  CHECK(
      check.feed("\n").starts_with("in:2:14: error: This line is not parseable as valid JSON. "
                                   "[invalid_json_line]\n  {\"custom_id\":\n               ^\n"));
  CHECK(check.feed("{").empty());
  CHECK(check.finish().starts_with("in:3:2: error: "));
  CHECK_FALSE(check.valid());
}

TEST_CASE("file check: however the file is cut → the same is printed") {
  Bytes text = Bytes("\xEF\xBB\xBF") + Bytes(good) + Bytes(good) + "\n[\r\n{\"a\xFF\"}\n";
  text += R"({"custom_id":"日本","custom_id":1,"body":{"stream":true}})";
  const Bytes whole = all_printed(text, text.size());
  CHECK(whole.find("in:2:14: error: ") != Bytes::npos);
  CHECK(whole.find("in:1: note: first used here") != Bytes::npos);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) {
    CAPTURE(piece);
    CHECK(all_printed(text, piece) == whole);
  }
}

TEST_CASE("file check: an endpoint is asked for → other urls are errors") {
  FileCheck check = checking(Format::text, "/v1/responses");
  CHECK(check.feed(good).find("does not match the batch endpoint. [invalid_url]") != Bytes::npos);
}

TEST_CASE("file check: more errors than are listed → a thousand, and how many more") {
  FileCheck check = checking();
  Bytes printed;
  for (int i = 0; i < 1002; ++i) printed += check.feed("[\n");
  CHECK(printed.find("in:1000:2: error: ") != Bytes::npos);
  CHECK(printed.find("in:1001:2: error: ") == Bytes::npos);
  CHECK(check.finish().starts_with("in: 2 more errors not listed\nin: 1,002 errors; "));
}

TEST_CASE("file check: too many items → the error waits for their number, with its excerpt") {
  FileCheck check = checking();
  Bytes printed;
  for (int i = 0; i < 50'002; ++i) {
    const Bytes id = std::to_string(i);
    printed +=
        check.feed(R"({"custom_id":")" + id +
                   R"(","method":"POST","url":"/v1/embeddings","body":{"model":"m","input":""}})"
                   "\n");
  }
  CHECK(printed.empty());
  CHECK(check.finish().starts_with(
      "in:50001:1: error: The file has 50002 requests, but a batch takes "
      "at most 50000. This line is the first beyond the limit; those "
      "behind it were not checked. [too_many_tasks]\n"
      "  {\"custom_id\":\"50000\","));
}

TEST_CASE("file check: JSON → the verdict as a line at the end, else nothing") {
  FileCheck check = checking(Format::json);
  CHECK(check.feed("[\n").empty());
  const Bytes verdict = check.finish();
  CHECK(verdict.starts_with(R"({"object":"batch.input.verdict","valid":false,"bytes":2,)"));
  CHECK(verdict.ends_with("}\n"));
  CHECK(verdict.find('\n') == verdict.size() - 1);
}
