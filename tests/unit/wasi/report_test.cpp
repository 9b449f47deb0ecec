#include "bindings/wasi/report.hpp"

#include <catch_amalgamated.hpp>

#include "core/validation/verdict.hpp"

namespace {

using namespace edgebatch::wasi;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::LineError;
using edgebatch::validation::Verdict;

}  // namespace

TEST_CASE("report: an error in a line → place, message, code, excerpt and hint") {
  const LineError error{.line = 3,
                        .code = ErrorCode::method_not_post,
                        .detail = "GET",
                        .byte_column = 12,
                        .column = 9};
  CHECK(error_text("in.jsonl", error, {"\"GET\"", "^~~~~"}) ==
        "in.jsonl:3:9: error: Invalid value: 'GET'. Supported values are: 'POST'. [invalid_value]\n"
        "  \"GET\"\n"
        "  ^~~~~\n"
        "  hint: Write \"POST\".\n");
}

TEST_CASE("report: a custom_id that comes twice → a note says where it was first") {
  const LineError error{.line = 3,
                        .code = ErrorCode::duplicate_custom_id,
                        .detail = "1",
                        .byte_column = 1,
                        .column = 1,
                        .first_line = 1};
  CHECK(error_text("in.jsonl", error, {"x", "^"}).find("\nin.jsonl:1: note: first used here\n") !=
        edgebatch::Bytes::npos);
}

TEST_CASE("report: an error of the whole input → neither place nor excerpt") {
  CHECK(error_text("in.jsonl", {.line = 0, .code = ErrorCode::no_items}, {}) ==
        "in.jsonl: error: The file has no requests. It must have one a line. [empty_file]\n"
        "  hint: Write one JSON object a line.\n");
}

TEST_CASE("report: what others wrote → harmless to a terminal") {
  const LineError error{
      .line = 1, .code = ErrorCode::method_not_post, .detail = "\x1B[2J", .column = 1};
  CHECK(error_text("a\nb", error, {}).starts_with("a␊b:1:1: error: Invalid value: '␛[2J'."));
  Verdict verdict;
  verdict.items = 1;
  verdict.models = {{"\x1B[2J", 1}};
  CHECK(summary_text("a\x07", verdict) ==
        "a␇: valid; 1 item in 0 lines, 0 bytes, about 0 input tokens\n"
        "  models: ␛[2J (1)\n");
}

TEST_CASE("report: the summary of a valid file → what is in it") {
  Verdict verdict;
  verdict.bytes = 1'234'567;
  verdict.lines = 1001;
  verdict.items = 1000;
  verdict.input_tokens = 999;
  verdict.models = {{"m", 1000}};
  verdict.urls = {{"/v1/embeddings", 1}, {"/v1/responses", 999}};
  CHECK(summary_text("in.jsonl", verdict) ==
        "in.jsonl: valid; 1,000 items in 1,001 lines, 1,234,567 bytes, about 999 input tokens\n"
        "  models: m (1,000)\n"
        "  urls: /v1/embeddings (1), /v1/responses (999)\n");
}

TEST_CASE("report: more errors than are listed → how many more") {
  Verdict verdict;
  verdict.errors_count = 1;
  verdict.errors.resize(1);
  CHECK(summary_text("a", verdict).starts_with("a: 1 error; "));
  verdict.errors_count = 2;
  CHECK(summary_text("a", verdict).starts_with("a: 1 more error not listed\na: 2 errors; "));
  verdict.errors_count = 2001;
  CHECK(summary_text("a", verdict).starts_with("a: 2,000 more errors not listed\na: 2,001 errors"));
}

TEST_CASE("report: a larger file than a batch takes → a warning") {
  Verdict verdict;
  verdict.bytes = 200'000'000;
  CHECK(summary_text("a", verdict).starts_with("a: valid"));
  verdict.bytes = 200'000'001;
  CHECK(summary_text("a", verdict)
            .starts_with("a: warning: a batch takes no file of more than 200,000,000 bytes\n"));
}
