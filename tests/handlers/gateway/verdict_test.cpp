// The verdict before a batch: POST /batches/validate, GET /files/{id}/verdict.
#include <catch_amalgamated.hpp>

#include "core/dialects/openai/input.hpp"
#include "core/text/wire.hpp"
#include "handlers/actors/tenant/commands.hpp"

#include "tests/handlers/gateway/form.hpp"
#include "tests/handlers/gateway/views.hpp"
#include "tests/handlers/script.hpp"

namespace edgebatch::script {
namespace {

using actors::tenant::FindFile;
using ports::Fault;
using ports::GetObject;
using ports::ReadBody;
using ports::Tell;

constexpr View validate = "/v1/batches/validate";
const Bytes path = "/v1/files/" + file_id + "/verdict";
const Bytes lines = input_line("a") + "\n" + input_line("b") + "\n";

validation::Inspection inspected(View text) {
  dialects::openai::Inspector inspector({1, 2});
  inspector.feed(text);
  return inspector.finish();
}

GetObject inspection_object() {
  return {.key = a_file_row().stream.inspection_key(), .offset = 0, .length = {}};
}
GetObject content() { return {.key = a_file_row().stream.part_key(0), .offset = 0, .length = 300}; }

Script found(View target) {
  Script script = authorized("GET", target);
  script.expects(Tell{tenant, FindFile{.id = file_id}}).gives(a_file_row());
  return script;
}

}  // namespace

// ---- POST /batches/validate

TEST_CASE("validate_input: a good input in two pieces → valid, and nothing is stored") {
  authorized("POST", validate)
      .expects(ReadBody{})
      .gives(lines.substr(0, 50))
      .expects(ReadBody{})
      .gives(lines.substr(50))
      .expects(ReadBody{})
      .fails(Fault::absent)
      .answers(200, [](const Answer& answer) {
        CHECK(answer.truth("valid"));
        CHECK(answer.number("items") == 2);
        CHECK(answer.number("bytes") == static_cast<std::int64_t>(lines.size()));
      });
}

TEST_CASE("validate_input: a bad input → its errors, with 200: the verdict is the answer") {
  authorized("POST", validate)
      .expects(ReadBody{})
      .gives("{}\n{")
      .expects(ReadBody{})
      .fails(Fault::absent)
      .answers(200, [](const Answer& answer) {
        CHECK_FALSE(answer.truth("valid"));
        CHECK(answer.number("errors_count") == 5);
        CHECK(answer.number("errors/4/line") == 2);
        CHECK(answer.text("errors/0/pointer") == "/custom_id");
      });
}

TEST_CASE("validate_input: another endpoint than the lines' → an error of each") {
  authorized("POST", Bytes(validate) + "?endpoint=/v1/embeddings")
      .expects(ReadBody{})
      .gives(lines)
      .expects(ReadBody{})
      .fails(Fault::absent)
      .answers(200, [](const Answer& answer) {
        CHECK(answer.number("errors_count") == 2);
        CHECK(answer.text("errors/0/pointer") == "/url");
      });
}

TEST_CASE("validate_input: an endpoint that is none → 400 before anything is read") {
  authorized("POST", Bytes(validate) + "?endpoint=/v1/x").answers(400, [](const Answer& answer) {
    CHECK(answer.text("error/param") == "endpoint");
  });
}

TEST_CASE("validate_input: a body at its limit → read; above → 413") {
  // One line over and over would be as many errors: blanks are one line, which isn't reported.
  const Bytes blanks(10'000'000, ' ');
  const auto of = [&](View rest) {
    Script script = authorized("POST", validate);
    for (std::size_t at = 0; at < dialects::openai::input_bytes_max; at += blanks.size())
      script.expects(ReadBody{}).gives(blanks);
    if (!rest.empty()) script.expects(ReadBody{}).gives(Bytes(rest));
    return script;
  };
  of("").expects(ReadBody{}).fails(Fault::absent).answers(200);
  of(" ").answers(413);
}

// ---- GET /files/{id}/verdict

TEST_CASE("file_verdict: as it was found at the upload → its bytes are not read again") {
  found(path)
      .expects(inspection_object())
      .gives(wire::encode(inspected(lines)))
      .answers(200, [](const Answer& answer) {
        CHECK(answer.text("object") == "batch.input.verdict");
        CHECK(answer.truth("valid"));
        CHECK(answer.number("items") == 2);
      });
}

TEST_CASE("file_verdict: another endpoint than the lines' → the input is read again") {
  Bytes text = lines;
  text.resize(300, ' ');
  found(path + "?endpoint=/v1/embeddings")
      .expects(inspection_object())
      .gives(wire::encode(inspected(text)))
      .expects(content())
      .gives(text)
      .answers(200, [](const Answer& answer) {
        CHECK_FALSE(answer.truth("valid"));
        CHECK(answer.number("errors_count") == 2);
      });
}

TEST_CASE("file_verdict: a file of another purpose → 400") {
  authorized("GET", path)
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(a_file_row(file_id, "user_data"))
      .answers(400, [](const Answer& answer) { CHECK(answer.text("error/param") == "id"); });
}

TEST_CASE("file_verdict: no such file → 404") {
  authorized("GET", path)
      .expects(Tell{tenant, FindFile{.id = file_id}})
      .gives(std::nullopt)
      .answers(404);
}

}  // namespace edgebatch::script
