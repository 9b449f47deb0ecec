// Datagrid's files: uploaded without a purpose, listed from both ends, prolonged, deleted.
#include <catch_amalgamated.hpp>

#include "core/dialects/content.hpp"
#include "core/dialects/openai/input.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/handlers/gateway/uploading.hpp"
#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::tenant::CommitFile;
using actors::tenant::DeleteFile;
using actors::tenant::DropFile;
using actors::tenant::FindFile;
using actors::tenant::ListFiles;
using actors::tenant::ReserveFile;
using actors::tenant::UpdateFile;
using dialects::Dialect;
using ports::Fault;
using ports::PutObject;
using ports::Tell;

const Bytes its_id = "file_0123456789abcdef0123456789abcdef";
const std::vector<http::Header> by_sdk{{"User-Agent", "Datagrid/JS 0.3"}};

dialects::FileView a_view(const Bytes& id = its_id) {
  dialects::FileView view;
  view.id = id;
  view.name = "a.txt";
  view.bytes = 3;
  view.created_at_ms = began_at;
  view.dialect = Dialect::datagrid;
  view.media_type = "text/plain";
  view.content = dialects::Content::text;
  view.json_text_bytes = 3;
  return view;
}

void check_files_error(const Answer& answer, View error) {
  CHECK(answer.header("content-type") == "application/json");
  CHECK(answer.text("error") == error);
}

// ---- Uploads

Bytes drawn_id(View prefix) {
  Drawn drawn;
  (void)drawn.request_id();
  return drawn.sortable_id(prefix);
}
const Bytes upload = drawn_id("upload_");
const Bytes uploaded = drawn_id("file_");
const Bytes prefix = "in/dev/" + upload + "/";

Script uploading(View target, std::vector<http::Header> headers = {}) {
  headers.emplace_back("content-type", form_type);
  Script script = authorized("POST", target, std::move(headers));
  script.expects(enter_uploads()).gives(true);
  script.expects(Tell{tenant, ReserveFile{.id = upload, .prefix = prefix}}).gives(true);
  return script;
}
Script& received(Script& script, View body, View content) {
  return receives(script, prefix, body, content)
      .expects(ports::DigestBody{})
      .gives(sha256(content));
}
CommitFile commit_of(dialects::FileView view, View content = "abc",
                     std::optional<Ms> life_ms = {}) {
  view.id = uploaded;
  view.created_at_ms = 0;
  const std::uint64_t bytes = view.bytes;
  return {.upload = upload,
          .view = std::move(view),
          .stream = {.prefix = prefix, .bytes = bytes},
          .life_ms = life_ms,
          .sha256 = text::sha256_hex(content)};
}
dialects::ShownFile shown(dialects::FileView view, View content = "abc") {
  return {.view = std::move(view), .sha256 = text::sha256_hex(content)};
}

TEST_CASE(
    "create_file: a form without a purpose, where all dialects are spoken → Datagrid's, 201") {
  for (const View target : {"/v1/files", "/datagrid/v1/files"}) {
    CAPTURE(target);
    Script script = uploading(target);
    received(script, file_part("a.txt", "abc") + form_end(), "abc")
        .expects(Tell{tenant, commit_of(a_view())})
        .gives(shown(a_view(uploaded)))
        .answers(201, [](const Answer& answer) {
          CHECK(answer.text("object") == "file");
          CHECK(answer.text("id") == uploaded);
          CHECK(answer.text("filename") == "a.txt");
          CHECK(answer.text("media_type") == "text/plain");
          CHECK(answer.at("expires_at").is_null());
        });
  }
}

TEST_CASE("create_file: a purpose, where Datagrid alone is spoken → Datagrid's all the same") {
  for (const Bytes& form : {file_part("a.txt", "abc") + field("purpose", "batch") + form_end(),
                            field("purpose", "batch") + file_part("a.txt", "abc") + form_end()}) {
    Script script = uploading("/datagrid/v1/files");
    received(script, form, "abc")
        .expects(Tell{tenant, commit_of(a_view())})
        .gives(shown(a_view(uploaded)))
        .answers(201);
  }
}

