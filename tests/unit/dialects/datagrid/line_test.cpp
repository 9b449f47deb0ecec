#include "core/dialects/datagrid/line.hpp"

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/line_format.hpp"
#include "core/json/writer.hpp"
#include "core/ledger/span.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/verdict.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::ledger::Counts;
using edgebatch::ledger::Usage;
using edgebatch::validation::ErrorCode;
using namespace edgebatch::dialects;
using datagrid::ItemLine;

std::unique_ptr<const LineFormat> format() {
  return datagrid::line_format(
      edgebatch::wire::encode(datagrid::CreateBatch{
          .model = "gpt", .completion_window = "24h", .metadata = std::nullopt}),
      edgebatch::wire::encode(
          datagrid::Brief{.prompt = "Read it.", .output_schema = R"({"type":"object"})"}),
      {1, 2});
}

std::optional<Item> read(View line) {
  return format()->read(edgebatch::support::Exact(line).view(), 3);
}

ItemLine planned() {
  return {.custom_id = "a",
          .file_id = "f",
          .file = datagrid::Attachment{
              .name = "n", .content = Content::png, .stream = {.prefix = "in/f/", .bytes = 3}}};
}

ItemLine refused(ErrorCode code, View detail) {
  return {
      .custom_id = "a",
      .file_id = "f",
      .refusal = edgebatch::validation::LineError{
          .line = 1, .code = code, .param = "file_id", .detail = Bytes(detail), .custom_id = "a"}};
}

Item item(const ItemLine& line) { return read(datagrid::item_line(line)).value_or(Item{}); }

std::optional<ResultLine> answered(std::uint32_t status, View body) {
  return format()->answered("bpred_1", item(planned()), {status, "req_9", Bytes(body)});
}

ResultLine unanswered(Unanswered why, View detail = "", const ItemLine& line = planned()) {
  return format()->unanswered("bpred_1", item(line), why, detail);
}

// A whole line without an output.
Bytes error_line(View status, View name, View title, View number, View detail) {
  return R"({"object":"batch_prediction.result","batch_id":"bpred_1","custom_id":"a","status":")" +
         Bytes(status) + R"(","output":null,"error":{"type":"https://api.datagrid.com/errors/)" +
         Bytes(name) + R"(","title":")" + Bytes(title) + R"(","status":)" + Bytes(number) +
         R"(,"detail":")" + Bytes(detail) + R"("}})";
}

Bytes processing_failed(View detail) {
  return error_line("errored", "batch_item_processing_failed", "Batch Item Processing Failed",
                    "500", detail);
}

constexpr View good_answer =
    R"({"choices":[{"message":{"content":"{ \"k\": \"v\" }"}}],)"
    R"("usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}})";

}  // namespace

TEST_CASE("datagrid line: one result stream") { CHECK(format()->streams() == 1); }

TEST_CASE("datagrid line: a created or planned line → its item, the line as its body") {
  for (const ItemLine& line : {ItemLine{.custom_id = "é", .file_id = "f", .page = 2}, planned(),
                               refused(ErrorCode::file_not_found, "f")}) {
    const auto found = read(datagrid::item_line(line));
    REQUIRE(found);
    CHECK(found->index == 3);
    CHECK(found->custom_id == line.custom_id);
    CHECK(found->path == "/chat/completions");
    CHECK(found->body == datagrid::item_line(line));
    CHECK(found->model == "gpt");
  }
}

TEST_CASE("datagrid line: something else → no item") {
  for (const View line : {"", "{", "{}", "[]", R"({"custom_id":"a"})"}) CHECK_FALSE(read(line));
}

TEST_CASE("datagrid line: an item that can be sent → a request in the upstream's name for it") {
  const auto body = format()->body(item(planned()), "own", Delivery::whole);
  REQUIRE(body.size() == 3);
  CHECK(
      std::get_if<Bytes>(body.data())
          ->starts_with(
              R"({"model":"own","messages":[{"role":"user","content":[{"type":"text","text":"Read it."},)"));
  CHECK(std::get_if<Bytes>(&body[2])->ends_with(R"("schema":{"type":"object"}}}})"));
}

TEST_CASE("datagrid line: an item that can't be sent → nothing is asked") {
  CHECK(format()
            ->body(item(refused(ErrorCode::file_not_found, "f")), "own", Delivery::whole)
            .empty());
  CHECK(format()->body(item({.custom_id = "a", .file_id = "f"}), "own", Delivery::whole).empty());
  CHECK(format()->body(Item{}, "own", Delivery::whole).empty());
}

