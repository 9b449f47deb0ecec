#include "core/dialects/datagrid/item_error.hpp"

#include <array>
#include <cstddef>

#include "core/dialects/datagrid/problem_details.hpp"
#include "core/json/pointer.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::datagrid {

using validation::ErrorCode;
using validation::LineError;

namespace {

struct Words {
  ErrorCode code;
  Kind kind;
  View shown_code;
  View message;  // With `{detail}`.
};

// What the plan finds.
constexpr auto table = std::to_array<Words>({
    {ErrorCode::file_not_found, kinds::file_not_found, "file_not_found",
     "There is no file '{detail}', or this batch may not read it. Upload it with `POST /files` and "
     "use the id that is returned."},
    {ErrorCode::file_unsupported, kinds::unsupported_file_format, "unsupported_file_format",
     "The file is {detail}. What can be sent: images (PNG, JPEG, WebP, GIF), PDF documents, and "
     "text in UTF-8."},
    {ErrorCode::page_unsupported, kinds::unsupported_file_format, "unsupported_file_format",
     "The item asks for a page, but its file is {detail}: only PDF documents have pages."},
    {ErrorCode::file_too_large, kinds::batch_item_processing_failed, "file_too_large", "{detail}"},
});

constexpr Words other{ErrorCode::invalid_json_line, kinds::batch_item_processing_failed,
                      "invalid_item", "The item can't be read."};

const Words& words(ErrorCode code) {
  for (const Words& row : table)
    if (row.code == code) return row;
  return other;
}

Bytes pointer_of(const LineError& error) {
  if (error.line == 0) return {};
  const Bytes item = json::element_pointer("/items", static_cast<std::size_t>(error.line - 1));
  return error.param.empty() ? item : json::member_pointer(item, error.param);
}

}  // namespace

Kind kind_of(const LineError& error) { return words(error.code).kind; }

Bytes message(const LineError& error) {
  return problem::filled_in(words(error.code).message,
                            {.code = ProblemCode::parameter_value, .detail = error.detail});
}

Violation violation_of(const LineError& error) {
  return {.pointer = pointer_of(error),
          .code = Bytes(words(error.code).shown_code),
          .message = message(error),
          .custom_id = error.custom_id};
}

}  // namespace edgebatch::dialects::datagrid
