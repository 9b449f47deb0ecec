#include <catch_amalgamated.hpp>

#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/text/time.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/handlers/gateway/uploading.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::tenant::CommitFile;
using actors::tenant::DropFile;
using actors::tenant::RenewFile;
using actors::tenant::ReserveFile;
using ports::DigestBody;
using ports::Enter;
using ports::Fault;
using ports::PutObject;
using ports::ReadBody;
using ports::StoreBody;
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
  script.expects(enter_uploads()).gives(true);
  script.expects(Tell{tenant, ReserveFile{.id = upload, .prefix = prefix}}).gives(true);
  return script;
}

/// The body comes in one piece, and its file is stored.
Script& received(Script& script, View body, View file) {
  return receives(script, prefix, body, file);
}
PutObject put_inspection(View bytes) {
  dialects::openai::Inspector inspector({1, 2});
  inspector.feed(bytes);
  return {
      .key = prefix + "inspection", .checksum = {}, .content = wire::encode(inspector.finish())};
}

CommitFile commit_of(View file) {
  return {.upload = upload,
          .view = {.id = id, .name = "in.jsonl", .purpose = "batch", .bytes = file.size()},
          .stream = {.prefix = prefix, .bytes = file.size()},
          .life_ms = dialects::openai::batch_file_life_ms,
          .sha256 = text::sha256_hex(file)};
}
dialects::ShownFile shown(const CommitFile& commit) {
  dialects::ShownFile file{.view = commit.view, .sha256 = commit.sha256};
  file.view.created_at_ms = began_at;
  return file;
}

/// The upload is refused: what it stored is dropped first.
Script& dropped(Script& script) {
  return script.expects(Tell{tenant, DropFile{.id = upload}}).gives();
}

const ports::PutObject::Stored stored{.existed = false, .size = 0, .checksum = {}};

/// What follows once a batch's input has been received …
Script& accepted(Script& script, View file) {
  script.expects(DigestBody{}).gives(sha256(file));
  return script.expects(put_inspection(file)).gives(stored);
}
/// … and the file exists.
Script& committed(Script& script, View file) {
  const CommitFile commit = commit_of(file);
  return accepted(script, file).expects(Tell{tenant, commit}).gives(shown(commit));
}

TEST_CASE("create_file: a batch input → a place, parts, digest, verdict, commit, in this order") {
  Script script = reserved();
  received(script, batch_form(content), content);
  committed(script, content).answers(200, [](const Answer& answer) {
    CHECK(answer.text("id") == id);
    CHECK(answer.text("filename") == "in.jsonl");
    CHECK(answer.text("status") == "processed");
    CHECK(answer.number("bytes") == static_cast<std::int64_t>(content.size()));
    CHECK(answer.text("sha256") == text::sha256_hex(content));
  });
}

TEST_CASE("create_file: purpose first, as httpx sends it → the same") {
  Script script = reserved();
  received(script, field("purpose", "batch") + file_part("in.jsonl", content) + form_end(),
           content);
  committed(script, content).answers(200);
}

TEST_CASE("create_file: the body comes in many pieces → the same, out of what was kept of it") {
  Script script = reserved();
  const Bytes body = batch_form(content);
  const std::uint64_t from = body.find(content);
  const std::uint64_t to = from + content.size();
  constexpr std::size_t piece_bytes = 11;
  bool stored_yet = false;
  std::uint64_t fed = 0;
  std::optional<std::uint64_t> keep_from = 0;
  for (; fed < body.size(); fed += piece_bytes) {
    // As soon as the file's part has begun, from its first byte; until then, from what comes.
    script.expects(reading(keep_from)).gives(body.substr(fed, piece_bytes));
    const std::uint64_t now = fed + piece_bytes;
    const Bytes delimiter = "\r\n--" + Bytes(boundary);
    if (!stored_yet && now >= to + delimiter.size()) {
      script.expects(store_part(prefix, 0, body, content)).gives(stored_as(content));
      stored_yet = true;
    }
    keep_from = now < from ? now : from;
    if (stored_yet) keep_from.reset();
  }
  reads_end(script);
  committed(script, content).answers(200);
}

TEST_CASE("create_file: another purpose → no verdict, and no end of its life") {
  CommitFile commit = commit_of("abc");
  commit.view.purpose = "user_data";
  commit.view.name = "a.txt";
  commit.life_ms = {};
  Script script = reserved();
  received(script, file_part("a.txt", "abc") + field("purpose", "user_data") + form_end(), "abc")
      .expects(DigestBody{})
      .gives(sha256("abc"))
      .expects(Tell{tenant, commit})
      .gives(shown(commit))
      .answers(200, [](const Answer& answer) { CHECK(answer.text("purpose") == "user_data"); });
}