TEST_CASE("datagrid line: an answer with one object → succeeded, compact, its usage counted") {
  const auto line = answered(200, good_answer);
  REQUIRE(line);
  CHECK(line->text == R"({"object":"batch_prediction.result","batch_id":"bpred_1","custom_id":"a",)"
                      R"("status":"succeeded","output":{"k":"v"},"error":null})");
  CHECK(line->stream == 0);
  CHECK(line->counts == Counts{1, 0, 0, 0});
  CHECK(line->usage == Usage{4, 0, 2, 0, 6});
}

TEST_CASE(
    "datagrid line: an answer without one → prediction_failed, its usage counted all the same") {
  const auto line =
      answered(200, R"({"choices":[{"message":{"content":"no"}}],"usage":{"total_tokens":5}})");
  REQUIRE(line);
  CHECK(line->text ==
        error_line("errored", "prediction_failed", "Prediction Failed", "422",
                   "The model's answer is not one JSON object: there is none in it. It "
                   "begins: 'no'."));
  CHECK(line->counts == Counts{0, 1, 0, 0});
  CHECK(line->usage == Usage{0, 0, 0, 0, 5});
  CHECK(answered(200, "{}")->text.find("has no choices") != Bytes::npos);
}

TEST_CASE("datagrid line: a good answer whose body isn't JSON → no line") {
  CHECK_FALSE(answered(200, "<html>"));
  CHECK_FALSE(answered(200, ""));
  CHECK_FALSE(answered(299, R"({"choices":[)"));
}

TEST_CASE("datagrid line: an answer of another status → its status and message, no usage") {
  const auto line =
      answered(400, R"({"error":{"message":"Too \"long\""},"usage":{"total_tokens":5}})");
  REQUIRE(line);
  CHECK(line->text ==
        processing_failed(R"(The model provider answered with status 400: Too \"long\")"));
  CHECK(line->counts == Counts{0, 1, 0, 0});
  CHECK(line->usage == Usage{});
  CHECK(answered(503, "")->text ==
        processing_failed("The model provider answered with status 503 and an empty body."));
  CHECK(answered(199, good_answer)->counts.errored == 1);
  CHECK(answered(300, good_answer)->counts.errored == 1);
  CHECK(answered(502, "<html>\n\xFF")->text ==
        processing_failed("The model provider answered with status 502: <html>\\n\xEF\xBF\xBD"));
}

TEST_CASE("datagrid line: 402 → credit_exceeded") {
  CHECK(answered(402, R"({"error":"broke"})")->text ==
        error_line("errored", "credit_exceeded", "Credit Exceeded", "402",
                   "The model provider answered with status 402: broke"));
}

TEST_CASE("datagrid line: items that never ran → canceled, expired") {
  const ResultLine cancelled = unanswered(Unanswered::cancelled);
  CHECK(cancelled.text == error_line("canceled", "batch_cancelled", "Batch Cancelled", "409",
                                     "This item was not run because the batch was cancelled."));
  CHECK(cancelled.counts == Counts{0, 0, 1, 0});
  const ResultLine expired = unanswered(Unanswered::expired);
  CHECK(expired.text == error_line("expired", "batch_expired", "Batch Expired", "408",
                                   "This item was not run before the completion window was over."));
  CHECK(expired.counts == Counts{0, 0, 0, 1});
  CHECK(expired.stream == 0);
  CHECK(expired.usage == Usage{});
}

TEST_CASE("datagrid line: a batch that failed → each item its own fault, or that others had one") {
  const auto line = [](const ItemLine& its_line) {
    const ResultLine written = unanswered(Unanswered::refused, "", its_line);
    CHECK(written.counts == Counts{0, 1, 0, 0});
    return written.text;
  };
  CHECK(line(planned()) ==
        error_line("errored", "batch_validation_failed", "Batch Validation Failed", "422",
                   "This item was not run because other items of its batch can't be sent."));
  CHECK(line(refused(ErrorCode::file_not_found, "f")) ==
        error_line("errored", "file_not_found", "File Not Found", "404",
                   "There is no file 'f', or this batch may not read it. Upload it with `POST "
                   "/files` and use the id that is returned."));
  CHECK(line(refused(ErrorCode::file_unsupported, "empty")) ==
        error_line("errored", "unsupported_file_format", "Unsupported File Format", "422",
                   "The file is empty. What can be sent: images (PNG, JPEG, WebP, GIF), PDF "
                   "documents, and text in UTF-8."));
  CHECK(line(refused(ErrorCode::file_too_large, "It is large.")) ==
        processing_failed("It is large."));
}

