#include "core/dialects/datagrid/create.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "core/dialects/datagrid/violations.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/wire.hpp"
#include "core/validation/index.hpp"

#include "tests/unit/dialects/datagrid/creating.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::ProblemCode;
using edgebatch::View;
using edgebatch::validation::IndexEntry;
using namespace edgebatch::dialects::datagrid;

using Lines = std::vector<Bytes>;

Bytes repeated(View text, std::size_t times) {
  Bytes out;
  for (std::size_t i = 0; i < times; ++i) out.append(text);
  return out;
}

Bytes metadata_of(std::size_t keys) {
  Bytes out = R"(,"metadata":{)";
  for (std::size_t i = 0; i < keys; ++i)
    out += (i > 0 ? "," : "") + ("\"k" + std::to_string(i)) + "\":\"v\"";
  return with(out + "}");
}

ProblemCode code(View body) {
  const auto problem = problem_of(body);
  return problem ? problem->code : ProblemCode::internal;
}

}  // namespace

TEST_CASE("datagrid create: only what is required → its model, brief, lines, index and files") {
  const auto creation = created(with(""));
  REQUIRE(creation);
  CHECK(creation->create.model == "m");
  CHECK_FALSE(creation->create.metadata);
  CHECK(creation->brief.prompt == "Read it.");
  CHECK(creation->brief.output_schema == R"({"type":"object"})");
  CHECK(creation->lines == "{\"custom_id\":\"a\",\"file_id\":\"file_1\"}\n");
  CHECK(creation->inspection.verdict.valid());
  CHECK(creation->inspection.verdict.items == 1);
  CHECK(creation->inspection.verdict.model == "m");
  CHECK(creation->inspection.index == std::vector<IndexEntry>{{0, 1, 0, creation->lines.size()}});
  CHECK(creation->file_ids == std::vector<Bytes>{"file_1"});
}

TEST_CASE("datagrid create: everything, with nulls, spaces and unknown members → accepted") {
  const auto creation = created(R"( {
    "items": [
      {"custom_id": "b", "file_id": "file_2", "page": 3, "more": 1},
      {"custom_id": "é\u2028", "file_id": "file_1", "page": null},
      {"custom_id": "c", "file_id": "file_2", "page": 1}
    ],
    "model": "n", "prompt": "p", "output_schema": {"type": "object"}, "unknown": [1],
    "completion_window": "24h", "metadata": {"z": "1", "a": ""}
  } )");
  REQUIRE(creation);
  CHECK(creation->lines ==
        "{\"custom_id\":\"b\",\"file_id\":\"file_2\",\"page\":3}\n"
        "{\"custom_id\":\"é\\u2028\",\"file_id\":\"file_1\"}\n"
        "{\"custom_id\":\"c\",\"file_id\":\"file_2\",\"page\":1}\n");
  CHECK(creation->file_ids == std::vector<Bytes>{"file_1", "file_2"});
  using Metadata = std::vector<std::pair<Bytes, Bytes>>;
  CHECK(creation->create.metadata == Metadata{{"z", "1"}, {"a", ""}});
  CHECK(created(with(R"(,"completion_window":null,"metadata":null)")));
}

TEST_CASE("datagrid create: metadata of null, of nothing, of none → told apart for ever") {
  const auto kept = [](View more) {
    const auto creation = created(with(more));
    REQUIRE(creation);
    const auto again =
        edgebatch::wire::decode<CreateBatch>(edgebatch::wire::encode(creation->create));
    REQUIRE(again);
    CHECK(again->model == "m");
    CHECK(again->completion_window == "24h");
    return again->metadata;
  };
  CHECK_FALSE(kept(""));
  CHECK_FALSE(kept(R"(,"metadata":null)"));
  CHECK(kept(R"(,"metadata":{})").has_value());
  CHECK(kept(R"(,"metadata":{"k":"v"})")->size() == 1);
}

TEST_CASE("datagrid create: the same request written otherwise → the same canonical form") {
  const auto canonical = [](View body) { return created(body).value_or(Creation{}).canonical; };
  const Bytes plain = canonical(with(R"(,"metadata":{"a":"b","c":"d"})"));
  CHECK_FALSE(plain.empty());
  CHECK(canonical(R"({"metadata":{"c":"d","\u0061":"b"},"output_schema":{ "type":"object"},)"
                  R"("prompt":"Read it.","model":"m",)"
                  R"("items":[{"file_id":"file_1","custom_id":"a"}]})") == plain);
  CHECK(canonical(with(R"(,"metadata":{"a":"b","c":"e"})")) != plain);
}

