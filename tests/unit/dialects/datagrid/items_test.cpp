#include "core/dialects/datagrid/items.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <vector>

#include "core/dialects/datagrid/create.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/text/bytes.hpp"

#include "tests/unit/dialects/datagrid/creating.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using namespace edgebatch::dialects::datagrid;

using Lines = std::vector<Bytes>;

Bytes one(View members) { return with_items("[{" + Bytes(members) + "}]"); }

Bytes with_page(View page) { return one(R"("custom_id":"a","file_id":"f","page":)" + Bytes(page)); }

}  // namespace

TEST_CASE("datagrid items: none, too many → refused as a whole, no item is looked at") {
  CHECK(refused(with_items("[]")) ==
        Lines{"/items | too_small | items must contain at least one item"});
  CHECK(created(with_items(items_of(1))));
  CHECK(created(with_items(items_of(items_count_max - 1))));
  CHECK(created(with_items(items_of(items_count_max))));
  CHECK(refused(with_items(items_of(items_count_max + 1))) ==
        Lines{"/items | too_big | items has 5001 items, but at most 5000 are allowed"});
  Bytes bad = "[0";
  for (std::size_t i = 0; i < items_count_max; ++i) bad += ",0";
  CHECK(refused(with_items(bad + "]")) ==
        Lines{"/items | too_big | items has 5001 items, but at most 5000 are allowed"});
}

TEST_CASE("datagrid items: so many that the body is not read → still told that it is the items") {
  CHECK(refused(with_items(items_of(create_values_max / 3))) ==
        Lines{"/items | too_big | items has 33333 items, but at most 5000 are allowed"});
}