TEST_CASE("datagrid line: items that ran in vain → why, and the detail behind it") {
  for (const auto& [why, text] :
       {std::pair(Unanswered::unreachable, "The model provider could not be reached in any try."),
        std::pair(Unanswered::not_json,
                  "The model provider answered with something that is not JSON in every try."),
        std::pair(Unanswered::too_large,
                  "The model provider's answer was larger than a result line may be."),
        std::pair(Unanswered::given_up,
                  "This item was given up: whatever worked on it died, again and again."),
        std::pair(Unanswered::timed_out,
                  "The model provider did not answer in time in any try.")}) {
    CHECK(unanswered(why).text == processing_failed(text));
    CHECK(unanswered(why, "It hung \"up\".").text ==
          processing_failed(Bytes(text) + R"( It hung \"up\".)"));
    CHECK(unanswered(why).counts == Counts{0, 1, 0, 0});
  }
}

TEST_CASE("datagrid line: line separators anywhere → never raw in the line") {
  Item odd = item(planned());
  odd.custom_id = "a\xE2\x80\xA8\n\xC2\x85";
  const auto line = format()->answered(
      "b", odd,
      {200, "",
       "{\"choices\":[{\"message\":{\"content\":\"{\\\"k\\\":\\\"\xE2\x80\xA9\\\"}\"}}]}"});
  REQUIRE(line);
  CHECK(line->text ==
        R"({"object":"batch_prediction.result","batch_id":"b","custom_id":"a\u2028\n\u0085",)"
        R"("status":"succeeded","output":{"k":"\u2029"},"error":null})");
}

TEST_CASE("datagrid line: a request or a brief that can't be read → lines without a model") {
  const auto other = datagrid::line_format("nonsense", "", {1, 2});
  const auto found = other->read(datagrid::item_line(planned()), 0);
  REQUIRE(found);
  CHECK(found->model.empty());
  CHECK(other->unanswered("b", *found, Unanswered::expired, "").counts.expired == 1);
}

// ---- Answers that don't fit

namespace {

std::unique_ptr<const LineFormat> format_of(View output_schema) {
  return datagrid::line_format(
      edgebatch::wire::encode(datagrid::CreateBatch{
          .model = "gpt", .completion_window = "24h", .metadata = std::nullopt}),
      edgebatch::wire::encode(
          datagrid::Brief{.prompt = "Read it.", .output_schema = Bytes(output_schema)}),
      {1, 2});
}

constexpr View total_schema =
    R"({"type":"object","properties":{"total":{"type":"number"}},"required":["total"]})";

Answer saying(View content) {
  Bytes quoted;
  edgebatch::json::append_string(quoted, content);
  return {200, "req_9",
          R"({"choices":[{"message":{"content":)" + quoted +
              R"(}}],"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}})"};
}

constexpr View unfit_words =
    R"(The model's answer does not fit output_schema: /total: is \"12,50\" (a string), but must be a number (type).)";

Bytes prediction_failed(View detail) {
  return error_line("errored", "prediction_failed", "Prediction Failed", "422", detail);
}

// Asked for again after an answer that doesn't fit.
Item asked_again(const LineFormat& format) {
  Item again = item(planned());
  again.follow_up = format.answered("bpred_1", again, saying(R"({"total":"12,50"})"))->follow_up;
  again.follow_ups_count = 1;
  return again;
}

}  // namespace

TEST_CASE("datagrid line: an answer that fits its schema → succeeded, nothing more to ask") {
  const auto line =
      format_of(total_schema)->answered("bpred_1", item(planned()), saying(R"({"total":12.50})"));
  REQUIRE(line);
  CHECK(line->counts == Counts{1, 0, 0, 0});
  CHECK(line->text.find(R"("output":{"total":12.50})") != Bytes::npos);
  CHECK(line->follow_up.empty());
}

