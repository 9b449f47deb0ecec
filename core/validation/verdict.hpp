// What is known of an input once it has streamed past: is it valid, where not, where its items lie.
// Computed once, kept beside the input.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "core/text/bytes.hpp"
#include "core/validation/index.hpp"

namespace edgebatch::validation {

constexpr std::size_t errors_count_max = 1'000;  // Listed; more are only counted.

enum class ErrorCode : std::uint8_t {  // Stored: append only.
  invalid_json_line,
  not_utf8,
  line_too_long,
  line_too_deep,
  repeated_member,
  missing_member,
  wrong_type,
  custom_id_too_long,
  duplicate_custom_id,
  method_not_post,
  url_unsupported,
  url_mismatch,
  model_missing,
  model_mismatch,
  model_not_served,
  input_missing,  // messages, input or prompt, as the url demands
  streaming_unsupported,
  too_many_items,
  no_items,
  file_not_found,  // Of the batch, not of a line: line 0.
  file_wrong_purpose,
  file_unsupported,    // Of an item's file: nothing that a model can be sent. Detail: what it is.
  page_unsupported,    // The item asks for a page of what has none. Detail: what it is.
  file_too_large,      // Detail: what it is, its size and the limit, as a sentence.
  job_model_mismatch,  // The batch's job has another model. Detail: that one.
  too_many_members,
  blank_line,
};

/// Something that is wrong with an input, and where.
struct LineError {
  std::uint64_t line = 0;  // 1-based physical line; 0: the whole input.
  ErrorCode code = ErrorCode::invalid_json_line;
  Bytes param{};      // The member that is wrong: `custom_id`, `body.model`; empty for none.
  Bytes detail{};     // What goes into the message: the value found, a limit, a number …
  Bytes custom_id{};  // Where a dialect's errors name it.

  // Of an input's lines: where in the line, counted from 1 in bytes and in code points (0:
  // nowhere), and in the stream, in bytes.
  std::uint64_t byte_column = 0;
  std::uint64_t column = 0;
  std::uint64_t offset = 0;
  Bytes pointer{};               // JSON Pointer into the line: to what is wrong, or what it misses.
  std::uint64_t first_line = 0;  // Of a custom_id or a model: the line with the first one.

  bool operator==(const LineError&) const = default;
  static constexpr auto fields =
      std::tuple(&LineError::line, &LineError::code, &LineError::param, &LineError::detail,
                 &LineError::custom_id, &LineError::byte_column, &LineError::column,
                 &LineError::offset, &LineError::pointer, &LineError::first_line);
};

/// How many items have it.
struct Counted {
  Bytes value;
  std::uint32_t items = 0;

  bool operator==(const Counted&) const = default;
  static constexpr auto fields = std::tuple(&Counted::value, &Counted::items);
};

constexpr std::size_t kinds_count_max = 16;  // Urls, and models, that a verdict lists.

struct Verdict {
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;  // Physical ones, blank ones included.
  std::uint32_t items = 0;
  Bytes url;                  // Of the first item …
  bool one_url = true;        // … and whether all others have the same.
  Bytes model;                // Of the first item (all others have the same, or there is an error).
  std::vector<Counted> urls;  // Of all lines that have one, in the order of first sight: the first
  std::vector<Counted> models;     // `kinds_count_max`.
  std::uint64_t input_tokens = 0;  // An estimate, see `input_tokens_estimate`.
  std::uint64_t errors_count = 0;
  std::vector<LineError> errors;  // The first `errors_count_max`, in the order of lines.
  bool starts_as_json = true;     // Whether the first line is one JSON value.
  bool utf8 = true;

  bool valid() const { return errors_count == 0; }
  static constexpr auto fields = std::tuple(
      &Verdict::bytes, &Verdict::lines, &Verdict::items, &Verdict::url, &Verdict::one_url,
      &Verdict::model, &Verdict::urls, &Verdict::models, &Verdict::input_tokens,
      &Verdict::errors_count, &Verdict::errors, &Verdict::starts_as_json, &Verdict::utf8);
};

/// Of an item whose input (messages, input, prompt: as it stands in the line) has so many bytes:
/// four bytes a token, as English prose has it on average. JSON's punctuation, role names and
/// escapes are counted along, other languages have fewer bytes a token, and images in the input
/// (base64) count as text, so it is an order of magnitude.
constexpr std::uint64_t input_tokens_estimate(std::uint64_t bytes) { return (bytes + 3) / 4; }

/// The object beside an input.
struct Inspection {
  Verdict verdict;
  std::vector<IndexEntry> index;  // Empty if the verdict isn't valid.

  static constexpr auto fields = std::tuple(&Inspection::verdict, &Inspection::index);
};

}  // namespace edgebatch::validation
