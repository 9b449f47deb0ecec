#include "handlers/gateway/upload.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/openai/file.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/text/wire.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/support/exact.hpp"

namespace edgebatch::gateway {
namespace {

using namespace script;  // The forms.

/// What became of an upload, for comparison.
struct Outcome {
  Bytes stored;
  std::optional<Problem> problem;
  Bytes filename;
  Bytes purpose;
  Bytes inspection;
  dialects::FileView view{};
};

/// Feeds a body in two pieces, each in a buffer of its exact size.
Outcome upload(View body, std::size_t cut, std::optional<dialects::Dialect> dialect = {}) {
  Upload upload(boundary, {1, 2}, dialect);
  Outcome outcome;
  std::uint64_t kept_from = 0;
  for (const View piece : {body.substr(0, cut), body.substr(cut)}) {
    kept_from = upload.needed_from().value_or(body.size());
    const support::Exact exact(piece);
    upload.feed(exact.view());
    while (const auto part = upload.take_part()) {
      CHECK(part->from >= kept_from);
      outcome.stored += body.substr(part->from, part->to - part->from);
    }
  }

  auto finished = upload.finish();
  if (const auto* problem = std::get_if<Problem>(&finished)) {
    outcome.problem = *problem;
    return outcome;
  }
  const auto& accepted = std::get<Upload::Accepted>(finished);
  outcome.filename = accepted.view.name;
  outcome.purpose = accepted.view.purpose;
  outcome.view = accepted.view;
  if (accepted.inspection) outcome.inspection = wire::encode(*accepted.inspection);
  return outcome;
}

void check_every_split(View body, const Outcome& expected) {
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const Outcome outcome = upload(body, cut);
    CAPTURE(cut);
    CHECK(outcome.stored == expected.stored);
    CHECK(outcome.problem == expected.problem);
    CHECK(outcome.filename == expected.filename);
    CHECK(outcome.purpose == expected.purpose);
    CHECK(outcome.inspection == expected.inspection);
  }
}

Bytes inspection_of(View content) {
  dialects::openai::Inspector inspector({1, 2});
  inspector.feed(content);
  return wire::encode(inspector.finish());
}

const Bytes content = input_line("a") + "\n" + input_line("\xC3\xA9") + "\r\n";

TEST_CASE("upload: a batch input cut anywhere → the same file, verdict and terms") {
  const Outcome good{.stored = content,
                     .problem = {},
                     .filename = "in.jsonl",
                     .purpose = "batch",
                     .inspection = inspection_of(content)};
  check_every_split(batch_form(content), good);
  check_every_split(field("purpose", "batch") + file_part("in.jsonl", content) + form_end(), good);
}

TEST_CASE("upload: content that looks like a delimiter, cut anywhere → the same file") {
  const Bytes tricky = "\r\n--" + Bytes(boundary.substr(0, boundary.size() - 1)) + "\r\n\r--\r\n-";
  check_every_split(
      field("purpose", "vision") + file_part("a", tricky) + form_end(),
      {.stored = tricky, .problem = {}, .filename = "a", .purpose = "vision", .inspection = {}});
}

// ---- Whose file it is

using dialects::Dialect;

TEST_CASE("upload: a dialect is set → the file is its own, whatever the form says") {
  const Bytes with = batch_form(content);
  const Bytes without = file_part("in.jsonl", content) + form_end();
  CHECK(upload(with, 5, Dialect::openai).view.dialect == Dialect::openai);
  CHECK(upload(with, 5, Dialect::datagrid).view.dialect == Dialect::datagrid);
  CHECK(upload(without, 5, Dialect::datagrid).view.dialect == Dialect::datagrid);
  const auto refused = upload(without, 5, Dialect::openai).problem;
  REQUIRE(refused);
  CHECK(refused->code == ProblemCode::parameter_missing);
  CHECK(refused->param == "purpose");
}

TEST_CASE("upload: no dialect is set → the one that its form tells by a purpose, even a bad one") {
  CHECK(upload(batch_form(content), 5).view.dialect == Dialect::openai);
  const auto without = upload(file_part("in.jsonl", content) + form_end(), 5);
  CHECK(without.view.dialect == Dialect::datagrid);
  CHECK(without.inspection.empty());
  CHECK(without.purpose.empty());
  const auto refused = upload(file_part("a", "b") + field("purpose", "") + form_end(), 5).problem;
  REQUIRE(refused);
  CHECK(refused->param == "purpose");
}

TEST_CASE("upload: a form under way → the vendor to refuse it for, as soon as it has told") {
  Upload with(boundary, {1, 2}, {});
  CHECK_FALSE(with.dialect());
  with.feed(field("purpose", "vision") + "--" + Bytes(boundary));
  CHECK(with.dialect() == Dialect::openai);

  Upload without(boundary, {1, 2}, {});
  without.feed(file_part("a.txt", "abc") + "--" + Bytes(boundary));
  CHECK_FALSE(without.dialect());
  without.feed("--\r\n");
  (void)without.finish();
  CHECK(without.dialect() == Dialect::datagrid);
}

TEST_CASE("upload: Datagrid's, cut anywhere → what its bytes are, and how long they are quoted") {
  const Bytes plain = "a \"quoted\"\nline \xC3\xA9";
  const Bytes body = file_part("a.md", plain) + field("expires_after", "60") + form_end();
  for (const std::optional<Dialect> dialect : {std::optional<Dialect>(), {Dialect::datagrid}}) {
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
      CAPTURE(cut);
      const auto outcome = upload(body, cut, dialect);
      CHECK_FALSE(outcome.problem);
      CHECK(outcome.stored == plain);
      CHECK(outcome.view.content == dialects::Content::text);
      CHECK(outcome.view.media_type == "text/markdown");
      CHECK(outcome.view.json_text_bytes == plain.size() + 3);
      CHECK(outcome.view.bytes == plain.size());
    }
  }
}

