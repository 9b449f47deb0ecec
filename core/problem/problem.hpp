// The catalogue of everything that can be wrong with a request. A dialect renders problems in its
// vendor's words; status and whether retrying helps are decided here, once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <variant>
#include <vector>

#include "core/text/bytes.hpp"

namespace edgebatch {

/// What `Problem::detail` holds is said at each that has one.
enum class ProblemCode : std::uint8_t {  // Stored in replies: append only.
  key_missing,
  key_unknown,
  route_not_found,     // Method and path: `GET /v1/nothing`.
  method_not_allowed,  // The methods that are: `GET, POST`.
  body_not_json,
  body_not_object,
  body_too_large,  // The limit in bytes.
  parameter_missing,
  parameter_type,   // `expected a string, but got an array instead`.
  parameter_value,  // A sentence: what it is, and what would be right (see `parameter.hpp`).
  form_expected,    // The content type that came.
  form_malformed,   // A sentence.
  file_part_missing,
  file_too_large,  // The limit in bytes.
  file_empty,
  file_name,      // A batch input whose name has another extension than .jsonl.
  file_not_json,  // A batch input whose first line isn't JSON.
  file_not_utf8,
  batch_not_found,        // Its id.
  file_not_found,         // Its id.
  batch_not_cancellable,  // Its status.
  cursor_unknown,         // The cursor.
  upload_interrupted,     // The body broke off.
  busy,                   // Seconds to wait; or nothing.
  unanswered,  // Something behind us didn't answer: it may have happened or not; ask again.
  upstream_unreachable,
  misconfigured,  // The operator's variables can't be read.
  internal,
  request_invalid,       // `violations` say what is wrong; the detail is empty or a sentence more.
  idempotency_conflict,  // The key.
  results_not_ready,     // The batch's status.
  results_gone,
  rate_limited,        // Seconds to wait.
  job_not_found,       // Its id.
  file_not_temporary,  // Its id.
};
constexpr std::size_t problems_count = 35;

/// One of the things that are wrong with the body of a request.
struct Violation {
  Bytes pointer;    // JSON Pointer (RFC 6901) to the place: `/items/1/custom_id`.
  Bytes code;       // For programs: `duplicate_custom_id`.
  Bytes message;    // For people: what it is, and what would be right.
  Bytes custom_id;  // Of the item that it belongs to, where there is one and it is known.

  bool operator==(const Violation&) const = default;
  static constexpr auto fields =
      std::tuple(&Violation::pointer, &Violation::code, &Violation::message, &Violation::custom_id);
};

struct Problem {
  ProblemCode code = ProblemCode::internal;
  Bytes param{};   // Which parameter is wrong: `metadata.tags`; empty for none.
  Bytes detail{};  // What the catalogue's message leaves open, as its code says.
  std::vector<Violation> violations{};  // All of them, where there may be several.

  bool operator==(const Problem&) const = default;
  static constexpr auto fields =
      std::tuple(&Problem::code, &Problem::param, &Problem::detail, &Problem::violations);
};

namespace problem {

struct Row {
  ProblemCode code;
  std::uint32_t status;  // HTTP.
  bool retry_helps;  // If not, a status that clients retry by themselves carries `x-should-retry:
                     // false`.
  View message;      // For dialects without words of their own; see `filled_in`.
};

/// The row of `internal` for a number that no problem has.
const Row& row(ProblemCode code);

/// Of a problem that retrying helps: after how many seconds, as `Retry-After` says it.
Bytes retry_after(const Problem& problem);

/// `text` with `{param}` and `{detail}` filled in.
Bytes filled_in(View text, const Problem& problem);

}  // namespace problem

/// A value, or why there is none.
template <class T>
using Or = std::variant<T, Problem>;

}  // namespace edgebatch
