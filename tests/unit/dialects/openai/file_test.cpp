#include "core/dialects/openai/file.hpp"

#include <catch_amalgamated.hpp>
#include <optional>
#include <variant>
#include <vector>

#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/dialects/result_file.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::Ms;
using edgebatch::Problem;
using edgebatch::ProblemCode;
using edgebatch::View;
using edgebatch::dialects::Dialect;
using edgebatch::dialects::FileView;
using namespace edgebatch::dialects::openai;

FileView some_file() {
  return {"file-1", "in.jsonl", "batch", 12, 1'700'000'000'999, 1'702'592'000'999};
}

constexpr View some_file_json =
    R"({"id":"file-1","object":"file","bytes":12,"created_at":1700000000,"expires_at":1702592000,)"
    R"("filename":"in.jsonl","purpose":"batch","status":"processed","status_details":null})";

UploadForm form(View purpose) {
  UploadForm made;
  made.take("purpose", purpose);
  return made;
}

std::optional<UploadTerms> accepted(const UploadForm& made, View filename) {
  const auto result = check_form(made, filename);
  const auto* terms = std::get_if<UploadTerms>(&result);
  return terms != nullptr ? std::optional(*terms) : std::nullopt;
}

Bytes refused(const UploadForm& made, View filename = "a.jsonl") {
  const auto result = check_form(made, filename);
  const auto* wrong = std::get_if<Problem>(&result);
  if (wrong == nullptr) return "accepted";
  return wrong->param + ": " +
         edgebatch::problem::filled_in(edgebatch::problem::row(wrong->code).message, *wrong);
}

UploadForm expiring(View seconds) {
  UploadForm made = form("batch");
  made.take("expires_after[anchor]", "created_at");
  made.take("expires_after[seconds]", seconds);
  return made;
}

}  // namespace

TEST_CASE("openai file: an object → every member, seconds rounded down") {
  CHECK(file_json({some_file()}) == some_file_json);
  FileView kept = some_file();
  kept.expires_at_ms.reset();
  CHECK(file_json({kept}).find(R"("expires_at":null)") != Bytes::npos);
}

TEST_CASE("openai file: its content's digest is known → shown, too") {
  CHECK(file_json({some_file(), "ab"}).ends_with(R"("status_details":null,"sha256":"ab"})"));
}

TEST_CASE("openai file: lists → first and last id, null where the page is empty") {
  CHECK(file_list_json({}, false) ==
        R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
  FileView other = some_file();
  other.id = "file-2";
  const Bytes list = file_list_json({{some_file()}, {other}}, true);
  CHECK(list.starts_with(R"({"object":"list","data":[)" + Bytes(some_file_json) + ",{"));
  CHECK(list.ends_with(R"(],"first_id":"file-1","last_id":"file-2","has_more":true})"));
}

TEST_CASE("openai file: of a batch's results → named after the batch, of purpose batch_output") {
  const auto output = edgebatch::dialects::result_file(Dialect::openai, 0, "batch_1");
  REQUIRE(output);
  CHECK(output->id_prefix == "file-");
  CHECK(output->name == "batch_1_output.jsonl");
  CHECK(output->purpose == "batch_output");
  CHECK(edgebatch::dialects::result_file(Dialect::openai, 1, "batch_1")->name ==
        "batch_1_error.jsonl");
}

TEST_CASE("openai file: deleted → says so") {
  CHECK(deleted_file_json("file-1") == R"({"id":"file-1","object":"file","deleted":true})");
}

TEST_CASE("openai upload: a batch input → lives 30 days; other purposes → for ever") {
  const auto batch = accepted(form("batch"), "a.jsonl");
  REQUIRE(batch);
  CHECK(batch->purpose == "batch");
  CHECK(batch->life_ms == Ms{2'592'000'000});
  for (const View purpose : {"assistants", "fine-tune", "vision", "user_data", "evals"}) {
    const auto terms = accepted(form(purpose), "picture.png");
    REQUIRE(terms);
    CHECK(terms->purpose == purpose);
    CHECK_FALSE(terms->life_ms);
  }
}

TEST_CASE("openai upload: purpose missing or unknown → says which there are") {
  CHECK(refused({}) == "purpose: Missing required parameter: 'purpose'.");
  CHECK(refused(form("")) == "purpose: Missing required parameter: 'purpose'.");
  CHECK(refused(form("batch_output")) ==
        "purpose: Invalid value: 'batch_output'. Supported values are: 'assistants', 'batch', "
        "'fine-tune', 'vision', 'user_data', and 'evals'.");
}

TEST_CASE("openai upload: names of batch inputs → only another extension is refused") {
  for (const View name : {"a.jsonl", "A.JSONL", "a.b.JsonL", "upload", "", ".jsonl"})
    CHECK(accepted(form("batch"), name));
  for (const View name : {"a.json", "a.jsonl.gz", "a.txt", "a.jsonlx", "a."}) {
    const auto result = check_form(form("batch"), name);
    const auto* wrong = std::get_if<Problem>(&result);
    REQUIRE(wrong != nullptr);
    CHECK(wrong->code == ProblemCode::file_name);
  }
}

TEST_CASE("openai upload: expires_after at, below and above its limits → the file's life") {
  CHECK(accepted(expiring("3600"), "a")->life_ms == Ms{3'600'000});
  CHECK(accepted(expiring("3601"), "a")->life_ms == Ms{3'601'000});
  CHECK(accepted(expiring("2591999"), "a")->life_ms == Ms{2'591'999'000});
  CHECK(accepted(expiring("2592000"), "a")->life_ms == Ms{2'592'000'000});
  for (const View seconds : {"3599", "2592001", "-3600", "3600.0", "", "99999999999999999999"})
    CHECK(refused(expiring(seconds)) == "expires_after[seconds]: Invalid value: '" +
                                            Bytes(seconds) +
                                            "'. Expected an integer from 3600 to 2592000.");
}

TEST_CASE("openai upload: half of expires_after, or another anchor → says what is missing") {
  UploadForm anchor = form("batch");
  anchor.take("expires_after[anchor]", "created_at");
  CHECK(refused(anchor) ==
        "expires_after[seconds]: Missing required parameter: 'expires_after[seconds]'.");
  UploadForm seconds = form("batch");
  seconds.take("expires_after[seconds]", "3600");
  CHECK(refused(seconds) ==
        "expires_after[anchor]: Missing required parameter: 'expires_after[anchor]'.");
  anchor.take("expires_after[seconds]", "3600");
  anchor.take("expires_after[anchor]", "now");
  CHECK(refused(anchor) ==
        "expires_after[anchor]: Invalid value: 'now'. Supported values are: 'created_at'.");
}

TEST_CASE("openai upload: fields of other names → ignored") {
  UploadForm made = form("vision");
  made.take("zzz[a]", "1");
  made.take("expires_after", "{}");
  CHECK(accepted(made, "a.png"));
}
