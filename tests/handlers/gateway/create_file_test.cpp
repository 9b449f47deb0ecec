#include <catch_amalgamated.hpp>

#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/text/time.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::tenant::CommitFile;
using actors::tenant::DropFile;
using actors::tenant::RenewFile;
using actors::tenant::ReserveFile;
using ports::Fault;
using ports::PutObject;
using ports::ReadBody;
using ports::Tell;

const Bytes content = input_line("a") + "\n" + input_line("b") + "\n";

Bytes drawn_id(View prefix) {
  Drawn drawn;
  (void)drawn.request_id();
  return drawn.sortable_id(prefix);
}

// The file is uploaded under a name of its own: whose it is may be known at the form's end only.
const Bytes upload = drawn_id("upload_");
const Bytes id = drawn_id(dialects::openai::file_id_prefix);
const Bytes prefix = "in/dev/" + upload + "/";

constexpr View everybodys = "/v1/files";
constexpr View openais = "/openai/v1/files";

Script uploading(View target, View type = form_type) {
  return authorized("POST", target, {{"Content-Type", Bytes(type)}});
}
Script reserved(View target = everybodys) {
  Script script = uploading(target);
  script.expects(Tell{tenant, ReserveFile{.id = upload, .prefix = prefix}}).gives(true);
  return script;
}

PutObject put_part(unsigned part, View bytes) {
  return {
      .key = prefix + "part/00000" + std::to_string(part), .checksum = {}, .content = Bytes(bytes)};
}
PutObject put_inspection(View bytes) {
  dialects::openai::Inspector inspector({1, 2});
  inspector.feed(bytes);
  return {
      .key = prefix + "inspection", .checksum = {}, .content = wire::encode(inspector.finish())};
}

CommitFile commit_of(std::uint64_t bytes) {
  return {.upload = upload,
          .view = {.id = id, .name = "in.jsonl", .purpose = "batch", .bytes = bytes},
          .stream = {.prefix = prefix, .bytes = bytes},
          .life_ms = dialects::openai::batch_file_life_ms};
}
dialects::FileView committed(std::uint64_t bytes) {
  dialects::FileView view = commit_of(bytes).view;
  view.created_at_ms = began_at;
  return view;
}

/// The upload is refused: what it stored is dropped first.
Script& dropped(Script& script) {
  return script.expects(Tell{tenant, DropFile{.id = upload}}).gives();
}

const ports::PutObject::Stored stored{.existed = false, .size = 0, .checksum = {}};

TEST_CASE("create_file: a batch input → parts, verdict, commit, in this order") {
  Script script = reserved();
  with_body(script, batch_form(content))
      .expects(put_part(0, content))
      .gives(stored)
      .expects(put_inspection(content))
      .gives(stored)
      .expects(Tell{tenant, commit_of(content.size())})
      .gives(committed(content.size()))
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("id") == id);
        CHECK(answer.text("filename") == "in.jsonl");
        CHECK(answer.text("status") == "processed");
        CHECK(answer.number("bytes") == static_cast<std::int64_t>(content.size()));
      });
}

TEST_CASE("create_file: purpose first, as httpx sends it → the same") {
  Script script = reserved();
  with_body(script, field("purpose", "batch") + file_part("in.jsonl", content) + form_end())
      .expects(put_part(0, content))
      .gives(stored)
      .expects(put_inspection(content))
      .gives(stored)
      .expects(Tell{tenant, commit_of(content.size())})
      .gives(committed(content.size()))
      .answers(200);
}

TEST_CASE("create_file: the body comes in many pieces → the same") {
  Script script = reserved();
  const Bytes body = batch_form(content);
  for (std::size_t at = 0; at < body.size(); at += 11)
    script.expects(ReadBody{}).gives(body.substr(at, 11));
  script.expects(ReadBody{})
      .fails(Fault::absent)
      .expects(put_part(0, content))
      .gives(stored)
      .expects(put_inspection(content))
      .gives(stored)
      .expects(Tell{tenant, commit_of(content.size())})
      .gives(committed(content.size()))
      .answers(200);
}