TEST_CASE(
    "datagrid line: an answer that doesn't fit → prediction_failed, where and by which keyword") {
  const auto format = format_of(total_schema);
  const auto line = format->answered("bpred_1", item(planned()), saying(R"({"total":"12,50"})"));
  REQUIRE(line);
  CHECK(line->text == prediction_failed(unfit_words));
  CHECK(line->usage == Usage{4, 0, 2, 0, 6});
  CHECK_FALSE(line->follow_up.empty());
  CHECK(format->answered("b", item(planned()), saying("{}"))->text.find("(required)") !=
        Bytes::npos);
}

TEST_CASE("datagrid line: a follow-up → goes behind the question, and both answers' usage counts") {
  const auto format = format_of(total_schema);
  const Item again = asked_again(*format);
  const auto body = format->body(again, "own", Delivery::whole);
  REQUIRE(body.size() == 3);
  const auto* behind = std::get_if<Bytes>(&body[2]);
  REQUIRE(behind);
  CHECK(behind->starts_with(
      R"("}}]},{"role":"assistant","content":"{\"total\":\"12,50\"}"},{"role":"user","content":"The)"));
  CHECK(behind->find(unfit_words) != Bytes::npos);

  CHECK(format->answered("b", again, saying(R"({"total":1})"))->usage == Usage{8, 0, 4, 0, 12});
  const auto twice = format->answered("bpred_1", again, saying(R"({"total":[]})"));
  CHECK(twice->usage == Usage{8, 0, 4, 0, 12});
  CHECK(twice->text.find("/total: is an array") != Bytes::npos);
  CHECK_FALSE(twice->follow_up.empty());
}

TEST_CASE("datagrid line: nothing comes of asking again → the answer before, its usage too") {
  const auto format = format_of(total_schema);
  const Item again = asked_again(*format);
  const auto check = [](const ResultLine& line, View more) {
    CHECK(line.text == prediction_failed(Bytes(unfit_words) + Bytes(more)));
    CHECK(line.counts == Counts{0, 1, 0, 0});
    CHECK(line.usage == Usage{4, 0, 2, 0, 6});
    CHECK(line.follow_up.empty());
  };
  check(format->unanswered("bpred_1", again, Unanswered::unreachable, ""),
        " Asked again: The model provider could not be reached in any try.");
  check(format->answered("bpred_1", again, {400, "", "no"}).value_or(ResultLine{}),
        " Asked again: The model provider answered with status 400: no");
  const auto cut_off = format->answered(
      "bpred_1", again,
      {200, "", R"({"choices":[{"finish_reason":"length","message":{"content":"{"}}]})"});
  check(cut_off.value_or(ResultLine{}),
        " Asked again: The answer was cut off at the model's output limit.");
  check(format->unanswered("bpred_1", again, Unanswered::cancelled, ""), "");
  check(format->unanswered("bpred_1", again, Unanswered::expired, ""), "");
}

TEST_CASE(
    "datagrid line: a schema that isn't followed any more → nothing fits it, nobody is asked "
    "again") {
  const auto line = format_of(R"({"$ref":"#"})")
                        ->answered("b", asked_again(*format_of(total_schema)), saying("{}"));
  REQUIRE(line);
  CHECK(line->counts == Counts{0, 1, 0, 0});
  CHECK(line->text.find("can't be followed by this one") != Bytes::npos);
  CHECK(line->follow_up.empty());
}

TEST_CASE("datagrid line: an answer that the model can't mend → no follow-up; prose → one") {
  const auto format = format_of(total_schema);
  const auto follow_up = [&](View body) {
    return format->answered("b", item(planned()), {200, "", Bytes(body)})->follow_up;
  };
  CHECK_FALSE(format->answered("b", item(planned()), saying("It is 12."))->follow_up.empty());
  CHECK(follow_up(R"({"choices":[]})").empty());
  CHECK(follow_up(R"({"choices":[{"message":{"refusal":"no"}}]})").empty());
  CHECK(format->answered("b", item(planned()), {500, "", "{}"})->follow_up.empty());
}

TEST_CASE("datagrid line: a schema that strict mode allows → asked for strictly, else not") {
  const auto asks_strictly = [](View schema) {
    const auto body = format_of(schema)->body(item(planned()), "own", Delivery::whole);
    return std::get_if<Bytes>(&body[2])->find(R"("name":"output","strict":true,"schema":)") !=
           Bytes::npos;
  };
  CHECK_FALSE(asks_strictly(total_schema));
  CHECK(asks_strictly(R"({"type":"object","properties":{},"additionalProperties":false})"));
}
