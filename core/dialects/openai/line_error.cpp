#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/dialects/openai/endpoints.hpp"
#include "core/dialects/openai/error.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/nullable.hpp"
#include "core/json/grammar.hpp"
#include "core/json/writer.hpp"
#include "core/problem/excerpt.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/validation/line.hpp"
#include "core/validation/verdict.hpp"

namespace edgebatch::dialects::openai {

namespace {

using validation::ErrorCode;
using validation::LineError;

struct Words {
  ErrorCode code;
  View shown_code;
  View param;    // Shown where the error names none.
  View message;  // With `{param}` and `{detail}`.
};

// The vendor's codes and texts where they are known (contracts.md §4.5); the rest is ours.
constexpr auto table = [] {
  using enum ErrorCode;
  return std::to_array<Words>({
      {invalid_json_line, "invalid_json_line", "", "This line is not parseable as valid JSON."},
      {not_utf8, "invalid_encoding", "",
       "This line is not valid UTF-8 (byte {detail}). A batch input must be UTF-8."},
      {line_too_long, "line_too_long", "",
       "This line is too long: at most 16777216 bytes are taken."},
      {line_too_deep, "line_too_deep", "",
       "This line is nested too deeply (byte {detail}): at most 512 levels are taken."},
      {repeated_member, "repeated_parameter", "",
       "This line has a member twice (byte {detail}), and which of them is meant is undefined. "
       "Names must be unique."},
      {missing_member, "missing_required_parameter", "", "Missing required parameter: '{param}'."},
      {wrong_type, "invalid_type", "", "Invalid type for '{param}': {detail}."},
      {custom_id_too_long, "string_above_max_length", "custom_id",
       "Invalid 'custom_id': string too long. Expected at most 512 bytes of UTF-8."},
      {duplicate_custom_id, "duplicate_custom_id", "custom_id",
       "This custom_id was already used on line {detail}. Each must be unique in its file."},
      {method_not_post, "invalid_value", "method",
       "Invalid value: '{detail}'. Supported values are: 'POST'."},
      {url_unsupported, "invalid_url", "url", "Invalid value: '{detail}'. Supported values are: "},
      {url_mismatch, "invalid_url", "url",
       "The URL provided for this request does not match the batch endpoint."},
      {model_missing, "invalid_request", "body.model", "Model parameter is required."},
      {model_mismatch, "mismatched_model", "body.model",
       "The model of this request is not the one of the first valid line, '{detail}'. All "
       "requests of a file must have the same model."},
      {model_not_served, "model_not_found", "body.model",
       "The provided model '{detail}' is not supported by the Batch API."},
      {input_missing, "invalid_request", "", "{detail} parameter is required."},
      {streaming_unsupported, "streaming_unsupported", "body.stream",
       "{detail}: Streaming is not supported in the Batch API."},
      {too_many_items, "too_many_tasks", "",
       "The file has {detail} requests, but a batch takes at most 50000. This line is the first "
       "beyond the limit; those behind it were not checked."},
      {no_items, "empty_file", "", "The file has no requests. It must have one a line."},
      {file_not_found, "invalid_request", "file_id",
       "Cannot find file {detail}, or your organization does not have access to it."},
      {file_wrong_purpose, "invalid_request", "file_id",
       "File {detail} can't be the input of a batch: it was not uploaded with purpose 'batch'."},
      {file_unsupported, "invalid_request", "file_id", "{detail}"},
      {page_unsupported, "invalid_request", "page", "{detail}"},
      {file_too_large, "invalid_request", "file_id", "{detail}"},
      {job_model_mismatch, "mismatched_model", "body.model",
       "The model of this request is not that of the batch's job, '{detail}'. All requests of a "
       "job must have its model."},
  });
}();

constexpr std::size_t index(ErrorCode code) { return static_cast<std::size_t>(code); }

constexpr bool rows_follow_the_enum() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (index(table[i].code) != i) return false;
  return true;
}
static_assert(rows_follow_the_enum());
static_assert(index(ErrorCode::job_model_mismatch) + 1 == table.size());

// Limits that stand in the texts.
static_assert(validation::line_bytes_max == 16'777'216);
static_assert(json::nesting_max == 512);
static_assert(custom_id_bytes_max == 512);
static_assert(input_items_max == 50'000);

// Stored codes are decoded from rows; a number that no error has says that the line is bad, no
// more.
const Words& words(ErrorCode code) {
  return index(code) < table.size() ? table[index(code)] : table.front();
}

Bytes capitalized(Bytes word) {
  if (!word.empty() && word.front() >= 'a' && word.front() <= 'z')
    word.front() = static_cast<char>(word.front() - 'a' + 'A');
  return word;
}

Bytes message(const LineError& error, View param) {
  Problem filled{ProblemCode::parameter_value, Bytes(param), error.detail};
  if (error.code == ErrorCode::wrong_type && param.empty())
    return "This line must be a JSON object.";
  if (error.code == ErrorCode::input_missing) filled.detail = capitalized(error.detail);
  Bytes text = problem::filled_in(words(error.code).message, filled);
  if (error.code == ErrorCode::url_unsupported) {
    const auto urls = endpoints();
    text.append(problem::quoted_list({urls.begin(), urls.end()})).append(".");
  }
  return text;
}

}  // namespace

void append_line_error(json::Writer& out, const LineError& error) {
  const View param = error.param.empty() ? words(error.code).param : View(error.param);
  const auto line =
      error.line == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(error.line));
  out.begin_object()
      .member("code", words(error.code).shown_code)
      .integer_member("line", line)
      .member("message", message(error, param))
      .member("param", nullable(param))
      .end_object();
}

}  // namespace edgebatch::dialects::openai