TEST_CASE("create_file: another purpose → no verdict, and no end of its life") {
  CommitFile commit = commit_of(3);
  commit.view.purpose = "user_data";
  commit.view.name = "a.txt";
  commit.life_ms = {};
  dialects::FileView view = commit.view;
  view.created_at_ms = began_at;
  Script script = reserved();
  with_body(script, file_part("a.txt", "abc") + field("purpose", "user_data") + form_end())
      .expects(put_part(0, "abc"))
      .gives(stored)
      .expects(Tell{tenant, commit})
      .gives(view)
      .answers(200, [](const Answer& answer) { CHECK(answer.text("purpose") == "user_data"); });
}

TEST_CASE("create_file: a life of its own → committed with it") {
  CommitFile commit = commit_of(content.size());
  commit.life_ms = 3'600'000;
  Script script = reserved();
  with_body(script, file_part("in.jsonl", content) + field("purpose", "batch") +
                        field("expires_after[anchor]", "created_at") +
                        field("expires_after[seconds]", "3600") + form_end())
      .expects(put_part(0, content))
      .gives(stored)
      .expects(put_inspection(content))
      .gives(stored)
      .expects(Tell{tenant, commit})
      .gives(committed(content.size()))
      .answers(200);
}

TEST_CASE("create_file: bad lines further down → accepted: the batch will say so") {
  const Bytes bad = input_line("a") + "\nnot json\n";
  Script script = reserved();
  with_body(script, batch_form(bad))
      .expects(put_part(0, bad))
      .gives(stored)
      .expects(put_inspection(bad))
      .gives(stored)
      .expects(Tell{tenant, commit_of(bad.size())})
      .gives(committed(bad.size()))
      .answers(200);
}

TEST_CASE("create_file: more than a part → stored while the body comes, and the rest at its end") {
  Bytes large = input_line("a") + "\n";
  large.resize(http::part_bytes + 1, ' ');
  const Bytes body = batch_form(large);
  Script script = reserved();
  script.expects(ReadBody{}).gives(body);
  script.expects(put_part(0, View(large).substr(0, http::part_bytes))).gives(stored);
  script.expects(ReadBody{}).fails(Fault::absent);
  script.expects(put_part(1, " ")).gives(stored);
  script.expects(put_inspection(large)).gives(stored);
  script.expects(Tell{tenant, commit_of(large.size())}).gives(committed(large.size())).answers(200);
}

TEST_CASE("create_file: the body takes minutes → the reservation is renewed once a minute") {
  const Bytes body = batch_form(content);
  Script script = reserved();
  script.expects(ReadBody{})
      .gives(body.substr(0, 50))
      .takes(text::minute_ms - 1)
      .expects(ReadBody{})
      .gives(body.substr(50, 50))
      .takes(1)
      .expects(Tell{tenant, RenewFile{.id = upload}});
  SECTION("it stands → the upload goes on") {
    script.result([](View) { return Bytes("\0\1", 2); })
        .expects(ReadBody{})
        .gives(body.substr(100))
        .takes(text::minute_ms - 1)
        .expects(ReadBody{})
        .fails(Fault::absent)
        .expects(put_part(0, content))
        .gives(stored)
        .expects(put_inspection(content))
        .gives(stored)
        .expects(Tell{tenant, commit_of(content.size())})
        .gives(committed(content.size()))
        .answers(200);
  }
  SECTION("it was taken for dead → 400 without reading on") {
    script.result([](View) { return Bytes("\0\0", 2); });
    dropped(script).answers(400);
  }
}

