#include "core/dialects/datagrid/plan.hpp"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/dialects/content.hpp"
#include "core/dialects/datagrid/item_line.hpp"
#include "core/dialects/datagrid/line.hpp"
#include "core/dialects/dialect.hpp"
#include "core/dialects/item_plan.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/index.hpp"
#include "core/validation/verdict.hpp"

#include "tests/support/exact.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::IndexEntry;
using edgebatch::validation::LineError;
using namespace edgebatch::dialects;
using namespace edgebatch::dialects::datagrid;

ItemFile file(Content content, std::uint64_t bytes) {
  return {.view = {.id = "f",
                   .name = "name",
                   .purpose = "",
                   .bytes = bytes,
                   .created_at_ms = 1,
                   .expires_at_ms = std::nullopt,
                   .dialect = Dialect::datagrid,
                   .media_type = "image/heic",
                   .content = content,
                   .json_text_bytes = content == Content::text ? bytes + 1 : 0},
          .stream = {.prefix = "in/f/", .bytes = bytes}};
}

ItemPlan planned(View lines, const std::map<Bytes, ItemFile>& files) {
  return plan_items(edgebatch::support::Exact(lines).view(), [&files](View id) -> const ItemFile* {
    const auto found = files.find(Bytes(id));
    return found == files.end() ? nullptr : &found->second;
  });
}

Bytes line(View custom_id, View file_id, std::optional<std::uint32_t> page = std::nullopt) {
  return item_line({.custom_id = Bytes(custom_id), .file_id = Bytes(file_id), .page = page}) + "\n";
}

// Of one item with this file: what is wrong with it.
std::optional<LineError> fault(const ItemFile& its_file, std::optional<std::uint32_t> page = {}) {
  const ItemPlan plan = planned(line("a", "f", page), {{"f", its_file}});
  CHECK(plan.errors_count == plan.errors.size());
  const auto item = read_item_line(View(plan.lines).substr(0, plan.lines.size() - 1));
  REQUIRE(item);
  CHECK(item->file.has_value() != item->refusal.has_value());
  CHECK(item->refusal == (plan.errors.empty() ? std::nullopt : std::optional(plan.errors[0])));
  return item->refusal;
}

constexpr auto images = {Content::png, Content::jpeg, Content::webp, Content::gif};

}  // namespace

TEST_CASE("datagrid plan: items whose files are there → lines that say where these lie") {
  const ItemPlan plan = planned(line("a", "t") + line("b", "p", 3),
                                {{"t", file(Content::text, 5)}, {"p", file(Content::pdf, 6)}});
  const Bytes first = R"({"custom_id":"a","file_id":"t","file":{"name":"name","content":6,)"
                      R"("json_text_bytes":6,"prefix":"in/f/","bytes":5,"bytes_a_part":4194304}})"
                      "\n";
  const Bytes second = R"({"custom_id":"b","file_id":"p","page":3,"file":{"name":"name",)"
                       R"("content":5,"json_text_bytes":0,"prefix":"in/f/","bytes":6,)"
                       R"("bytes_a_part":4194304}})"
                       "\n";
  CHECK(plan.lines == first + second);
  CHECK(plan.index == std::vector<IndexEntry>{{0, 2, 0, plan.lines.size()}});
  CHECK(plan.errors_count == 0);
  CHECK(plan.errors.empty());
}

TEST_CASE("datagrid plan: a file that isn't there → file_not_found, with item number and id") {
  const ItemPlan plan = planned(line("a", "f") + line("b", "g"), {{"f", file(Content::png, 1)}});
  CHECK(plan.errors_count == 1);
  REQUIRE(plan.errors.size() == 1);
  CHECK(plan.errors.front() == LineError{.line = 2,
                                         .code = ErrorCode::file_not_found,
                                         .param = "file_id",
                                         .detail = "g",
                                         .custom_id = "b"});
  CHECK(plan.lines.ends_with(
      "\n{\"custom_id\":\"b\",\"file_id\":\"g\",\"refusal\":{\"item\":2,\"code\":19,"
      "\"param\":\"file_id\",\"detail\":\"g\"}}\n"));
}

TEST_CASE("datagrid plan: a file of unknown content → file_unsupported, and what is known of it") {
  CHECK(fault(file(Content::unknown, 1)) ==
        LineError{.line = 1,
                  .code = ErrorCode::file_unsupported,
                  .param = "file_id",
                  .detail = "of no known kind (declared: image/heic)",
                  .custom_id = "a"});
  CHECK(fault(file(Content::unknown, 0))->detail == "empty");
  ItemFile undeclared = file(Content::unknown, 1);
  undeclared.view.media_type.clear();
  CHECK(fault(undeclared)->detail == "of no known kind");
}