TEST_CASE(
    "create_file: a purpose, where all dialects are spoken → OpenAI's, whoever the client is") {
  CommitFile commit = commit_of({});
  commit.view = {.id = drawn_id("file-"), .name = "a.txt", .purpose = "user_data", .bytes = 3};
  commit.stream.bytes = 3;
  dialects::FileView view = commit.view;
  view.created_at_ms = began_at;
  Script script = uploading("/v1/files", by_sdk);
  received(script, file_part("a.txt", "abc") + field("purpose", "user_data") + form_end(), "abc")
      .expects(Tell{tenant, commit})
      .gives(shown(view))
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id").starts_with("file-"));
        CHECK(answer.text("purpose") == "user_data");
      });
}

TEST_CASE("create_file: an input that says `batch` → inspected, though its purpose came last") {
  const Bytes content = input_line("a") + "\n";
  dialects::openai::Inspector inspector({1, 2});
  inspector.feed(content);
  Script script = uploading("/v1/files");
  received(script, batch_form(content), content);
  script
      .expects(PutObject{.key = prefix + "inspection",
                         .checksum = {},
                         .content = wire::encode(inspector.finish())})
      .gives({});
  script
      .expects_one<Tell<CommitFile>>([](const Tell<CommitFile>& told) {
        return told.command.view.dialect == Dialect::openai &&
               told.command.view.content == dialects::Content::unknown &&
               told.command.view.media_type.empty();
      })
      .gives_to([](const Tell<CommitFile>& told) { return shown(told.command.view); })
      .answers(200);
}

TEST_CASE("create_file: what its bytes are → kept with it, whatever its name says") {
  struct Case {
    Bytes content;
    dialects::Content kind;
    Bytes media_type;
    std::uint64_t json_text_bytes;
  };
  const auto given = GENERATE(values<Case>({
      {"\x89PNG\r\n\x1A\n1234", dialects::Content::png, "image/png", 0},
      {"%PDF-1.7\n", dialects::Content::pdf, "application/pdf", 0},
      {"a\n\"b\"", dialects::Content::text, "text/plain", 8},
      {Bytes("\0\1\2", 3), dialects::Content::unknown, "application/octet-stream", 0},
  }));
  auto view = a_view();
  view.bytes = given.content.size();
  view.content = given.kind;
  view.media_type = given.media_type;
  view.json_text_bytes = given.json_text_bytes;
  Script script = uploading("/v1/files");
  received(script, file_part("a.txt", given.content) + form_end(), given.content)
      .expects(Tell{tenant, commit_of(view, given.content)})
      .gives(shown(view, given.content))
      .answers(201,
               [&](const Answer& answer) { CHECK(answer.text("media_type") == given.media_type); });
}

TEST_CASE("create_file: it is to expire → committed with that life") {
  Script script = uploading("/v1/files");
  auto view = a_view(uploaded);
  view.expires_at_ms = began_at + 3'600'000;
  received(script, file_part("a.txt", "abc") + field("expires_after", "3600") + form_end(), "abc")
      .expects(Tell{tenant, commit_of(a_view(), "abc", 3'600'000)})
      .gives(shown(view))
      .answers(201, [](const Answer& answer) { CHECK(answer.at("expires_at").string()); });
}

/// What is refused once the body has been read; its file may have been stored until then.
void check_refused(View target, View body, View stored, std::uint32_t status, View said) {
  CAPTURE(target, body, said);
  Script script = uploading(target);
  receives(script, prefix, body, stored);
  script.expects(Tell{tenant, DropFile{.id = upload}})
      .gives()
      .answers(status, [said](const Answer& answer) {
        check_files_error(answer, "validation_failed");
        CHECK(answer.text("message").find(said) != Bytes::npos);
      });
}

TEST_CASE("create_file: Datagrid's form says the wrong thing → in its older form, and dropped") {
  for (const View target : {"/v1/files", "/datagrid/v1/files"}) {
    const Bytes file = file_part("a.txt", "abc");
    for (const View life : {"0", "518401", "soon", "-1"})
      check_refused(target, file + field("expires_after", life) + form_end(), "abc", 422, "518400");
    check_refused(target, form_end(), {}, 422, "file");
    check_refused(target, file_part("a.txt", "") + form_end(), {}, 422, "empty");
  }
  check_refused("/datagrid/v1/files", "no form", {}, 400, "form");
}