TEST_CASE("create_file: a life of its own → committed with it") {
  CommitFile commit = commit_of(content);
  commit.life_ms = 3'600'000;
  Script script = reserved();
  received(script,
           file_part("in.jsonl", content) + field("purpose", "batch") +
               field("expires_after[anchor]", "created_at") +
               field("expires_after[seconds]", "3600") + form_end(),
           content);
  accepted(script, content).expects(Tell{tenant, commit}).gives(shown(commit)).answers(200);
}

TEST_CASE("create_file: bad lines further down → accepted: the batch will say so") {
  const Bytes bad = input_line("a") + "\nnot json\n";
  Script script = reserved();
  received(script, batch_form(bad), bad);
  committed(script, bad).answers(200);
}

TEST_CASE("create_file: more than a part → stored while the body comes, the rest at its end") {
  Bytes large = input_line("a") + "\n";
  large.resize(http::part_bytes + 1, ' ');
  const Bytes body = batch_form(large);
  const std::uint64_t from = body.find(large);
  const std::uint64_t cut = from + http::part_bytes;
  Script script = reserved();
  script.expects(reading(0)).gives(body.substr(0, cut));
  script.expects(StoreBody{.key = prefix + "part/000000", .from = from, .to = cut})
      .gives({.existed = false, .size = http::part_bytes, .checksum = {}});
  script.expects(reading(cut)).gives(body.substr(cut));
  script.expects(StoreBody{.key = prefix + "part/000001", .from = cut, .to = cut + 1})
      .gives({.existed = false, .size = 1, .checksum = {}});
  script.expects(ReadBody{}).fails(Fault::absent);
  committed(script, large).answers(200);
}

TEST_CASE("create_file: the body takes minutes → the reservation is renewed once a minute") {
  const Bytes body = batch_form(content);
  Script script = reserved();
  reads(script, body.substr(0, 50)).takes(text::minute_ms - 1);
  reads(script, body.substr(50, 50)).takes(1).expects(Tell{tenant, RenewFile{.id = upload}});
  SECTION("it stands → the upload goes on") {
    script.result([](View) { return Bytes("\0\1", 2); });
    reads(script, body.substr(100)).takes(text::minute_ms - 1);
    script.expects(store_part(prefix, 0, body, content)).gives(stored_as(content));
    reads_end(script);
    committed(script, content).answers(200);
  }
  SECTION("it was taken for dead → 400 without reading on") {
    script.result([](View) { return Bytes("\0\0", 2); });
    dropped(script).answers(400);
  }
}

TEST_CASE("create_file: the client breaks off → dropped, 400") {
  Script script = reserved(openais);
  reads(script, batch_form(content).substr(0, 90));
  reads_nothing(script);
  dropped(script).answers(400, [](const Answer& answer) {
    CHECK(answer.text("error/message").find("broke off") != Bytes::npos);
  });
}

TEST_CASE("create_file: the drop isn't answered → the reservation will run out, same answer") {
  Script script = reserved();
  reads_nothing(script)
      .expects(Tell{tenant, DropFile{.id = upload}})
      .fails(Fault::lost)
      .answers(400);
}

TEST_CASE("create_file: it was taken for dead before its commit → 400, and dropped") {
  Script script = reserved();
  received(script, batch_form(content), content);
  accepted(script, content).expects(Tell{tenant, commit_of(content)}).gives(std::nullopt);
  dropped(script).answers(400);
}

TEST_CASE(
    "create_file: a part, the digest, the verdict or the commit is lost → 503, left to the sweep") {
  Script script = reserved();
  const Bytes body = batch_form(content);
  SECTION("the part") {
    reads(script, body);
    script.expects(store_part(prefix, 0, body, content)).fails(Fault::lost);
  }
  SECTION("something else is where the part would be") {
    reads(script, body);
    script.expects(store_part(prefix, 0, body, content))
        .gives({.existed = true, .size = 1, .checksum = {}});
  }
  SECTION("the digest") {
    received(script, body, content).expects(DigestBody{}).fails(Fault::lost);
  }
  SECTION("the verdict") {
    received(script, body, content)
        .expects(DigestBody{})
        .gives(sha256(content))
        .expects(put_inspection(content))
        .fails(Fault::lost);
  }
  SECTION("the commit") {
    received(script, body, content);
    accepted(script, content).expects(Tell{tenant, commit_of(content)}).fails(Fault::lost);
  }
  script.nobody_asks<Tell<DropFile>>().answers(503);
}

TEST_CASE("create_file: all places are taken → 503 that says when, before anything is reserved") {
  uploading(openais).expects(enter_uploads()).gives(false).answers(503, [](const Answer& answer) {
    CHECK(answer.header("retry-after") == "5");
    CHECK(answer.text("error/type") == "server_error");
  });
  uploading("/datagrid/v1/files")
      .expects(enter_uploads())
      .gives(false)
      .answers(503, [](const Answer& answer) {
        CHECK(answer.header("retry-after") == "5");
        CHECK(answer.text("details/reason") == "busy");
        CHECK(answer.truth("retryable"));
      });
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
  received(script, body, stored_bytes);
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