TEST_CASE("datagrid create: a body that isn't a JSON object → says so") {
  CHECK(code("") == ProblemCode::body_not_json);
  CHECK(code("{") == ProblemCode::body_not_json);
  CHECK(code("{}x") == ProblemCode::body_not_json);
  CHECK(code("\xFF") == ProblemCode::body_not_json);
  CHECK(code("[]") == ProblemCode::body_not_object);
  CHECK(code("null") == ProblemCode::body_not_object);
}

TEST_CASE("datagrid create: JSON that can't be kept → says what it may be") {
  for (const View value : {R"("\ud800")", "1e999"})
    CHECK(refused(with(R"(,"x":)" + Bytes(value))) ==
          Lines{" | unsupported_json | The body is JSON, but is nested more than 64 levels deep, "
                "or has the escape of a lone surrogate or a number that no double holds"});
  const auto nested = [](std::size_t levels) {
    return with(R"(,"x":)" + Bytes(levels, '[') + Bytes(levels, ']'));
  };
  CHECK(created(nested(62)));
  CHECK(created(nested(63)));
  CHECK(refused(nested(64)).front().starts_with(" | unsupported_json | "));
}

TEST_CASE("datagrid create: values at, below and above the limit of all → accepted, refused") {
  const std::size_t others = 10;  // A good body's own, and the array.
  const auto values = [](std::size_t count) {
    return with(R"(,"x":[)" + repeated("0,", count - 1) + "0]");
  };
  CHECK(created(values(create_values_max - others - 1)));
  CHECK(created(values(create_values_max - others)));
  CHECK(refused(values(create_values_max - others + 1)) ==
        Lines{" | too_big | The body has more than 100000 values in all"});
  // What else may be wrong with as many as there may be.
  const Bytes surrogate = R"(,"y":"\ud800"})";
  const Bytes full = values(create_values_max - others - 1);
  CHECK(refused(full.substr(0, full.size() - 1) + surrogate)
            .front()
            .starts_with(" | unsupported_json | "));
  const Bytes items = with_items(items_of(items_count_max));
  CHECK(refused(items.substr(0, items.size() - 1) + R"(,"x":[)" +
                repeated("0,", create_values_max) + "0]}") ==
        Lines{" | too_big | The body has more than 100000 values in all"});
  CHECK(code(values(create_values_max) + "x") == ProblemCode::body_not_json);
  CHECK(code("[" + repeated("0,", create_values_max) + "0]") == ProblemCode::request_invalid);
}

TEST_CASE("datagrid create: nothing that is required → all of it is named at once") {
  const Lines all{
      "/items | required | items is required and must be an array",
      "/model | required | model is required and must be a string",
      "/prompt | required | prompt is required and must be a string",
      "/output_schema | required | output_schema is required and must be an object",
  };
  CHECK(refused("{}") == all);
  CHECK(refused(R"({"items":null,"model":null,"prompt":null,"output_schema":null})") == all);
}

TEST_CASE("datagrid create: members of other types → says what came") {
  const Bytes window =
      "/completion_window | invalid_type | completion_window must be '24h' or null, but is an "
      "integer";
  CHECK(refused(R"({"items":{},"model":5,"prompt":["x"],"output_schema":"{}",)"
                R"("completion_window":24,"metadata":[]})") ==
        Lines{"/items | invalid_type | items must be an array, but is an object",
              "/model | invalid_type | model must be a string, but is an integer",
              "/prompt | invalid_type | prompt must be a string, but is an array",
              "/output_schema | invalid_type | output_schema must be an object, but is a string",
              window,
              "/metadata | invalid_type | metadata must be an object or null, but is an array"});
}

TEST_CASE("datagrid create: models → only those that are accepted") {
  CHECK(created(with(R"(,"model":"n")")));
  CHECK(refused(with(R"(,"model":"gpt-0")")) ==
        Lines{"/model | invalid_enum_value | model 'gpt-0' is not served here: `GET /models` lists "
              "those that are"});
  CHECK(refused(with(R"(,"model":"")")) == Lines{"/model | too_small | model must not be empty"});
}

TEST_CASE("datagrid create: prompts at, below and above the limits → accepted, refused") {
  const auto prompt = [](std::size_t bytes) {
    return with(R"(,"prompt":")" + Bytes(bytes, 'p') + '"');
  };
  CHECK(refused(prompt(0)) == Lines{"/prompt | too_small | prompt must not be empty"});
  CHECK(created(prompt(1)));
  CHECK(created(prompt(prompt_bytes_max - 1)));
  CHECK(created(prompt(prompt_bytes_max)));
  CHECK(refused(prompt(prompt_bytes_max + 1)) ==
        Lines{"/prompt | too_big | prompt has 1048577 bytes, but at most 1048576 are allowed"});
}

