#include "core/dialects/datagrid/item_line.hpp"

#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/dialects/content.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/line_scanner.hpp"
#include "core/validation/verdict.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::dialects::Content;
using edgebatch::validation::ErrorCode;
using namespace edgebatch::dialects::datagrid;

std::optional<ItemLine> read(View line) {
  return read_item_line(edgebatch::support::Exact(line).view());
}

ItemLine created() { return {.custom_id = "a", .file_id = "file_1"}; }

ItemLine sendable() {
  ItemLine item = created();
  item.page = 4'294'967'295;
  item.file =
      Attachment{.name = "n",
                 .content = Content::text,
                 .json_text_bytes = 12,
                 .stream = {.prefix = "in/t/file_1/", .bytes = 5'000'000'000, .bytes_a_part = 100}};
  return item;
}

ItemLine refused() {
  ItemLine item = created();
  item.refusal = {.line = 7,
                  .code = ErrorCode::page_unsupported,
                  .param = "page",
                  .detail = "an image",
                  .custom_id = "a"};
  return item;
}

}  // namespace

TEST_CASE("item_line: as created, sendable, refused → only what there is") {
  CHECK(item_line(created()) == R"({"custom_id":"a","file_id":"file_1"})");
  CHECK(item_line(sendable()) ==
        R"({"custom_id":"a","file_id":"file_1","page":4294967295,)"
        R"("file":{"name":"n","content":6,"json_text_bytes":12,"prefix":"in/t/file_1/",)"
        R"("bytes":5000000000,"bytes_a_part":100}})");
  CHECK(item_line(refused()) ==
        R"({"custom_id":"a","file_id":"file_1",)"
        R"("refusal":{"item":7,"code":22,"param":"page","detail":"an image"}})");
}

TEST_CASE("item_line: any text in it → one line, and the same when it is read") {
  for (ItemLine item : {created(), sendable(), refused()}) {
    for (const View text :
         {"plain", "", "\"quoted\" \\", "é😀", "\n\r\xE2\x80\xA8\xC2\x85", "\x01\x7F"}) {
      item.custom_id = text;
      item.file_id = text;
      if (item.file) item.file->name = text;
      if (item.refusal) {
        item.refusal->custom_id = text;
        item.refusal->detail = text;
      }
      const Bytes line = item_line(item);
      CHECK(line.find('\n') == Bytes::npos);
      CHECK(read(line) == item);
      CHECK(edgebatch::validation::scan_line(line).fault == edgebatch::validation::Fault::none);
    }
  }
}

TEST_CASE("item_line: cut off anywhere → none, and nothing read beyond") {
  for (const ItemLine& item : {created(), sendable(), refused()}) {
    const Bytes line = item_line(item);
    for (std::size_t size = 0; size < line.size(); ++size)
      CHECK_FALSE(read(View(line).substr(0, size)));
  }
}

TEST_CASE("item_line: members that are missing or no such values → none") {
  const Bytes head = R"({"custom_id":"a","file_id":"f")";
  CHECK(read(head + "}"));
  for (const View line : {"[]", "{}", R"({"custom_id":"a"})", R"({"file_id":"f"})",
                          R"({"custom_id":1,"file_id":"f"})"})
    CHECK_FALSE(read(line));
  for (const View more :
       {R"("page":null)", R"("page":-1)", R"("page":4294967296)", R"("page":"1")", R"("file":{})",
        R"("file":7)", R"("refusal":{})",
        R"("refusal":{"item":1,"code":256,"param":"","detail":""})",
        R"("refusal":{"item":-1,"code":1,"param":"","detail":""})",
        R"("file":{"name":"n","content":6,"json_text_bytes":1,"prefix":"p","bytes":1})"})
    CHECK_FALSE(read(head + "," + Bytes(more) + "}"));
  CHECK(read(head + R"(,"refusal":{"item":1,"code":255,"param":"","detail":""}})"));
}