TEST_CASE("upload: an image that is said to be text → an image") {
  const auto outcome = upload(file_part("a.txt", "\xFF\xD8\xFF\xE0 and more") + form_end(), 9);
  CHECK(outcome.view.content == dialects::Content::jpeg);
  CHECK(outcome.view.media_type == "image/jpeg");
}

TEST_CASE("upload: a form that breaks off anywhere → never accepted") {
  const Bytes whole = batch_form(content);
  for (std::size_t end = 0; end < whole.size() - 2; ++end) {
    CAPTURE(end);
    const Outcome outcome = upload(View(whole).substr(0, end), end / 2);
    REQUIRE(outcome.problem);
    CHECK(outcome.problem->code == ProblemCode::form_malformed);
  }
}

TEST_CASE("upload: a second file part → the first one counts") {
  const Outcome outcome = upload(file_part("a.txt", "one") + file_part("b.txt", "two") +
                                     field("purpose", "vision") + form_end(),
                                 40);
  CHECK(outcome.stored == "one");
  CHECK(outcome.filename == "a.txt");
}

TEST_CASE("upload: fields that nobody knows → ignored") {
  CHECK_FALSE(upload(field("x", "y") + batch_form(content), 5).problem);
}

TEST_CASE("upload: a field at its limit → read; a byte more → refused") {
  const auto with_field = [](std::size_t bytes) {
    return upload(field("x", Bytes(bytes, 'v')) + batch_form(content), 9).problem;
  };
  CHECK_FALSE(with_field(form_field_bytes_max - 1));
  CHECK_FALSE(with_field(form_field_bytes_max));
  REQUIRE(with_field(form_field_bytes_max + 1));
  CHECK(with_field(form_field_bytes_max + 1)->code == ProblemCode::body_too_large);
}

