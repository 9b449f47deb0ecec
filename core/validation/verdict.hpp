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
};

struct LineError {
  std::uint64_t line = 0;  // 1-based physical line; 0: the whole input.
  ErrorCode code = ErrorCode::invalid_json_line;
  Bytes param;        // The member that is wrong: `custom_id`, `body.model`; empty for none.
  Bytes detail;       // What goes into the message: the value found, the other line's number …
  Bytes custom_id{};  // Where a dialect's errors name it.

  bool operator==(const LineError&) const = default;
  static constexpr auto fields = std::tuple(&LineError::line, &LineError::code, &LineError::param,
                                            &LineError::detail, &LineError::custom_id);
};

struct Verdict {
  std::uint32_t items = 0;
  Bytes url;            // Of the first item …
  bool one_url = true;  // … and whether all others have the same.
  Bytes model;          // Of the first item (all others have the same, or there is an error).
  std::uint64_t errors_count = 0;
  std::vector<LineError> errors;  // The first `errors_count_max`, in the order of lines.
  bool starts_as_json = true;     // Whether the first line is one JSON value.
  bool utf8 = true;

  bool valid() const { return errors_count == 0; }
  static constexpr auto fields = std::tuple(
      &Verdict::items, &Verdict::url, &Verdict::one_url, &Verdict::model, &Verdict::errors_count,
      &Verdict::errors, &Verdict::starts_as_json, &Verdict::utf8);
};

/// The object beside an input.
struct Inspection {
  Verdict verdict;
  std::vector<IndexEntry> index;  // Empty if the verdict isn't valid.

  static constexpr auto fields = std::tuple(&Inspection::verdict, &Inspection::index);
};

}  // namespace edgebatch::validation
