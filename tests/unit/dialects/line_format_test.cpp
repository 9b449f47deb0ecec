#include "core/dialects/line_format.hpp"

#include <catch_amalgamated.hpp>

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/dialect.hpp"
#include "core/text/wire.hpp"

using namespace edgebatch;
using namespace edgebatch::dialects;

TEST_CASE("line_format: a dialect → its own format") {
  CHECK(line_format(Dialect::openai, {}, {}, {})->streams() == 2);
  datagrid::CreateBatch request;
  request.model = "m1";
  const auto datagrids = line_format(Dialect::datagrid, wire::encode(request), {}, {1, 2});
  CHECK(datagrids->streams() == 1);
  const auto item = datagrids->read(R"({"custom_id":"a","file_id":"file_1"})", 3);
  REQUIRE(item);
  CHECK(item->index == 3);
  CHECK(item->model == "m1");
}

TEST_CASE("line_format: what items have in common → beside them in one dialect only") {
  CHECK_FALSE(has_brief(Dialect::openai));
  CHECK(has_brief(Dialect::datagrid));
}
