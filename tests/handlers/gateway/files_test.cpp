#include <catch_amalgamated.hpp>

#include "core/http/range.hpp"
#include "handlers/actors/batch/commands.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::tenant::DeleteFile;
using actors::tenant::FileRow;
using actors::tenant::FindFile;
using actors::tenant::ListFiles;
using ports::Tell;

const Bytes path = "/v1/files/" + file_id;

void check_no_such_file(const Answer& answer) {
  CHECK(answer.text("error/message").starts_with("No such File object: "));
  CHECK(answer.text("error/param") == "id");
}

// What can't be an id is refused without asking anybody.
const auto no_ids = {"file-",
                     "file-1",
                     "batch_0123456789abcdef0123456789abcdef",
                     "file-0123456789ABCDEF0123456789ABCDEF",
                     "file-0123456789abcdef0123456789abcdef0",
                     "%2e%2e%2fsecret"};

// ---- Retrieve

TEST_CASE("retrieve_file: the file is there → its object") {
  authorized("GET", path)
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(a_file_row())
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id") == file_id);
        CHECK(answer.text("object") == "file");
        CHECK(answer.number("bytes") == 300);
        CHECK(answer.number("created_at") == (began_at - 5'000) / 1'000);
        CHECK(answer.text("filename") == "in.jsonl");
      });
}

TEST_CASE("retrieve_file: no such file → 404") {
  authorized("GET", path)
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(std::nullopt)
      .answers(404, check_no_such_file);
}

TEST_CASE("retrieve_file: what can't be an id → 404 without asking the tenant") {
  for (const View id : no_ids)
    authorized("GET", "/v1/files/" + Bytes(id)).answers(404, check_no_such_file);
}

TEST_CASE("retrieve_file: the tenant doesn't answer → 503") {
  authorized("GET", path)
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .fails(ports::Fault::lost)
      .answers(503);
}

// ---- Delete

TEST_CASE("delete_file: the file is there → deleted") {
  authorized("DELETE", path)
      .expects(Tell{tenant, DeleteFile{.id = file_id}})
      .gives(true)
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id") == file_id);
        CHECK(answer.truth("deleted"));
      });
}

TEST_CASE("delete_file: no such file → 404") {
  authorized("DELETE", path)
      .expects(Tell{tenant, DeleteFile{.id = file_id}})
      .gives(false)
      .answers(404, check_no_such_file);
}

TEST_CASE("delete_file: what can't be an id → 404 without asking the tenant") {
  for (const View id : no_ids)
    authorized("DELETE", "/v1/files/" + Bytes(id)).answers(404, check_no_such_file);
}

// ---- List

ListFiles list(std::uint32_t limit_count) {
  ListFiles command;
  command.id_prefix = "file-";
  command.limit_count = limit_count;
  return command;
}

TEST_CASE("list_files: nothing said → all purposes, newest first, the vendor's page") {
  const Bytes second = "file-" + Bytes(32, '1');
  authorized("GET", "/openai/v1/files")
      .expects(Tell{tenant, list(10'000)})
      .gives(
          {.files = {{.view = a_file(), .sha256 = "ab"}, {.view = a_file(second, "batch_output")}},
           .has_more = true})
      .answers(200, [&](const Answer& answer) {
        CHECK(answer.text("object") == "list");
        CHECK(answer.text("data/0/id") == file_id);
        CHECK(answer.text("data/0/sha256") == "ab");
        CHECK(answer.text("data/1/purpose") == "batch_output");
        CHECK_FALSE(answer.at("data/1").member("sha256"));
        CHECK(answer.text("first_id") == file_id);
        CHECK(answer.text("last_id") == second);
        CHECK(answer.truth("has_more"));
      });
}

TEST_CASE("list_files: a whole query → told to the tenant") {
  authorized("GET", "/v1/files?purpose=batch&limit=2&order=asc&after=" + file_id)
      .expects(Tell{tenant, ListFiles{.id_prefix = "file-",
                                      .purpose = "batch",
                                      .after = file_id,
                                      .before = {},
                                      .order = ports::Order::ascending,
                                      .limit_count = 2}})
      .gives({})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.at("data").elements().empty());
        CHECK(answer.at("first_id").is_null());
        CHECK_FALSE(answer.truth("has_more"));
      });
}