TEST_CASE("create_file: the form breaks off before it tells whose it is → as its client looks") {
  Script script = uploading("/v1/files");
  receives(script, prefix, "no form", {})
      .expects(Tell{tenant, DropFile{.id = upload}})
      .gives()
      .answers(400, [](const Answer& answer) {
        CHECK(answer.text("error/type") == "invalid_request_error");
      });
}

TEST_CASE("create_file: no form at all, where Datagrid is spoken → 400 in its older form") {
  authorized("POST", "/datagrid/v1/files", {{"content-type", "application/json"}})
      .answers(400, [](const Answer& answer) {
        check_files_error(answer, "validation_failed");
        CHECK(answer.text("details/reason") == "form_expected");
      });
}

// ---- One file

const Bytes path = "/v1/files/" + its_id;

TEST_CASE("retrieve_file: a file of Datagrid's → its object, on both mounts") {
  for (const View mount : {"/v1", "/datagrid/v1"})
    authorized("GET", Bytes(mount) + "/files/" + its_id)
        .expects(Tell{tenant, FindFile{.id = its_id}})
        .gives(actors::tenant::FileRow{.state = actors::tenant::FileState::live,
                                       .view = a_view(),
                                       .stream = {.prefix = "in/dev/u/", .bytes = 3},
                                       .result = {}})
        .answers(200, [](const Answer& answer) {
          CHECK(answer.text("id") == its_id);
          CHECK(answer.text("media_type") == "text/plain");
        });
}

TEST_CASE("retrieve_file: an id of the other vendor's → not found, without asking the tenant") {
  authorized("GET", "/datagrid/v1/files/" + file_id).answers(404, [](const Answer& answer) {
    check_files_error(answer, "resource_not_found");
  });
  authorized("GET", "/openai/v1/files/" + its_id).answers(404);
}

TEST_CASE("file_content: a file of Datagrid's → with its own media type and a tag") {
  authorized("GET", path + "/content")
      .expects(Tell{tenant, FindFile{.id = its_id}})
      .gives(actors::tenant::FileRow{.state = actors::tenant::FileState::live,
                                     .view = a_view(),
                                     .stream = {.prefix = "in/dev/u/", .bytes = 3},
                                     .result = {}})
      .answers(200, [](const Answer& answer) {
        CHECK(answer.header("content-type") == "text/plain");
        CHECK(answer.header("etag") == "\"" + its_id + "\"");
        CHECK(answer.sections() == std::vector<http::Section>{
                                       {.key = "in/dev/u/part/000000", .offset = 0, .length = 3}});
      });
}

TEST_CASE("delete_file: a file of Datagrid's → 204 without a body") {
  for (const View mount : {"/v1", "/datagrid/v1"})
    authorized("DELETE", Bytes(mount) + "/files/" + its_id)
        .expects(Tell{tenant, DeleteFile{.id = its_id}})
        .gives(true)
        .answers(204, [](const Answer& answer) {
          CHECK(answer.body().empty());
          CHECK_FALSE(answer.header("content-type"));
        });
}

TEST_CASE("delete_file: no such file of Datagrid's → 404 in its older form") {
  authorized("DELETE", path)
      .expects(Tell{tenant, DeleteFile{.id = its_id}})
      .gives(false)
      .answers(404, [](const Answer& answer) {
        check_files_error(answer, "resource_not_found");
        CHECK(answer.text("message").find(its_id) != Bytes::npos);
      });
}

// ---- Another life

Script updating(View with, View target = path) {
  Script script = authorized("PATCH", target);
  if (with.empty())
    script.expects(ports::ReadBody{}).fails(Fault::absent);
  else
    with_body(script, with);
  return script;
}