TEST_CASE("datagrid create: completion windows → 24h, null or none; it is kept") {
  for (const View more : {"", R"(,"completion_window":null)", R"(,"completion_window":"24h")"})
    CHECK(created(with(more)).value_or(Creation{}).create.completion_window == "24h");
  for (const View window : {"48h", "", "24H", "unlimited"})
    CHECK(refused(with(R"(,"completion_window":")" + Bytes(window) + '"')) ==
          Lines{"/completion_window | invalid_enum_value | completion_window must be '24h' or "
                "null, but is '" +
                Bytes(window) + "'"});
}

TEST_CASE("datagrid create: windows that the operator allows → these, the first by default") {
  const auto window = [](View more) {
    auto result = parsed(with(more), {"5s", "24h"});
    const auto* creation = std::get_if<Creation>(&result);
    return creation != nullptr ? creation->create.completion_window
                               : std::get_if<edgebatch::Problem>(&result)->detail;
  };
  CHECK(window("") == "5s");
  CHECK(window(R"(,"completion_window":"24h")") == "24h");
  CHECK(window(R"(,"completion_window":"1h")") ==
        "completion_window must be '5s' or '24h' or null, but is '1h'");
}

TEST_CASE("datagrid create: metadata of other types → says which entries, by their pointers") {
  CHECK(refused(with(R"(,"metadata":{"tags":["a"],"ok":"b","n/~":null})")) ==
        Lines{"/metadata/tags | invalid_type | metadata.tags must be a string, but is an array",
              "/metadata/n~1~0 | invalid_type | metadata.n/~ must be a string, but is null"});
}

TEST_CASE("datagrid create: metadata at, below and above its limits → counted in code points") {
  CHECK(created(metadata_of(metadata_count_max - 1)));
  CHECK(created(metadata_of(metadata_count_max)));
  CHECK(refused(metadata_of(metadata_count_max + 1)) ==
        Lines{"/metadata | too_big | metadata has 17 keys, but at most 16 are allowed"});

  const auto with_key = [](std::size_t chars) {
    return with(R"(,"metadata":{")" + repeated("é", chars) + R"(":"v"})");
  };
  CHECK(created(with_key(metadata_key_chars_max - 1)));
  CHECK(created(with_key(metadata_key_chars_max)));
  CHECK(refused(with_key(metadata_key_chars_max + 1)) ==
        Lines{"/metadata/" + repeated("é", 65) +
              " | too_big | a key of metadata has 65 characters, but at most 64 are allowed"});

  const auto with_value = [](std::size_t chars) {
    return with(R"(,"metadata":{"k":")" + repeated("😀", chars) + R"("})");
  };
  CHECK(created(with_value(metadata_value_chars_max - 1)));
  CHECK(created(with_value(metadata_value_chars_max)));
  CHECK(refused(with_value(metadata_value_chars_max + 1)) ==
        Lines{"/metadata/k | too_big | metadata.k has 513 characters, but at most 512 are "
              "allowed"});
}

TEST_CASE("datagrid create: faults all over → all in one answer, the first as its detail") {
  const Bytes body =
      R"({"items":[{"custom_id":"a"},{"custom_id":"a","file_id":"f","page":0}],)"
      R"("prompt":"","output_schema":{"type":"array","$defs":{}},"completion_window":"1h"})";
  CHECK(refused(body).size() == 8);
  const auto problem = problem_of(body);
  REQUIRE(problem);
  CHECK(problem->detail == "file_id is required and must be a string (and 7 more: see `errors`)");
  CHECK(problem_of(with_items("[]"))->detail == "items must contain at least one item");
  CHECK(problem_of(with_items("[]", R"(,"prompt":"")"))->detail ==
        "items must contain at least one item (and 1 more: see `errors`)");
}

TEST_CASE("datagrid create: faults at, below and above the count that is listed → then a count") {
  const auto faults = [](std::size_t count) {
    return refused(with_items("[" + repeated("0,", count - 1) + "0]"));
  };
  CHECK(faults(violations_count_max - 1).size() == violations_count_max - 1);
  CHECK(faults(violations_count_max).size() == violations_count_max);
  CHECK(faults(violations_count_max).back().starts_with("/items/999 | invalid_type"));
  const Lines more = faults(violations_count_max + 1);
  CHECK(more.size() == violations_count_max + 1);
  CHECK(more.back() == " | more_violations | … and 1 more, which are not listed");
  CHECK(faults(items_count_max).back() ==
        " | more_violations | … and 4000 more, which are not listed");
}

TEST_CASE("datagrid create: cut off anywhere → refused, and nothing read beyond") {
  const Bytes body = with(R"(,"metadata":{"a":"é"},"completion_window":"24h")");
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK(code(View(body).substr(0, size)) == ProblemCode::body_not_json);
}