TEST_CASE("upload: around a part's size → whole parts as soon as there is one, then the rest") {
  const Bytes front = field("purpose", "vision") + file_part("a", "");
  const std::uint64_t from = front.size() - 2;  // In front of the CRLF behind no content.
  for (const std::size_t bytes :
       {http::part_bytes - 1, http::part_bytes, http::part_bytes + 1, 2 * http::part_bytes}) {
    CAPTURE(bytes);
    Upload upload(boundary, {1, 2}, {});
    upload.feed(View(front).substr(0, from));
    upload.feed(Bytes(bytes, 'x'));
    std::uint64_t stored = 0;
    for (; stored + http::part_bytes <= bytes; stored += http::part_bytes)
      CHECK(upload.take_part() ==
            Upload::Range{.from = from + stored, .to = from + stored + http::part_bytes});
    CHECK_FALSE(upload.take_part());
    CHECK(upload.needed_from() == from + stored);

    upload.feed("\r\n" + form_end());
    const auto rest = upload.take_part();
    CHECK(rest.has_value() == (stored < bytes));
    if (rest) CHECK(*rest == Upload::Range{.from = from + stored, .to = from + bytes});
    CHECK_FALSE(upload.take_part());
    CHECK_FALSE(upload.needed_from());
  }
}

TEST_CASE("upload: before its file, behind it, and once it is hopeless → what is still needed") {
  Upload upload(boundary, {1, 2}, {});
  CHECK(upload.needed_from() == 0);
  const Bytes front = field("purpose", "vision");
  upload.feed(front);
  CHECK(upload.needed_from() == front.size());
  const Bytes file = file_part("a", "");
  upload.feed(View(file).substr(0, file.size() - 1));  // A CR, which may be the file's …
  CHECK(upload.needed_from() == front.size() + file.size() - 2);
  upload.feed("x");  // … and is.
  CHECK(upload.needed_from() == front.size() + file.size() - 2);
  upload.feed("\r\n--" + Bytes(boundary));
  CHECK(upload.take_part());
  CHECK_FALSE(upload.needed_from());

  Upload broken(boundary, {1, 2}, {});
  broken.feed("--" + Bytes(boundary) + "no form");
  CHECK_FALSE(broken.needed_from());
}

/// An upload in which a file of `bytes` has come so far, and its parts were taken.
void feed_file(Upload& upload, std::uint64_t bytes, View purpose) {
  upload.feed(field("purpose", purpose));
  const Bytes part = file_part("a.jsonl", "{}\n");
  upload.feed(View(part).substr(0, part.size() - 2));
  const Bytes piece(1'000'000, ' ');
  for (std::uint64_t fed = 3; fed < bytes;) {
    const std::uint64_t next = std::min<std::uint64_t>(piece.size(), bytes - fed);
    upload.feed(View(piece).substr(0, static_cast<std::size_t>(next)));
    fed += next;
    while (upload.take_part()) {
    }
  }
  CHECK(upload.file_bytes() == bytes);
}

ProblemCode refused_with(Upload& upload) {
  const auto finished = upload.finish();
  REQUIRE(std::holds_alternative<Problem>(finished));
  return std::get<Problem>(finished).code;
}

TEST_CASE("upload: a file at its limit → may still be good; a byte more → hopeless") {
  Upload upload(boundary, {1, 2}, {});
  feed_file(upload, dialects::openai::file_bytes_max, "vision");
  CHECK(upload.needed_from());
  upload.feed("x");
  CHECK_FALSE(upload.needed_from());
  upload.feed("\r\n" + form_end());
  CHECK(refused_with(upload) == ProblemCode::file_too_large);
}

TEST_CASE("upload: a batch input at its limit → taken; a byte more → too large") {
  using dialects::openai::input_bytes_max;
  for (const std::uint64_t more : {0U, 1U}) {
    Upload upload(boundary, {1, 2}, {});
    feed_file(upload, input_bytes_max + more, "batch");
    upload.feed("\r\n" + form_end());
    if (more == 0)
      CHECK(std::holds_alternative<Upload::Accepted>(upload.finish()));
    else
      CHECK(refused_with(upload) == ProblemCode::file_too_large);
  }
}

}  // namespace
}  // namespace edgebatch::gateway
