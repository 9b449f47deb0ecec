#include "core/dialects/datagrid/item_error.hpp"

#include <catch_amalgamated.hpp>

#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace {

using edgebatch::Bytes;
using edgebatch::View;
using edgebatch::Violation;
using edgebatch::validation::ErrorCode;
using edgebatch::validation::LineError;
using namespace edgebatch::dialects::datagrid;

LineError error(ErrorCode code, View param, View detail) {
  return {
      .line = 2, .code = code, .param = Bytes(param), .detail = Bytes(detail), .custom_id = "b"};
}

}  // namespace

TEST_CASE("item_error: a file that is missing → file_not_found") {
  const LineError missing = error(ErrorCode::file_not_found, "file_id", "file_9");
  CHECK(kind_of(missing).name == "file_not_found");
  CHECK(violation_of(missing) ==
        Violation{.pointer = "/items/1/file_id",
                  .code = "file_not_found",
                  .message = "There is no file 'file_9', or this batch may not read it. Upload it "
                             "with `POST /files` and use the id that is returned.",
                  .custom_id = "b"});
}

TEST_CASE("item_error: a file of no use, a page of what has none → unsupported_file_format") {
  const LineError unknown = error(ErrorCode::file_unsupported, "file_id", "empty");
  CHECK(kind_of(unknown).name == "unsupported_file_format");
  CHECK(violation_of(unknown) ==
        Violation{.pointer = "/items/1/file_id",
                  .code = "unsupported_file_format",
                  .message = "The file is empty. What can be sent: images (PNG, JPEG, WebP, GIF), "
                             "PDF documents, and text in UTF-8.",
                  .custom_id = "b"});
  const LineError paged = error(ErrorCode::page_unsupported, "page", "an image");
  CHECK(kind_of(paged).name == "unsupported_file_format");
  CHECK(violation_of(paged) ==
        Violation{.pointer = "/items/1/page",
                  .code = "unsupported_file_format",
                  .message = "The item asks for a page, but its file is an image: only PDF "
                             "documents have pages.",
                  .custom_id = "b"});
}

TEST_CASE("item_error: a file that is too large → batch_item_processing_failed, with its sizes") {
  const LineError large = error(ErrorCode::file_too_large, "file_id", "It is {detail} large.");
  CHECK(kind_of(large).name == "batch_item_processing_failed");
  CHECK(violation_of(large) == Violation{.pointer = "/items/1/file_id",
                                         .code = "file_too_large",
                                         .message = "It is {detail} large.",
                                         .custom_id = "b"});
}

TEST_CASE("item_error: codes of other dialects, no parameter, no line → still something to say") {
  LineError other = error(ErrorCode::model_mismatch, "", "x");
  CHECK(kind_of(other).name == "batch_item_processing_failed");
  CHECK(violation_of(other) == Violation{.pointer = "/items/1",
                                         .code = "invalid_item",
                                         .message = "The item can't be read.",
                                         .custom_id = "b"});
  other.line = 0;
  CHECK(violation_of(other).pointer.empty());
}
