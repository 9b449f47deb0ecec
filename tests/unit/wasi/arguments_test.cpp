#include "bindings/wasi/arguments.hpp"

#include <catch_amalgamated.hpp>
#include <initializer_list>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::wasi;

Command read(std::initializer_list<View> arguments) { return parse({arguments}); }

Bytes why(std::initializer_list<View> arguments) {
  const Command command = read(arguments);
  const auto* misuse = std::get_if<Misuse>(&command);
  return misuse == nullptr ? "taken" : misuse->why;
}

void takes(std::initializer_list<View> arguments, const Validate& wanted) {
  const Command command = read(arguments);
  const auto* taken = std::get_if<Validate>(&command);
  REQUIRE(taken != nullptr);
  CHECK(*taken == wanted);
}

}  // namespace

TEST_CASE("arguments: files → in their order, as text, with any endpoint") {
  takes({"validate", "b.jsonl", "-", "a.jsonl"}, {.files = {"b.jsonl", "-", "a.jsonl"}});
}

TEST_CASE("arguments: options → anywhere, with their value behind = or in the next argument") {
  const Validate wanted{.files = {"a"}, .endpoint = "/v1/embeddings", .format = Format::json};
  takes({"validate", "--format=json", "a", "--endpoint=/v1/embeddings"}, wanted);
  takes({"validate", "--endpoint", "/v1/embeddings", "--format", "json", "a"}, wanted);
  takes({"validate", "--format=json", "--format=text", "a"}, {.files = {"a"}});
}

TEST_CASE("arguments: behind -- → files only") {
  takes({"validate", "--", "--format=json", "-"}, {.files = {"--format=json", "-"}});
}

TEST_CASE("arguments: what makes no sense → it says why") {
  CHECK(why({}) == "no command");
  CHECK(why({"check"}) == "unknown command 'check'");
  CHECK(why({"validate"}) == "validate needs a FILE, or - for the standard input");
  CHECK(why({"validate", "-", "-"}) == "the standard input, -, can be read only once");
  CHECK(why({"validate", "-v", "a"}) == "unknown option '-v'");
  CHECK(why({"validate", "a", "--format"}) == "no value for '--format'");
  CHECK(why({"validate", "a", "--format=xml"}) ==
        "'xml' is no format. There are: 'text' and 'json'");
  CHECK(why({"validate", "a", "--endpoint="}).starts_with("'' is no endpoint. There are: '/v1/"));
}

TEST_CASE("arguments: help and version → alone or behind the command, before what is wrong there") {
  CHECK(std::holds_alternative<Help>(read({"--help"})));
  CHECK(std::holds_alternative<Help>(read({"-h"})));
  CHECK(std::holds_alternative<Help>(read({"validate", "a", "--help", "--nonsense"})));
  CHECK(std::holds_alternative<Version>(read({"--version"})));
  CHECK(std::holds_alternative<Version>(read({"validate", "--version"})));
  CHECK(help().find("\n  /v1/chat/completions\n") != Bytes::npos);
}