TEST_CASE("list_files: limits at their bounds → taken; beyond → 400") {
  for (const std::uint32_t limit : {1U, 10'000U})
    authorized("GET", "/v1/files?limit=" + std::to_string(limit))
        .expects(Tell{tenant, list(limit)})
        .gives()
        .answers(200);
  for (const View limit : {"0", "10001", "-1", "", "two", "1e3", "99999999999999999999"}) {
    CAPTURE(limit);
    authorized("GET", "/v1/files?limit=" + Bytes(limit)).answers(400, [](const Answer& answer) {
      CHECK(answer.text("error/param") == "limit");
      CHECK(answer.text("error/message").find("from 1 to 10000") != Bytes::npos);
    });
  }
}

TEST_CASE("list_files: another order, another cursor → 400 that names the parameter") {
  authorized("GET", "/v1/files?order=up").answers(400, [](const Answer& answer) {
    CHECK(answer.text("error/param") == "order");
  });
  authorized("GET", "/v1/files?after=file-1").answers(400, [](const Answer& answer) {
    CHECK(answer.text("error/param") == "after");
  });
}

// ---- Content

FileRow uploaded(std::uint64_t bytes) {
  FileRow row = a_file_row();
  row.stream.bytes = bytes;
  return row;
}

FileRow produced() {
  FileRow row = a_file_row(file_id, "batch_output");
  row.stream = {};
  row.result = {.batch_id = batch_id, .stream = 1};
  return row;
}

TEST_CASE("file_content: an upload of two parts → both, in order, with their length") {
  const std::uint64_t bytes = http::part_bytes + 7;
  authorized("GET", path + "/content")
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(uploaded(bytes))
      .answers(200, [&](const Answer& answer) {
        CHECK(answer.header("content-length") == std::to_string(bytes));
        CHECK(answer.header("accept-ranges") == "bytes");
        const Bytes prefix = "in/dev/" + file_id + "/part/";
        CHECK(answer.sections() ==
              std::vector<http::Section>{
                  {.key = prefix + "000000", .offset = 0, .length = http::part_bytes},
                  {.key = prefix + "000001", .offset = 0, .length = 7}});
      });
}

TEST_CASE("file_content: a range across two parts → 206 with just these bytes") {
  const std::uint64_t part = http::part_bytes;
  authorized("GET", path + "/content",
             {{"Range", "bytes=" + std::to_string(part - 2) + "-" + std::to_string(part + 2)}})
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(uploaded(part + 7))
      .answers(206, [&](const Answer& answer) {
        CHECK(answer.header("content-length") == "5");
        CHECK(answer.header("content-range") == "bytes " + std::to_string(part - 2) + "-" +
                                                    std::to_string(part + 2) + "/" +
                                                    std::to_string(part + 7));
        CHECK(http::total_length(answer.sections()) == 5);
        CHECK(answer.sections().front().offset == part - 2);
        CHECK(answer.sections().back().length == 3);
      });
}

TEST_CASE("file_content: a range behind the end → 416 that says how long the file is") {
  authorized("GET", path + "/content", {{"range", "bytes=300-"}})
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(uploaded(300))
      .answers(416, [](const Answer& answer) {
        CHECK(answer.header("content-range") == "bytes */300");
        CHECK(answer.body().empty());
      });
}

TEST_CASE("file_content: its digest is known → it is the entity tag, of equal files the same") {
  auto row = uploaded(300);
  row.sha256 = "ab";
  authorized("GET", path + "/content", {{"If-None-Match", "\"ab\""}})
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(row)
      .answers(304, [](const Answer& answer) { CHECK(answer.header("etag") == "\"ab\""); });
}

TEST_CASE("file_content: the client has it already → 304; a range of another file → the whole") {
  const Bytes tag = "\"" + file_id + "\"";
  authorized("GET", path + "/content", {{"If-None-Match", tag}})
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(uploaded(300))
      .answers(304, [&](const Answer& answer) {
        CHECK(answer.header("etag") == tag);
        CHECK(answer.body().empty());
      });
  authorized("GET", path + "/content", {{"range", "bytes=1-2"}, {"if-range", "\"other\""}})
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(uploaded(300))
      .answers(200, [&](const Answer& answer) {
        CHECK(answer.header("content-length") == "300");
        CHECK(answer.header("etag") == tag);
      });
}

TEST_CASE("file_content: a result file → the sections that the batch names") {
  authorized("GET", path + "/content")
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(produced())
      .expects(Tell{batch_id, actors::batch::Sections{.tenant = tenant, .stream = 1}})
      .gives(std::vector<http::Section>{{.key = "out/dev/b/1.0", .offset = 20, .length = 30},
                                        {.key = "out/dev/b/2.0", .offset = 0, .length = 12}})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.header("content-length") == "42");
        CHECK(answer.sections().size() == 2);
      });
}

TEST_CASE("file_content: the batch refuses → its problem, in words") {
  authorized("GET", path + "/content")
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(produced())
      .expects(Tell{batch_id, actors::batch::Sections{.tenant = tenant, .stream = 1}})
      .gives(Problem{.code = ProblemCode::batch_not_found, .detail = batch_id})
      .answers(404);
}

TEST_CASE("file_content: no such file → 404") {
  authorized("GET", path + "/content")
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(std::nullopt)
      .answers(404, check_no_such_file);
}

}  // namespace
}  // namespace edgebatch::script
