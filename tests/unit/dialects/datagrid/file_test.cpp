#include "core/dialects/datagrid/file.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <optional>
#include <variant>

#include "core/dialects/content.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/file_view.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::Ms;
using edgebatch::Or;
using edgebatch::Problem;
using edgebatch::ProblemCode;
using edgebatch::View;
using edgebatch::support::Exact;
using namespace edgebatch::dialects;
using namespace edgebatch::dialects::datagrid;

FileView file() {
  return {.id = "file_1",
          .name = "plan \"1\".pdf",
          .purpose = "",
          .bytes = 7,
          .created_at_ms = 1'775'822'400'000,
          .expires_at_ms = std::nullopt,
          .dialect = Dialect::datagrid,
          .media_type = "application/pdf",
          .content = Content::pdf};
}

// The life in ms, "stays", or what is wrong.
Bytes shown(const Or<std::optional<Ms>>& result) {
  if (const auto* problem = std::get_if<Problem>(&result))
    return problem->param + ": " +
           edgebatch::problem::filled_in(edgebatch::problem::row(problem->code).message, *problem);
  const auto* life = std::get_if<std::optional<Ms>>(&result);
  return *life ? std::to_string(**life) : "stays";
}

Bytes field(View text) { return shown(check_expires_after(Exact(text).view())); }
Bytes update(View body) { return shown(parse_update(Exact(body).view())); }

Bytes bad(View given) {
  return "expires_after: Invalid value: '" + Bytes(given) +
         "'. Expected a whole number of seconds from 1 to 518400.";
}

}  // namespace

TEST_CASE("datagrid file: one that stays, one that expires → the object, times in ISO 8601") {
  CHECK(file_json({file()}) ==
        R"({"object":"file","id":"file_1","filename":"plan \"1\".pdf",)"
        R"("media_type":"application/pdf","created_at":"2026-04-10T12:00:00.000Z",)"
        R"("expires_at":null,"credits":null})");
  FileView temporary = file();
  temporary.expires_at_ms = 1'775'822'460'007;
  CHECK(file_json({temporary}).find(R"("expires_at":"2026-04-10T12:01:00.007Z")") != Bytes::npos);
}

TEST_CASE("datagrid file: its content's digest is known → shown, too") {
  CHECK(file_json({file(), "ab"}).ends_with(R"("credits":null,"sha256":"ab"})"));
}

TEST_CASE("datagrid file: lists → data and whether there is more, nothing else") {
  CHECK(file_list_json({}, false) == R"({"object":"list","data":[],"has_more":false})");
  CHECK(file_list_json({{file()}, {file()}}, true) ==
        R"({"object":"list","data":[)" + file_json({file()}) + "," + file_json({file()}) +
            R"(],"has_more":true})");
}

TEST_CASE("datagrid file: expires_after of a form → at, below and above its limits") {
  CHECK(shown(check_expires_after(std::nullopt)) == "stays");
  CHECK(field("") == "stays");
  CHECK(field("1") == "1000");
  CHECK(field("2") == "2000");
  CHECK(field("518399") == "518399000");
  CHECK(field("518400") == "518400000");
  for (const View text :
       {"0", "518401", "-1", "1.5", "3600s", " 60", "null", "99999999999999999999"})
    CHECK(field(text) == bad(text));
}

TEST_CASE("datagrid file: an update without a life → it stays") {
  for (const View body : {"", " \n", "{}", R"({"expires_after":null})", R"({"other":1})"})
    CHECK(update(body) == "stays");
}

TEST_CASE("datagrid file: an update → the life from now on, within the limits") {
  const auto seconds = [](View value) {
    return update(R"({"expires_after":)" + Bytes(value) + "}");
  };
  CHECK(seconds("1") == "1000");
  CHECK(seconds("518400") == "518400000");
  for (const View value : {"0", "518401", "-1", "-9223372036854775808", "18446744073709551615"})
    CHECK(seconds(value) == bad(value));
  CHECK(seconds("\"60\"") ==
        "expires_after: Invalid type for 'expires_after': expected an integer, but got a string "
        "instead.");
  CHECK(seconds("60.0") ==
        "expires_after: Invalid type for 'expires_after': expected an integer, but got a decimal "
        "number instead.");
}

TEST_CASE("datagrid file: an update that isn't a JSON object → says so") {
  const auto code = [](View body) {
    const auto result = parse_update(Exact(body).view());
    const auto* problem = std::get_if<Problem>(&result);
    return problem != nullptr ? problem->code : ProblemCode::internal;
  };
  CHECK(code("{") == ProblemCode::body_not_json);
  CHECK(code("x") == ProblemCode::body_not_json);
  CHECK(code("[]") == ProblemCode::body_not_object);
  CHECK(code("60") == ProblemCode::body_not_object);
}
