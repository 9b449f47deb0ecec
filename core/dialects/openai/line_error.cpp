#include "core/dialects/openai/line_error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/dialects/openai/endpoints.hpp"
#include "core/dialects/openai/input.hpp"
#include "core/dialects/openai/nullable.hpp"
#include "core/json/grammar.hpp"
#include "core/json/writer.hpp"
#include "core/problem/excerpt.hpp"
#include "core/problem/problem.hpp"
#include "core/text/bytes.hpp"
#include "core/text/number.hpp"
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
  View message;  // What is wrong, with `{param}` and `{detail}` …
  View hint;     // … and what would be right.
};

// The vendor's codes and texts where they are known (contracts.md §4.5); the rest is ours.
constexpr auto table = [] {
  using enum ErrorCode;
  return std::to_array<Words>({
      {invalid_json_line, "invalid_json_line", "", "This line is not parseable as valid JSON.",
       "{detail}"},
      {not_utf8, "invalid_encoding", "",
       "This line is not valid UTF-8. A batch input must be UTF-8.",
       "Write the file as UTF-8: the bytes here are no character, or half of one."},
      {line_too_long, "line_too_long", "",
       "This line is too long: at most 16777216 bytes are taken.",
       "Split the request, or refer to large images and files by URL or id."},
      {line_too_deep, "line_too_deep", "",
       "This line is nested too deeply: at most 512 levels are taken.",
       "Flatten the value that opens here."},
      {repeated_member, "repeated_parameter", "",
       "'{detail}' stands twice in this line, and which of them is meant is undefined. Names must "
       "be unique.",
       "Remove one of the two members."},
      {missing_member, "missing_required_parameter", "", "Missing required parameter: '{param}'.",
       "Add '{param}', and don't leave it empty."},
      {wrong_type, "invalid_type", "", "Invalid type for '{param}': {detail}.",
       "Change the value's type."},
      {custom_id_too_long, "string_above_max_length", "custom_id",
       "Invalid 'custom_id': string too long. Expected at most 512 bytes of UTF-8.",
       "Shorten it, or use a hash of it."},
      {duplicate_custom_id, "duplicate_custom_id", "custom_id",
       "This custom_id was already used on line {detail}. Each must be unique in its file.",
       "Give one of the two lines another custom_id, or remove it."},
      {method_not_post, "invalid_value", "method",
       "Invalid value: '{detail}'. Supported values are: 'POST'.", "Write \"POST\"."},
      {url_unsupported, "invalid_url", "url", "Invalid value: '{detail}'. Supported values are: ",
       "Write the path of one of these endpoints, with '/v1' and without a host."},
      {url_mismatch, "invalid_url", "url",
       "The URL provided for this request does not match the batch endpoint.",
       "Use the batch's endpoint on every line, or create the batch for this one."},
      {model_missing, "invalid_request", "body.model", "Model parameter is required.",
       "Add 'model' to 'body'."},
      {model_mismatch, "mismatched_model", "body.model",
       "The model of this request is not the one of the first valid line, '{detail}'. All "
       "requests of a file must have the same model.",
       "Put the requests of each model into a file of their own."},
      {model_not_served, "model_not_found", "body.model",
       "The provided model '{detail}' is not supported by the Batch API.",
       "GET /v1/models lists the models that are."},
      {input_missing, "invalid_request", "", "{detail} parameter is required.",
       "Add '{param}', and don't leave it null."},
      {streaming_unsupported, "streaming_unsupported", "body.stream",
       "{detail}: Streaming is not supported in the Batch API.",
       "Remove 'stream', or set it to false."},
      {too_many_items, "too_many_tasks", "",
       "The file has {detail} requests, but a batch takes at most 50000. This line is the first "
       "beyond the limit; those behind it were not checked.",
       "Split the file."},
      {no_items, "empty_file", "", "The file has no requests. It must have one a line.",
       "Write one JSON object a line."},
      {file_not_found, "invalid_request", "file_id",
       "Cannot find file {detail}, or your organization does not have access to it.", ""},
      {file_wrong_purpose, "invalid_request", "file_id",
       "File {detail} can't be the input of a batch: it was not uploaded with purpose 'batch'.",
       ""},
      {file_unsupported, "invalid_request", "file_id", "{detail}", ""},
      {page_unsupported, "invalid_request", "page", "{detail}", ""},
      {file_too_large, "invalid_request", "file_id", "{detail}", ""},
      {job_model_mismatch, "mismatched_model", "body.model",
       "The model of this request is not that of the batch's job, '{detail}'. All requests of a "
       "job must have its model.",
       "Use the job's model, or another job."},
      {too_many_members, "too_many_parameters", "",
       "An object of this line has too many members: at most 128 are taken besides those that "
       "every request has.",
       "No provider has so many parameters: nest data in a member of its own."},
      {blank_line, "invalid_json_line", "",
       "This line is blank. Only the end of a file may have blank lines.", "Remove it."},
  });
}();