TEST_CASE("datagrid items: many → spans that begin and end with lines") {
  const auto creation = created(with_items(items_of(items_count_max)));
  REQUIRE(creation);
  CHECK(creation->inspection.verdict.items == items_count_max);
  CHECK(creation->file_ids.size() == items_count_max);
  REQUIRE(creation->inspection.index.size() == 10);
  std::uint32_t first = 0;
  std::size_t begin = 0;
  for (const auto& entry : creation->inspection.index) {
    CHECK(entry.first == first);
    CHECK(entry.byte_begin == begin);
    const View bytes = View(creation->lines).substr(begin, entry.byte_end - begin);
    CHECK(bytes.starts_with(R"({"custom_id":"c)" + std::to_string(first) + '"'));
    CHECK(bytes.ends_with("}\n"));
    first += entry.count;
    begin = entry.byte_end;
  }
  CHECK(first == items_count_max);
  CHECK(begin == creation->lines.size());
}

TEST_CASE("datagrid items: elements that aren't objects → each of them named") {
  CHECK(refused(with_items(R"(["a",{"custom_id":"b","file_id":"f"},null,[]])")) ==
        Lines{"/items/0 | invalid_type | item must be an object, but is a string",
              "/items/2 | invalid_type | item must be an object, but is null",
              "/items/3 | invalid_type | item must be an object, but is an array"});
}

TEST_CASE("datagrid items: members missing, null, empty or of other types → named, with the id") {
  CHECK(refused(with_items(R"([{},{"custom_id":"b","file_id":null},{"custom_id":"","file_id":""},)"
                           R"({"custom_id":7,"file_id":[]}])")) ==
        Lines{"/items/0/custom_id | required | custom_id is required and must be a string",
              "/items/0/file_id | required | file_id is required and must be a string",
              "/items/1/file_id | required | file_id is required and must be a string | b",
              "/items/2/custom_id | too_small | custom_id must not be empty",
              "/items/2/file_id | too_small | file_id must not be empty",
              "/items/3/custom_id | invalid_type | custom_id must be a string, but is an integer",
              "/items/3/file_id | invalid_type | file_id must be a string, but is an array"});
}

TEST_CASE("datagrid items: custom_ids at, below and above their limit → counted in bytes") {
  const auto with_id = [](std::size_t chars) {
    Bytes id;
    for (std::size_t i = 0; i < chars; ++i) id += "é";
    return one(R"("custom_id":")" + id + R"(","file_id":"f")");
  };
  static_assert(custom_id_bytes_max == 512);
  CHECK(created(with_id(255)));
  CHECK(created(with_id(256)));
  CHECK(refused(with_id(257)) ==
        Lines{"/items/0/custom_id | too_big | custom_id has 514 bytes, but at most 512 are "
              "allowed"});
}

TEST_CASE("datagrid items: file_ids at, below and above their limit → accepted, refused") {
  const auto with_file = [](std::size_t bytes) {
    return one(R"("custom_id":"a","file_id":")" + Bytes(bytes, 'f') + '"');
  };
  CHECK(created(with_file(file_id_bytes_max - 1)));
  CHECK(created(with_file(file_id_bytes_max)));
  CHECK(refused(with_file(file_id_bytes_max + 1)) ==
        Lines{"/items/0/file_id | too_big | file_id has 257 bytes, but at most 256 are allowed | "
              "a"});
}

TEST_CASE("datagrid items: pages → whole numbers from 1 on, or null") {
  for (const View page : {"null", "1", "2", "99999", "100000"}) CHECK(created(with_page(page)));
  const Lines small{
      "/items/0/page | too_small | page must be at least 1: the first page is page 1 "
      "| a"};
  CHECK(refused(with_page("0")) == small);
  CHECK(refused(with_page("-1")) == small);
  CHECK(refused(with_page("-9223372036854775808")) == small);
  const Lines big{"/items/0/page | too_big | page must be at most 100000 | a"};
  CHECK(refused(with_page("100001")) == big);
  CHECK(refused(with_page("4294967297")) == big);
  CHECK(refused(with_page("9223372036854775808")) == big);
  CHECK(refused(with_page("1.0")) ==
        Lines{"/items/0/page | invalid_type | page must be an integer or null, but is a decimal "
              "number | a"});
  CHECK(refused(with_page("\"1\"")) ==
        Lines{"/items/0/page | invalid_type | page must be an integer or null, but is a string | "
              "a"});
}

TEST_CASE("datagrid items: a custom_id again → the vendor's words, at its second occurrence") {
  CHECK(refused(with_items(R"([{"custom_id":"drawing_001","file_id":"f"},)"
                           R"({"custom_id":"drawing_001","file_id":"g"}])")) ==
        Lines{"/items/1/custom_id | duplicate_custom_id | Duplicate custom_id 'drawing_001' in "
              "batch | drawing_001"});
}

TEST_CASE(
    "datagrid items: a custom_id three times, in a bad item too, by an escape → each after "
    "the first") {
  CHECK(
      refused(with_items(R"([{"custom_id":"a"},{"custom_id":"\u0061","file_id":"f"},)"
                         R"({"custom_id":"A","file_id":"f"},{"custom_id":"a","file_id":"f"}])")) ==
      Lines{"/items/0/file_id | required | file_id is required and must be a string | a",
            "/items/1/custom_id | duplicate_custom_id | Duplicate custom_id 'a' in batch | a",
            "/items/3/custom_id | duplicate_custom_id | Duplicate custom_id 'a' in batch | a"});
}

TEST_CASE("datagrid items: bad custom_ids twice → not called duplicates") {
  CHECK(refused(with_items(R"([{"custom_id":"","file_id":"f"},{"custom_id":"","file_id":"f"}])")) ==
        Lines{"/items/0/custom_id | too_small | custom_id must not be empty",
              "/items/1/custom_id | too_small | custom_id must not be empty"});
}

TEST_CASE("datagrid items: a long custom_id again → an excerpt in the message, all of it beside") {
  const Bytes id(custom_id_bytes_max, 'x');
  const Bytes item = R"({"custom_id":")" + id + R"(","file_id":"f"})";
  CHECK(refused(with_items("[" + item + "," + item + "]")) ==
        Lines{"/items/1/custom_id | duplicate_custom_id | Duplicate custom_id '" + Bytes(100, 'x') +
              "…' in batch | " + id});
}

TEST_CASE("datagrid items: the same file for all → named once") {
  CHECK(created(with_items(R"([{"custom_id":"a","file_id":"z"},{"custom_id":"b","file_id":"y"},)"
                           R"({"custom_id":"c","file_id":"z"}])"))
            ->file_ids == Lines{"y", "z"});
}