TEST_CASE("create_file: the client breaks off → dropped, 400") {
  Script script = reserved(openais);
  script.expects(ReadBody{}).gives(batch_form(content).substr(0, 90));
  script.expects(ReadBody{}).fails(Fault::lost);
  dropped(script).answers(400, [](const Answer& answer) {
    CHECK(answer.text("error/message").find("broke off") != Bytes::npos);
  });
}

TEST_CASE("create_file: the drop isn't answered → the reservation will run out, same answer") {
  Script script = reserved();
  script.expects(ReadBody{})
      .fails(Fault::lost)
      .expects(Tell{tenant, DropFile{.id = upload}})
      .fails(Fault::lost)
      .answers(400);
}

TEST_CASE("create_file: it was taken for dead before its commit → 400, and dropped") {
  Script script = reserved();
  with_body(script, batch_form(content))
      .expects(put_part(0, content))
      .gives(stored)
      .expects(put_inspection(content))
      .gives(stored)
      .expects(Tell{tenant, commit_of(content.size())})
      .gives(std::nullopt);
  dropped(script).answers(400);
}

TEST_CASE("create_file: a part, the verdict or the commit isn't answered → 503, and dropped") {
  Script script = reserved();
  with_body(script, batch_form(content));
  SECTION("the part") { script.expects(put_part(0, content)).fails(Fault::lost); }
  SECTION("the verdict") {
    script.expects(put_part(0, content))
        .gives(stored)
        .expects(put_inspection(content))
        .fails(Fault::lost);
  }
  SECTION("the commit") {
    script.expects(put_part(0, content))
        .gives(stored)
        .expects(put_inspection(content))
        .gives(stored)
        .expects(Tell{tenant, commit_of(content.size())})
        .fails(Fault::lost);
  }
  dropped(script).answers(503);
}

TEST_CASE("create_file: no form at all → 400 before anything is reserved") {
  for (const View type :
       {"application/json", "", "multipart/form-data", "multipart/mixed; boundary=a"}) {
    CAPTURE(type);
    uploading(everybodys, type).answers(400, [type](const Answer& answer) {
      CHECK(answer.text("error/message").find(type) != Bytes::npos);
    });
  }
}

/// What is refused once the body has been read; its file may have been stored until then.
void check_refused(View body, View stored_bytes, std::uint32_t status, View said) {
  CAPTURE(body, said);
  Script script = reserved(openais);
  with_body(script, body);
  if (!stored_bytes.empty()) script.expects(put_part(0, stored_bytes)).gives(stored);
  dropped(script).answers(status, [said](const Answer& answer) {
    CHECK(answer.text("error/message").find(said) != Bytes::npos);
  });
}

TEST_CASE("create_file: a form that says too little or the wrong thing → 400, and dropped") {
  check_refused(file_part("in.jsonl", content) + form_end(), content, 400, "purpose");
  check_refused(file_part("in.jsonl", content) + field("purpose", "fun") + form_end(), content, 400,
                "fun");
  check_refused(field("purpose", "batch") + form_end(), {}, 400, "file");
  check_refused(file_part("in.csv", content) + field("purpose", "batch") + form_end(), content, 400,
                ".jsonl");
  check_refused(batch_form(content).substr(0, batch_form(content).size() - 30), content, 400,
                "form");
  check_refused("no form", {}, 400, "form");
}

TEST_CASE("create_file: a batch input that is none → 400, and dropped") {
  check_refused(batch_form(""), {}, 400, "empty");
  check_refused(batch_form("a,b\n1,2\n"), "a,b\n1,2\n", 400, "first line is not valid JSON");
  check_refused(batch_form(input_line("\xFF")), input_line("\xFF"), 400, "utf-8");
}

TEST_CASE("create_file: a field too large → 413, and nothing more is stored for it") {
  const Bytes large = field("x", Bytes(64 * 1024 + 1, 'p'));
  check_refused(large + form_end(), {}, 413, "65536");
  check_refused(file_part("in.jsonl", content) + large + form_end(), {}, 413, "65536");
}

}  // namespace
}  // namespace edgebatch::script