// What would have been right where a line isn't JSON, by json::Wanted.
constexpr auto hints = [] {
  using enum json::Wanted;
  return std::to_array<std::pair<json::Wanted, View>>({
      {value,
       "A value has to stand here: an object, an array, a string in double quotes, a number, true, "
       "false or null. There is no NaN, and no comma behind the last element."},
      {name,
       "A name in double quotes has to stand here. No comma may stand behind the last member."},
      {name_or_end, "A name in double quotes, or '}', has to stand here."},
      {colon, "A colon has to stand here, between a name and its value."},
      {comma_or_brace, "A comma, or the '}' that ends the object, has to stand here."},
      {comma_or_bracket, "A comma, or the ']' that ends the array, has to stand here."},
      {end_of_text, "The line's value is complete: nothing but blanks may follow on the line."},
      {character,
       "The string's closing quote is missing, or a control character stands in it that has to be "
       "written as an escape (a line feed as \\n)."},
      {escape,
       "Behind a backslash only \" \\ / b f n r t and u may stand: write a backslash as \\\\."},
      {hex_digit, "Four hexadecimal digits have to follow \\u."},
      {digit, "A digit has to stand here."},
      {literal, "Only true, false and null are written without quotes, in lower case."},
  });
}();

constexpr std::size_t index(ErrorCode code) { return static_cast<std::size_t>(code); }

constexpr bool rows_follow_the_enum() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (index(table[i].code) != i) return false;
  return true;
}
static_assert(rows_follow_the_enum());
static_assert(index(ErrorCode::blank_line) + 1 == table.size());

constexpr bool hints_follow_the_enum() {
  for (std::size_t i = 0; i < hints.size(); ++i)
    if (static_cast<std::size_t>(hints[i].first) != i) return false;
  return true;
}
static_assert(hints_follow_the_enum());
static_assert(static_cast<std::size_t>(json::Wanted::literal) + 1 == hints.size());

// Limits that stand in the texts.
static_assert(validation::line_bytes_max == 16'777'216);
static_assert(validation::other_members_count_max == 128);
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

View param_of(const LineError& error) {
  return error.param.empty() ? words(error.code).param : View(error.param);
}

}  // namespace

View shown_code(const LineError& error) { return words(error.code).shown_code; }

Bytes message(const LineError& error) {
  const View param = param_of(error);
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

Bytes hint(const LineError& error) {
  if (error.code == ErrorCode::invalid_json_line) {
    const auto wanted = text::parse_decimal(error.detail).value_or(0);
    return Bytes(hints[wanted < hints.size() ? static_cast<std::size_t>(wanted) : 0].second);
  }
  return problem::filled_in(words(error.code).hint,
                            {ProblemCode::parameter_value, Bytes(param_of(error)), error.detail});
}

void append_line_error(json::Writer& out, const LineError& error) {
  const auto line =
      error.line == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(error.line));
  out.begin_object()
      .member("code", shown_code(error))
      .integer_member("line", line)
      .member("message", message(error))
      .member("param", nullable(param_of(error)))
      .end_object();
}

}  // namespace edgebatch::dialects::openai