TEST_CASE("update_file: another life → told to the tenant, and the file as it is then") {
  auto view = a_view();
  view.expires_at_ms = began_at + 60'000;
  for (const View target :
       {View(path), View("/datagrid/v1/files/file_0123456789abcdef0123456789abcdef")})
    updating(R"({"expires_after":60})", target)
        .expects(Tell{tenant, UpdateFile{.id = its_id, .life_ms = 60'000}})
        .gives(shown(view))
        .answers(200, [](const Answer& answer) {
          CHECK(answer.text("id") == its_id);
          CHECK(answer.text("sha256") == text::sha256_hex("abc"));
          CHECK(answer.at("expires_at").string());
        });
}

TEST_CASE("update_file: nothing is to change → the file as it is") {
  for (const View with : {"", "{}", R"({"expires_after":null})", R"({"filename":"b"})", " \n"})
    updating(with)
        .expects(Tell{tenant, UpdateFile{.id = its_id, .life_ms = {}}})
        .gives(shown(a_view()))
        .answers(200);
}

TEST_CASE(
    "update_file: a life that is none, or a body that can't be read → the tenant isn't asked") {
  for (const View with : {R"({"expires_after":0})", R"({"expires_after":518401})",
                          R"({"expires_after":"60"})", R"({"expires_after":1.5})", "[]"})
    updating(with).answers(
        422, [](const Answer& answer) { check_files_error(answer, "validation_failed"); });
  updating("{").answers(
      400, [](const Answer& answer) { check_files_error(answer, "validation_failed"); });
  authorized("PATCH", path).expects(ports::ReadBody{}).fails(Fault::lost).answers(400);
}

TEST_CASE("update_file: the tenant refuses → in words") {
  updating(R"({"expires_after":60})")
      .expects(Tell{tenant, UpdateFile{.id = its_id, .life_ms = 60'000}})
      .gives(Problem{
          .code = ProblemCode::file_not_temporary, .param = "expires_after", .detail = its_id})
      .answers(409, [](const Answer& answer) {
        check_files_error(answer, "conflict");
        CHECK(answer.text("details/reason") == "file_not_temporary");
        CHECK(answer.header("x-should-retry") == "false");
      });
  updating(R"({"expires_after":60})")
      .expects(Tell{tenant, UpdateFile{.id = its_id, .life_ms = 60'000}})
      .gives(Problem{.code = ProblemCode::file_not_found, .param = "id", .detail = its_id})
      .answers(404);
}

TEST_CASE("update_file: what can't be an id → 404, and the body isn't read") {
  authorized("PATCH", "/datagrid/v1/files/file_1").answers(404);
  authorized("PATCH", "/datagrid/v1/files/" + file_id).answers(404);
}

TEST_CASE("update_file: a file of OpenAI's → 405: it has no such thing") {
  Script(request("PATCH", "/v1/files/" + file_id)).answers(405, [](const Answer& answer) {
    CHECK(answer.header("allow") == "GET, DELETE");
  });
}

// ---- Lists

ListFiles list(View after = {}, View before = {}, std::uint32_t limit_count = 20) {
  return {.id_prefix = "file_",
          .purpose = {},
          .after = Bytes(after),
          .before = Bytes(before),
          .order = ports::Order::descending,
          .limit_count = limit_count};
}

TEST_CASE("list_files: Datagrid's → its own page, newest first") {
  for (const View target : {"/v1/files", "/datagrid/v1/files"})
    authorized("GET", target, by_sdk)
        .expects(Tell{tenant, list()})
        .gives({.files = {shown(a_view())}, .has_more = true})
        .answers(200, [](const Answer& answer) {
          CHECK(answer.text("object") == "list");
          CHECK(answer.text("data/0/id") == its_id);
          CHECK(answer.truth("has_more"));
        });
}

TEST_CASE("list_files: Datagrid's cursors and limits → told to the tenant; others' words aren't") {
  authorized("GET", "/datagrid/v1/files?after=" + its_id + "&limit=1")
      .expects(Tell{tenant, list(its_id, {}, 1)})
      .gives()
      .answers(200);
  authorized("GET", "/datagrid/v1/files?before=" + its_id + "&limit=100")
      .expects(Tell{tenant, list({}, its_id, 100)})
      .gives()
      .answers(200);
  authorized("GET", "/datagrid/v1/files?purpose=batch&order=asc&after=")
      .expects(Tell{tenant, list()})
      .gives()
      .answers(200);
}

TEST_CASE("list_files: Datagrid's limits beyond their bounds, cursors that are none → 422") {
  for (const View query : {"limit=0", "limit=101", "limit=x", "after=file-1", "before=1"}) {
    CAPTURE(query);
    authorized("GET", "/datagrid/v1/files?" + Bytes(query)).answers(422, [](const Answer& answer) {
      check_files_error(answer, "validation_failed");
    });
  }
  authorized("GET", "/datagrid/v1/files?after=" + file_id).answers(422);
}

}  // namespace
}  // namespace edgebatch::script