TEST_CASE("datagrid plan: a page of a document → sent; of anything else → page_unsupported") {
  CHECK_FALSE(fault(file(Content::pdf, 1), 1));
  for (const Content image : images)
    CHECK(fault(file(image, 1), 1) == LineError{.line = 1,
                                                .code = ErrorCode::page_unsupported,
                                                .param = "page",
                                                .detail = "an image",
                                                .custom_id = "a"});
  CHECK(fault(file(Content::text, 1), 1)->detail == "a text");
}

TEST_CASE("datagrid plan: files at, below and above the limit of their kind → sent, refused") {
  const auto limit = [](Content content, std::uint64_t bytes_max) {
    CHECK_FALSE(fault(file(content, bytes_max - 1)));
    CHECK_FALSE(fault(file(content, bytes_max)));
    const auto large = fault(file(content, bytes_max + 1));
    REQUIRE(large);
    CHECK(large->code == ErrorCode::file_too_large);
    CHECK(large->param == "file_id");
    return large->detail;
  };
  for (const Content image : images)
    CHECK(limit(image, image_bytes_max) ==
          "The file is an image of 20971521 bytes, but at most 20971520 bytes of one can be sent.");
  CHECK(limit(Content::pdf, document_bytes_max) ==
        "The file is a PDF document of 33554433 bytes, but at most 33554432 bytes of one can be "
        "sent.");
  CHECK(limit(Content::text, text_bytes_max) ==
        "The file is a text of 4194305 bytes, but at most 4194304 bytes of one can be sent.");
}

TEST_CASE("datagrid plan: several faults of an item → the first counts") {
  CHECK(fault(file(Content::unknown, image_bytes_max * 2), 1)->code == ErrorCode::file_unsupported);
  CHECK(fault(file(Content::png, image_bytes_max * 2), 1)->code == ErrorCode::page_unsupported);
}

TEST_CASE("datagrid plan: more errors than are listed → all counted, every line there") {
  const auto without_files = [](std::size_t count) {
    Bytes lines;
    for (std::size_t i = 0; i < count; ++i) lines += line("c" + std::to_string(i), "f");
    return planned(lines, {});
  };
  using edgebatch::validation::errors_count_max;
  for (const std::size_t count : {errors_count_max - 1, errors_count_max, errors_count_max + 1}) {
    const ItemPlan plan = without_files(count);
    CHECK(plan.errors_count == count);
    CHECK(plan.errors.size() == std::min(count, errors_count_max));
    CHECK(plan.errors.back().line == std::min(count, errors_count_max));
    REQUIRE_FALSE(plan.index.empty());
    CHECK(plan.index.back().first + plan.index.back().count == count);
    CHECK(plan.index.back().byte_end == plan.lines.size());
  }
}

TEST_CASE("datagrid plan: many items → spans of the new lines, no byte in none or two") {
  Bytes lines;
  for (std::size_t i = 0; i < 1'234; ++i) lines += line("c" + std::to_string(i), "f");
  const ItemPlan plan = planned(lines, {{"f", file(Content::pdf, 9)}});
  std::uint32_t first = 0;
  std::uint64_t begin = 0;
  for (const IndexEntry& entry : plan.index) {
    CHECK(entry.first == first);
    CHECK(entry.byte_begin == begin);
    const View bytes = View(plan.lines).substr(begin, entry.byte_end - begin);
    CHECK(bytes.starts_with(R"({"custom_id":"c)" + std::to_string(first) + '"'));
    first += entry.count;
    begin = entry.byte_end;
  }
  CHECK(first == 1'234);
  CHECK(begin == plan.lines.size());
}

TEST_CASE("datagrid plan: a line that can't be read → an error, and a line that says so") {
  const ItemPlan plan = planned("nonsense\n" + line("a", "f"), {{"f", file(Content::png, 1)}});
  REQUIRE(plan.errors.size() == 1);
  CHECK(plan.errors.front().line == 1);
  CHECK(plan.errors.front().code == ErrorCode::invalid_json_line);
  CHECK(plan.index.front().count == 2);
}

TEST_CASE("datagrid plan: no lines, and one without its LF → as many items") {
  CHECK(planned("", {}).lines.empty());
  CHECK(planned("", {}).index.empty());
  const Bytes only = line("a", "f");
  CHECK(planned(View(only).substr(0, only.size() - 1), {{"f", file(Content::png, 1)}}).lines ==
        planned(only, {{"f", file(Content::png, 1)}}).lines);
}
